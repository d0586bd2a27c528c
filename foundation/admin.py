"""What the administration pages of several rooms have in common.

They say where things stand, and never what somebody wrote, why, or whom it concerns in confidence: words of contents,
reasons, reports, letters and appeals, their authors, reporters and recipients stand in no list, page, search, filter or
name of a row (C1, C9, F1, J6). Who may read them does so on the page of the case, which keeps who did. A test walks
through every page with such words in every row (tests/cases/test_discreet_admin.py).
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


def without_words(error: str) -> str:
    """Which kind of error it was, as work keeps it ("ValueError: …"): what follows may repeat whatever it choked on."""
    kind, colon, _words = error.partition(":")
    return kind if colon and kind.isidentifier() else "…" if error else ""


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Evidence and records: looked at, never added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
