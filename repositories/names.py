"""Which names and paths a repository may have."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[-.](?![-.])){0,94}[A-Za-z0-9_]|[A-Za-z0-9_]")


def clean_repository_name(name: str) -> str:
    """`name` when a repository may be called so. Raises ValidationError saying what is wrong."""
    if not NAME.fullmatch(name) or name.lower().endswith((".git", ".ipynb")):
        raise ValidationError(
            _("Use 1 to 96 letters, digits, “-”, “_” or “.”; no two signs in a row, no ending in “.git”."),
            code="invalid",
        )
    return name


def clean_path(path: str) -> str:
    """`path` when a file may lie there. Raises ValidationError for anything that could leave the repository."""
    parts = path.split("/")
    unsafe = any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    if unsafe or "\\" in path or len(path) > 512 or any(ord(character) < 32 for character in path):
        raise ValidationError(_("“%(path)s” is not a path of a file."), code="invalid", params={"path": path[:100]})
    return path
