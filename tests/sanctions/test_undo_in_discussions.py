"""In any order of measures on a discussion and what people choose: what holds is both, and undo is exact (E4, E5)."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.queries import system_actor
from community.actions import hide, set_locked, set_status, unhide
from community.models import Comment, Discussion, Hiding
from foundation.errors import Refused
from moderation.sanctions.actions import lift
from moderation.sanctions.models import Measure

KINDS = ("close_discussion", "lock_discussion", "hide_comment", "hold")
SIDES = ("author", "owner", "team")
STEPS = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(KINDS)),
    st.tuples(st.just("lift"), st.integers(0, 5)),
    st.tuples(st.just("status"), st.sampled_from(["open", "closed"])),
    st.tuples(st.just("lock"), st.tuples(st.sampled_from(["owner", "team"]), st.booleans())),
    st.tuples(st.just("hide"), st.sampled_from(SIDES)),
    st.tuples(st.just("show"), st.sampled_from(SIDES)),
)


class World:
    """A discussion with a comment: what people chose last, and the measures that stand."""

    def __init__(self, comment: Comment, people: dict, take) -> None:
        self.comment, self.people, self.measure = comment, people, take
        self.standing: list[Measure] = []
        self.status = "open"
        self.locks: set[str] = set()
        self.sides: set[str] = set()

    def kinds(self) -> set[str]:
        return {one.kind for one in self.standing}

    def row(self) -> Discussion:
        return Discussion.objects.select_related("repository__namespace").get(pk=self.comment.discussion_id)

    def take(self, kind: str) -> None:
        target = self.comment if kind in ("hide_comment", "hold") else self.row()
        self.standing.append(self.measure(kind, target))

    def lift(self, place: int) -> None:
        if self.standing:
            measure = self.standing.pop(place % len(self.standing))
            lift(measure, reason="Undone again.", actor=self.people["team"])

    def set_status(self, status: str) -> None:
        """While a measure closes it, nobody's choice changes."""
        try:
            set_status(self.row(), status, actor=self.people["team"])
        except Refused:
            assert "close_discussion" in self.kinds()
        else:
            self.status = self.status if "close_discussion" in self.kinds() else status

    def lock(self, wanted: tuple[str, bool]) -> None:
        side, locked = wanted
        before = set(self.locks)
        try:
            set_locked(self.row(), locked, actor=self.people[side])
        except Refused:
            assert "lock_discussion" in self.kinds() or (side == "owner" and "team" in self.locks)
            return
        if side == "team" and not locked:  # its own lock first, then the owner's
            self.locks -= {"team"} if "team" in before else {"owner"}
        else:
            (self.locks.add if locked else self.locks.discard)(side)

    def hide(self, side: str) -> None:
        hide(self.comment, category="spam", actor=self.people[side])
        self.sides.add(side)

    def show(self, side: str) -> None:
        try:
            unhide(self.comment, actor=self.people[side])
        except Refused:
            return
        self.sides -= set(SIDES) if side == "team" else {side}

    def do(self, verb: str, value) -> None:
        (self.set_status if verb == "status" else getattr(self, verb))(value)

    def check(self) -> None:
        row, kinds = self.row(), self.kinds()
        assert row.status == ("closed" if "close_discussion" in kinds else self.status)
        assert (row.status_beneath or row.status) == self.status
        assert (row.locked_by_team, row.locked_by_owner) == ("team" in self.locks, "owner" in self.locks)
        assert row.locked is bool(self.locks or "lock_discussion" in kinds)
        comment = Comment.objects.get(pk=self.comment.pk)
        assert comment.hidden is bool(self.sides or kinds & {"hide_comment", "hold"})
        assert (comment.text == "") is comment.hidden
        people = Hiding.objects.filter(comment=comment, lifted_at=None, side__in=SIDES)
        assert set(people.values_list("side", flat=True)) == self.sides


@pytest.fixture
def world(comment, author, owner, moderator, take):
    return lambda: World(
        Comment.objects.get(pk=comment.pk), {"author": author, "owner": owner, "team": system_actor()}, take
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_any_order_of_measures_and_choices(world, steps):
    with transaction.atomic():
        here = world()
        for verb, value in steps:
            here.do(verb, value)
            here.check()
        while here.standing:
            here.lift(0)
            here.check()
        transaction.set_rollback(True)
