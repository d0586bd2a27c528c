"""Undo is exact: what holds is the owner's choice and the measures that stand, in whatever order things happen (E5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.clock import now
from moderation.sanctions.actions import lift
from moderation.sanctions.models import Measure
from repositories.access import access, is_closed
from repositories.actions import change_settings, commit
from repositories.listing import settle_label
from repositories.models import Repository
from repositories.queries import listed_for

KINDS = ("downgrade", "private", "disable", "nfaa", "hide_card")
TAGGED, PLAIN = b"---\ntags: [not-for-all-audiences]\n---\n# Ours\n", b"# Ours\n"
STEPS = st.one_of(
    st.tuples(st.just("impose"), st.sampled_from(KINDS)),
    st.tuples(st.just("timed"), st.sampled_from(["downgrade", "private", "nfaa"])),
    st.tuples(st.just("interim"), st.sampled_from(["downgrade", "nfaa"])),
    st.tuples(st.just("card"), st.booleans()),
    st.tuples(st.just("lift"), st.integers(0, 5)),
    st.tuples(st.just("expire"), st.just(None)),
    st.tuples(st.just("visibility"), st.sampled_from(["public", "private"])),
    st.tuples(st.just("gating"), st.sampled_from(["none", "auto", "manual"])),
)


class World:
    """A repository, and what ought to hold of it: the owner's last choice and the measures that stand."""

    def __init__(self, repository, owner, moderator, reporter, take, pass_time) -> None:
        self.repository, self.owner, self.moderator, self.reporter = repository, owner, moderator, reporter
        self.take, self.pass_time = take, pass_time
        self.visibility, self.gating, self.tagged = "public", "none", False
        self.standing: list[Measure] = []

    def impose(self, kind: str) -> None:
        self.standing.append(self.take(kind, self.repository))

    def timed(self, kind: str) -> None:
        """One whose end was chosen."""
        self.standing.append(self.take(kind, self.repository, ends_at=now() + timedelta(hours=48)))

    def interim(self, kind: str) -> None:
        clause = "unrequested-sexual-content" if kind == "nfaa" else "spam"
        self.standing.append(self.take(kind, self.repository, clause, automated=True))

    def lift(self, place: int) -> None:
        if self.standing:
            lift(self.standing.pop(place % len(self.standing)), reason="Undone again.", actor=self.moderator)

    def expire(self, _nothing: None) -> None:
        """Three days pass: interim and timed measures are over, the others stay."""
        self.pass_time(timedelta(hours=72, seconds=1))
        self.standing = [one for one in self.standing if one.ends_at is None]

    def visibility_(self, value: str) -> None:
        change_settings(self.repository, actor=self.owner, visibility=value)
        self.visibility = value

    def gating_(self, value: str) -> None:
        change_settings(self.repository, actor=self.owner, gating=value)
        self.gating = value

    def card(self, tagged: bool) -> None:
        """The owner writes the tag into the card, or takes it out."""
        commit(self.repository, {"README.md": TAGGED if tagged else PLAIN}, actor=self.owner, message="Edit the card")
        self.tagged = tagged

    def do(self, verb: str, value) -> None:
        getattr(self, f"{verb}_" if verb in ("visibility", "gating") else verb)(value)

    def check(self) -> None:
        row = Repository.objects.select_related("namespace").get(pk=self.repository.pk)
        assert (row.visibility, row.gating) == (self.visibility, self.gating)
        kinds = {one.kind for one in self.standing}
        assert is_closed(row) is ("private" in kinds)
        public = self.visibility == "public" and "private" not in kinds
        stranger, own = access(row, self.reporter), access(row, self.owner)
        assert (stranger.card_hidden, own.card_hidden) == ("hide_card" in kinds, False)
        assert stranger.see is public
        assert stranger.files is (public and self.gating == "none" and "disable" not in kinds)
        assert (own.see, own.files, own.edit) == (True, True, True)
        settle_label(row)
        assert row.nfaa is (self.tagged or "nfaa" in kinds)
        assert (row in listed_for(self.reporter)) is (public and not kinds - {"nfaa", "hide_card"})
        assert (row in listed_for(None)) is (public and not kinds - {"nfaa", "hide_card"})
        assert set(Measure.objects.standing().values_list("pk", flat=True)) == {one.pk for one in self.standing}


@pytest.fixture
def world(repository, owner, moderator, reporter, take, pass_time) -> World:
    return World(repository, owner, moderator, reporter, take, pass_time)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_any_order_of_measures_and_choices(world, steps):
    with undone(world):
        for verb, value in steps:
            world.do(verb, value)
            world.check()
        while world.standing:
            world.lift(0)
            world.check()


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Every example starts from the same world: its transaction is rolled back, the clock with it."""
    world.visibility, world.gating, world.standing, world.tagged = "public", "none", [], False
    world.repository.refresh_from_db()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_lifting_one_of_two_leaves_the_other(world):
    world.impose("downgrade")
    world.impose("disable")
    world.lift(1)
    world.check()
    assert [one.kind for one in world.standing] == ["downgrade"]


def test_lifting_restores_what_the_owner_chose_meanwhile(world):
    world.impose("disable")
    world.gating_("manual")
    world.visibility_("private")
    world.lift(0)
    world.check()


def test_the_same_measure_twice_needs_lifting_twice(world):
    world.impose("downgrade")
    world.impose("downgrade")
    world.lift(0)
    world.check()
    world.lift(0)
    world.check()


def test_an_interim_and_a_decided_downgrade_end_apart(world):
    world.interim("downgrade")
    world.impose("downgrade")
    world.expire(None)
    world.check()
    assert len(world.standing) == 1


def test_lifting_twice_at_the_same_moment_happens_once(world, moderator):
    from foundation.errors import Refused

    world.impose("downgrade")
    (measure,) = world.standing
    world.lift(0)
    moment = Measure.objects.get().lifted_at
    with pytest.raises(Refused):
        lift(measure, reason="Undone again.", actor=moderator)
    assert Measure.objects.get().lifted_at == moment <= now()
