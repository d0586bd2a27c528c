"""The questions of a review (A9): where it comes from, how its developers handle it, who is represented, its reach."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from classifiers.files.pipeline import Signal
from moderation.cases.models import Case
from repositories.card.categories import Category, categories_of
from repositories.card.licenses import License, license_of
from repositories.lineage import Lineage, lineage_of
from repositories.models import Gating, Repository
from repositories.signals import signals_of
from repositories.trending import EPOCH, HALF_LIFE
from repositories.undocumented import TOPICS


@dataclass(frozen=True)
class Questions:
    """The answers for the repository a case is about or lies in; `itself` is false for what only lies in it.

    `consents` says whether the card claims that the people in it agreed; `lineage` counts what was built on it.
    `activity` is what likes and downloads of these weeks add up to, as the trend counts them.
    """

    home: Repository
    itself: bool
    lineage: Lineage
    license: License | None
    documented: list[Any]
    missing: list[Any]
    signals: list[Signal]
    categories: list[Category]
    gated: bool
    activity: float

    @property
    def consents(self) -> bool:
        return any(one.slug == "consentful" for one in self.categories)


def questions_of(case: Case, viewer: User, now: datetime) -> Questions | None:
    """The answers for the repository of `case`; None for people and organizations. Three queries at most."""
    home = case.subject.home
    if home is None:
        return None
    missing = [topic for topic in TOPICS if topic in home.missing_documentation]
    return Questions(
        home=home,
        itself=case.subject.repository_id is not None,
        lineage=lineage_of(home, viewer),
        license=license_of(home.license) if home.license else None,
        documented=[TOPICS[topic] for topic in TOPICS if topic not in missing],
        missing=[TOPICS[topic] for topic in missing],
        signals=signals_of(home),
        categories=categories_of(home.ethical_categories),
        gated=home.gating != Gating.NONE,
        activity=_activity(home, now),
    )


def _activity(home: Repository, now: datetime) -> float:
    """The decayed sum whose logarithm is stored (see repositories/trending.py); 0 for none, never past a float."""
    if not home.trending:
        return 0.0
    return math.pow(2.0, min(home.trending - (now - EPOCH) / HALF_LIFE, 60.0))
