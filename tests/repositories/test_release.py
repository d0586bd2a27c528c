"""A release in stages holds by the database's clock, whoever looks and whether or not anything was stored (A7)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.queries import system_actor
from foundation.errors import Refused
from repositories.access import access, seen_by
from repositories.actions import restrict
from repositories.actions.release import begin_stage, narrow
from repositories.actions.stages import store_due_stages
from repositories.models import Repository, Stage
from repositories.queries import find, listed_for, listed_parts
from repositories.steps import Step
from tests.repositories.releasing import START, plan

KINDS = list(Stage.Kind)
WIDTH: dict[str, int] = {kind: number for number, kind in enumerate(KINDS)}


@dataclass
class Model:
    """What the requirement says, in a few lines: the widest step that was begun or whose date came holds."""

    dates: dict[str, int | None]  # hours after START
    begun: set[str]
    restriction: tuple[str, int | None] | None
    hour: int = 0

    @property
    def holding(self) -> str:
        dated = {kind for kind, hour in self.dates.items() if hour is not None and hour <= self.hour}
        return max(self.begun | dated, key=lambda kind: WIDTH[kind])

    def settle(self) -> None:
        """What came by its date has begun; narrower steps that nobody began are over."""
        for kind in self.dates:
            if kind not in self.begun and WIDTH[kind] <= WIDTH[self.holding]:
                if self.dates[kind] is not None and self.dates[kind] <= self.hour:
                    self.begun.add(kind)
                elif kind != self.holding:
                    self.dates[kind] = None

    def begin(self, kind: str) -> None:
        self.settle()
        self.begun.add(kind)
        self.settle()

    def narrow(self, kind: str) -> None:
        self.settle()
        for later in self.dates:
            if WIDTH[later] > WIDTH[kind]:
                self.begun.discard(later)
                if self.dates[later] is not None and self.dates[later] <= self.hour:
                    self.dates[later] = None
        self.begun.add(kind)
        self.settle()

    def restricted(self) -> str:
        kind, ends = self.restriction or ("", None)
        return kind if ends is None or ends > self.hour else ""

    def reads(self, who: str) -> bool:
        named = {"named": "people", "fellow": "organization"}.get(who)
        return named in self.dates and WIDTH[self.holding] >= WIDTH[named]

    def expected(self, who: str) -> tuple[bool, bool, bool]:
        """Whether `who` sees the page, has the files, finds it in lists."""
        if who == "member":
            return True, True, True
        everybody, restricted = self.holding in ("gated", "public"), self.restricted()
        see = everybody or self.reads(who)
        files = (self.holding == "public" or self.reads(who)) and restricted != "disabled"
        return see, files, see and (not restricted or who == "moderator")


def steps_of(dates):
    return [
        Step(
            kind,
            START + timedelta(hours=hour) if hour is not None else None,
            people=("Named",) if kind == "people" else (),
            organizations=("delta-lab",) if kind == "organization" else (),
        )
        for kind, hour in dates.items()
    ]


@st.composite
def plans(draw):
    """Kinds that widen, with the hours at which they begin; the first one at once."""
    kinds = draw(st.sets(st.sampled_from(KINDS), min_size=2).map(lambda some: sorted(some, key=WIDTH.get)))
    hours = sorted(draw(st.sets(st.integers(1, 8), min_size=len(kinds), max_size=len(kinds))))
    return {kind: None if number == 0 or draw(st.booleans()) else hours[number] for number, kind in enumerate(kinds)}


RESTRICTION = st.none() | st.tuples(st.sampled_from(["downgraded", "disabled"]), st.none() | st.integers(1, 8))
MOVES = st.lists(
    st.tuples(st.just("wait"), st.integers(1, 3))
    | st.tuples(st.sampled_from(["begin", "narrow"]), st.sampled_from(KINDS))
    | st.tuples(st.just("sweep"), st.none()),
    max_size=5,
)


def look(repository, person):
    """What this viewer gets by every way there is."""
    fresh = Repository.objects.get(pk=repository.pk)
    found = access(fresh, person)
    seen = Repository.objects.filter(seen_by(person), pk=repository.pk).exists()
    try:
        find("model", "mekong-lab", "ours", person)
    except Refused:
        by_address = False
    else:
        by_address = True
    assert found.see == seen == by_address
    in_parts = [part.filter(pk=repository.pk).count() for part in listed_parts(person)]
    listed = listed_for(person).filter(pk=repository.pk).count()
    assert listed == sum(in_parts) <= 1
    return found.see, found.files, listed == 1


def agree(repository, people, model, sign_in):
    for who, person in people.items():
        expected = model.expected(who)
        assert look(repository, person) == expected, (who, model.holding)
    # The pages themselves, for somebody whom the steps concern.
    see, files, _listed = model.expected("named")
    page, client = repository.get_absolute_url(), sign_in(people["named"])
    assert client.get(page).status_code == (200 if see else 404)
    assert client.get(f"{page}/raw/README.md").status_code == (200 if files else 403 if see else 404)


@pytest.mark.slow
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(dates=plans(), restriction=RESTRICTION, moves=MOVES)
def test_whoever_looks_sees_what_the_plan_says(ours, people, sign_in, owner, set_clock, dates, restriction, moves):
    with transaction.atomic():
        set_clock(START)
        first = next(iter(dates))
        model = Model(dict(dates), {first}, restriction)
        if restriction:
            kind, ends = restriction
            ends_at = START + timedelta(hours=ends) if ends else None
            restrict(ours, kind=kind, reason="Why.", actor=system_actor(), ends_at=ends_at)
        plan(ours, owner, *steps_of(dates))
        agree(ours, people, model, sign_in)
        for move, value in [*moves, ("wait", 8)]:
            if move == "wait":
                model.hour += value
                set_clock(START + timedelta(hours=model.hour))
            elif move == "sweep":
                store_due_stages()
                model.settle()
            elif value in model.dates and WIDTH[value] >= WIDTH[model.holding] and move == "begin":
                begin_stage(ours, value, actor=owner)
                model.begin(value)
            elif value in model.dates and WIDTH[value] <= WIDTH[model.holding] and move == "narrow":
                narrow(ours, value, actor=owner)
                model.narrow(value)
            agree(ours, people, model, sign_in)
        store_due_stages()
        agree(ours, people, model, sign_in)
        assert store_due_stages() == 0
        ours.refresh_from_db()
        assert ours.visibility == ("public" if model.holding in ("gated", "public") else "private")
        assert (ours.gating != "none") == (model.holding == "gated")
        transaction.set_rollback(True)
