"""Asking for a report: by a person for a file that they send, or by the command for one on the disk."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import system_actor
from classifiers.evaluation.measuring import How
from classifiers.evaluation.rows import BadFile
from foundation import bells
from foundation.errors import Refused
from moderation.scoring.bias.work import measure_one
from moderation.scoring.configured import configured
from moderation.scoring.items import OF_TEXTS
from moderation.scoring.loading import loaded
from moderation.scoring.models import BiasReport, Classifier
from moderation.scoring.secrecy import require_thresholds

MOST_BYTES = 16 * 1024 * 1024
# What a person may ask a worker for in one go: more is for the command.
MOST_ROWS = 20_000
WAITING = 5


@transaction.atomic
def ask(
    classifier: Classifier, name: str, data: bytes, how: How, *, actor: User, request_id: uuid.UUID | None = None
) -> BiasReport:
    """Have a worker measure `classifier` on a file; returns the row that will hold the figures.

    Raises Forbidden, and Refused for what reads no texts, too large a file, or when enough waits already.
    """
    require_thresholds(actor)
    if classifier.kind not in OF_TEXTS:
        raise Refused(_("This classifier reads no texts: nothing can be said about groups that a text names."))
    if not data or len(data) > MOST_BYTES:
        size = MOST_BYTES // 1024**2
        raise Refused(_("Send a file with rows, of at most %(size)s MB.") % {"size": size}, code="too_large")
    if BiasReport.objects.filter(classifier=classifier, done_at=None).count() >= WAITING:
        raise Refused(_("Enough reports of this classifier are being made: wait until they are."), code="busy")
    row = BiasReport.objects.create(
        public_id=request_id or uuid.uuid4(),  # by which a repeated request finds it
        classifier=classifier,
        asked_by=actor,
        file=Path(name.replace("\x00", "")).name[-200:] or "rows.csv",
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        how=asdict(how),
    )
    bells.ring("measure_bias")
    return row


def find_version(said: str) -> Classifier | None:
    """The version that a code names (text@1), or of a name the active one; None where there is none."""
    name, _at, version = said.partition("@")
    rows = Classifier.objects.prefetch_related("labels").filter(name=name)
    if version:
        return rows.filter(version=version).first() if version.isascii() and version.isdecimal() else None
    return rows.filter(state=Classifier.State.ACTIVE).first()


def keep_from_command(said: str, path: Path, how_of: Callable[[Sequence[str]], How]) -> str:
    """Measure the classifier `said` on the file at `path` here and now, and keep it; returns what to tell.

    Whoever stops it leaves the rest to a worker. Raises CommandError.
    """
    configured()  # what the settings declare has its rows from here on
    row = find_version(said)
    if row is None:
        codes = ", ".join(str(one) for one in Classifier.objects.all())
        raise CommandError(f"There is no classifier “{said}” in use. There is: {codes or 'none'}.")
    classifier = loaded(row)
    if classifier is None:
        raise CommandError(f"{row} cannot be loaded: {row.failure}")
    try:
        report = ask(row, path.name, path.read_bytes(), how_of(classifier.labels), actor=system_actor())
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}): give a CSV or JSON lines file.") from None
    except (BadFile, Refused) as error:
        raise CommandError(str(error)) from None
    measure_one(report.pk)
    report.refresh_from_db()
    if report.refusal:
        raise CommandError(report.refusal)
    if report.done_at is None:
        raise CommandError(f"It could not be measured yet, a worker will try again: {report.last_error or 'it waits'}")
    return f"{row} on {report.file} is kept as {report.public_id}."
