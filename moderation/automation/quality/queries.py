"""The versions of classifiers, their reports, and where people disagreed with them."""

import uuid

from django.db.models import QuerySet

from accounts.models import User
from moderation.automation.quality.labels import Labelled, labels
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.scoring.bias import find_version
from moderation.scoring.items import OF_TEXTS
from moderation.scoring.models import BiasReport, Classifier, Score


def versions() -> QuerySet[Classifier]:
    """Every version that is or was configured, by name, the newest first; two queries."""
    return Classifier.objects.prefetch_related("labels__clause").order_by("name", "-version")


def version(code: str) -> Classifier | None:
    """The version of a code, such as text@1."""
    return find_version(code) if "@" in code else None


def reads_texts(row: Classifier) -> bool:
    """Whether bias can be measured of it."""
    return row.kind in OF_TEXTS


def labels_of(row: Classifier) -> list[str]:
    """Its labels: as configured, else as it says them; one query more for the latter."""
    configured = [one.name for one in row.labels.all()]
    if configured:
        return configured
    newest = Score.objects.filter(revision__classifier=row.code).order_by("-pk").values_list("label", flat=True)
    return sorted(set(newest[:200]))


def bias_reports(row: Classifier) -> QuerySet[BiasReport]:
    """The reports of a version, without the files."""
    return BiasReport.objects.filter(classifier=row).select_related("asked_by", "revision").defer("data")


def bias_report(public_id: uuid.UUID) -> BiasReport | None:
    """One report with its version, without the file."""
    rows = BiasReport.objects.select_related("classifier", "asked_by", "revision").defer("data")
    return rows.filter(public_id=public_id).first()


def disagreements(row: Classifier, label: str, person: User, most: int) -> list[Labelled]:
    """The newest decisions that say otherwise than the classifier, in cases that `person` may see; three queries."""
    # More than are shown, because some may lie in lanes that this person does not see.
    found = labels(row.code, label, disagreed=True, most=5 * most)
    seen = open_to(Case.objects.filter(public_id__in=[one.case for one in found]), person)
    allowed = set(seen.values_list("public_id", flat=True))
    return [one for one in found if one.case in allowed][:most]
