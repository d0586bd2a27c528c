"""Loaded classifiers of this process, and what becomes of one that cannot be loaded: it disables itself, loudly (H2).

Its requests wait until it is mended: by an administrator, or by itself when it can be loaded at a later try.
"""

import logging
from datetime import timedelta
from threading import Lock

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.queries import system_actor
from classifiers import registry
from classifiers.contract import CannotLoad, Specification
from classifiers.contract import Classifier as LoadedClassifier
from foundation import clock
from foundation.clock import Now
from foundation.work import said
from moderation.scoring.known import with_hashes
from moderation.scoring.models import Classifier
from moderation.scoring.terms.compiled import with_terms
from moderation.scoring.wording import with_clauses

logger = logging.getLogger(__name__)
# After so long a classifier that could not be loaded is tried again: a disk or a hub may be back.
TRY_AGAIN = timedelta(minutes=10)
_loaded: dict[str, tuple[Specification, LoadedClassifier]] = {}
_lock = Lock()


def loaded(row: Classifier) -> LoadedClassifier | None:
    """The classifier of `row`, loaded once per process and anew when its specification changed; None while disabled.

    Outside of a transaction, because a failure is written at once.
    """
    waits = bool(row.failure and row.failed_at and clock.now() < row.failed_at + TRY_AGAIN)
    if waits and row.code not in _loaded:
        return None
    spec = with_clauses(with_hashes(with_terms(row.specification)))
    with _lock:
        known = _loaded.get(row.code)
        if waits:
            # Another process could not load it: that is no reason to stop where it works.
            return known[1] if known and known[0] == spec else None
        if known is None or known[0] != spec:
            _loaded.pop(row.code, None)  # its memory first
            try:
                known = _loaded[row.code] = spec, registry.load(spec)
            except CannotLoad as error:
                disable(row, str(error))
                return None
        if row.failure:
            mend(row)
        return known[1]


def keep_only(codes: set[str]) -> None:
    """Forget the loaded classifiers of other versions: what is retired needs no memory."""
    with _lock:
        for code in set(_loaded) - codes:
            del _loaded[code]


def disable(row: Classifier, reason: str) -> None:
    """Note why `row` cannot be loaded, where administrators see it, and write to them at the first time."""
    reason = said(CannotLoad(reason)).removeprefix("CannotLoad: ")
    logger.error("The classifier %s is disabled, its requests wait: %s", row.code, reason)
    with transaction.atomic():
        first = Classifier.objects.filter(pk=row.pk, failure="").update(failure=reason, failed_at=Now())
        if first:
            _tell_administrators(row, reason)
        else:
            Classifier.objects.filter(pk=row.pk).update(failure=reason, failed_at=Now())
    row.failure, row.failed_at = reason, clock.now()


def mend(row: Classifier) -> None:
    """`row` can be loaded again, or is to be tried at once: what waited for it is scored."""
    if Classifier.objects.filter(pk=row.pk).exclude(failure="").update(failure="", failed_at=None):
        logger.warning("The classifier %s is no longer disabled.", row.code)
    row.failure, row.failed_at = "", None


def _tell_administrators(row: Classifier, reason: str) -> None:
    """A letter to each, at most one a day for a version."""
    now = clock.now()
    people = get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk")
    for person in people:
        with translation.override(person.language or None):
            write_to(
                person,
                key=f"classifier:{row.code}:{now.date().isoformat()}",
                subject=_("The classifier %(code)s is disabled") % {"code": row.code},
                body=_(
                    "It could not be loaded, so nothing is scored by it. What waits for it is kept, and scored when it "
                    "is mended."
                )
                + f"\n\n    {reason}",
                link=reverse("admin:scoring_classifier_change", args=[row.pk]),
                link_label=_("Look at it"),
                actor=system_actor(),
            )
