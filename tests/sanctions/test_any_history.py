"""After any history what holds is what people chose and the measures that stand; undo restores every byte (E5)."""

import os
from copy import copy, deepcopy
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.sanctions.history import ASKING, PLACES, SIDES, UNDOABLE, History, Killed, attempt, killed_at

PHASES = [Phase.explicit, Phase.generate] if os.environ.get("QUICK") else list(Phase)
BEGIN = datetime(2100, 3, 1, 12, tzinfo=UTC)
CLAUSES = ("spam", "malware", "toxic-speech-artifacts")
BY_RULE = {"spam": ("hold", "downgrade", "posting_ban"), "unrequested-sexual-content": ("nfaa",)}
FITS = {
    "repository": "repository",
    "discussion": "discussion",
    "comment": "comment",
    "author": "user",
    "owner": "user",
}
NUMBERS = st.integers(0, 9)
ORDERS = st.sampled_from(PLACES).flatmap(
    lambda place: st.tuples(
        st.just(place),
        st.lists(
            st.sampled_from(sorted(code for code, kind in UNDOABLE.items() if FITS[place] in kind.subject_kinds)),
            min_size=1, max_size=3, unique=True,
        ),
        st.sampled_from(CLAUSES),
        st.sampled_from([None, None, 5, 30, *(("tagged", "gated") if place == "repository" else ())]),
    )
)  # fmt: skip
# Of which a second moderator confirms one: under the first clause what is guarded waits, under the others it holds.
GUARDED = st.tuples(
    st.sampled_from(
        [
            ("repository", ("disable",)),
            ("repository", ("downgrade", "disable")),
            ("repository", ("remove", "nfaa")),
            ("comment", ("deactivate",)),
            ("comment", ("hide_comment", "deactivate")),
            ("author", ("deactivate",)),
        ]
    ),
    st.sampled_from(["weapons", "malware", "children-data"]),
).map(lambda chosen: (chosen[0][0], list(chosen[0][1]), chosen[1], None))
REQUESTS = st.tuples(
    st.sampled_from([(code, condition.value) for code, kind in ASKING.items() for condition in kind.conditions]),
    st.sampled_from(CLAUSES),
)
RULES = st.tuples(
    st.sampled_from(["repository", "discussion", "comment"]),
    st.sampled_from([(code, clause) for clause, codes in BY_RULE.items() for code in codes]),
)
CHOICES = st.one_of(
    st.tuples(st.just("settings"), st.sampled_from(["public", "private"]), st.sampled_from(["none", "auto", "manual"])),
    st.tuples(st.just("card"), st.booleans(), st.sampled_from(["Bread.", "## Risks\n\nIt may burn."])),
    st.tuples(st.just("name"), st.sampled_from(["tiny-model", "small-model"])),
    st.tuples(st.just("status"), st.sampled_from(["open", "closed"])),
    st.tuples(st.just("lock"), st.booleans()),
    st.tuples(st.just("title"), st.sampled_from(["How do I load this?", "How to load it"])),
    st.tuples(st.just("words"), st.sampled_from(["It loads now.", "> It does not load here.\n\nIt does."])),
    st.tuples(st.just("hide"), st.sampled_from(SIDES)),
    st.tuples(st.just("show"), st.sampled_from(SIDES)),
)


def machine(things, people, set_clock):
    class AnyHistory(RuleBasedStateMachine):
        """Each example is a transaction that is taken back, each step a savepoint; the clock stands still between."""

        def __init__(self) -> None:
            super().__init__()
            self.whole = transaction.atomic()
            self.whole.__enter__()
            self.history = History(things, people, set_clock, BEGIN)
            self.begin = transaction.savepoint()

        def step(self, do, *values) -> None:
            attempt(do, *values)

        @rule(order=ORDERS)
        def team_decides(self, order) -> None:
            self.step(self.history.take, *order)
            self.history.look()

        @rule(acts=RULES)
        def rule_acts(self, acts) -> None:
            place, (kind, clause) = acts
            self.step(self.history.rule, place, kind, clause)

        @rule(request=REQUESTS)
        def team_asks(self, request) -> None:
            (kind, condition), clause = request
            self.step(self.history.ask, kind, condition, clause)

        @rule(choice=CHOICES)
        def somebody_chooses(self, choice) -> None:
            self.step(self.history.choose, *choice)

        @rule(number=NUMBERS)
        def team_lifts(self, number) -> None:
            self.step(self.history.lift, number)

        @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=4))
        def team_lifts_together(self, numbers) -> None:
            self.step(self.history.lift_many, numbers)

        @rule(number=NUMBERS)
        def team_takes_back(self, number) -> None:
            self.step(self.history.undo, number)

        @rule(place=st.sampled_from(["repository", "discussion", "comment"]))
        def lane_holds(self, place) -> None:
            self.step(self.history.hold, place)

        @rule(order=GUARDED)
        def team_proposes(self, order) -> None:
            self.step(self.history.propose, *order)

        @rule(number=NUMBERS, agree=st.booleans())
        def second_one_answers(self, number, agree) -> None:
            self.step(self.history.settle, number, agree)

        @rule(number=NUMBERS)
        def team_looks_again(self, number) -> None:
            self.step(self.history.reopen, number)

        @rule(number=NUMBERS)
        def somebody_contests(self, number) -> None:
            self.step(self.history.contest, number)

        @rule(hours=st.sampled_from([1 / 6, 31, 49, 73]))
        def time_passes(self, hours) -> None:
            self.history.pass_time(hours)
            self.history.look()

        @rule(number=NUMBERS)
        def worker_sweeps(self, number) -> None:
            self.step(self.history.sweep, number)
            self.history.notice()

        @rule(number=NUMBERS, statement=st.integers(0, 12))
        def worker_is_killed(self, number, statement) -> None:
            """What it finished stays; whoever comes next goes on from there."""
            with killed_at(statement):
                self.history.sweep(number)
            self.history.notice()

        @rule(
            order=ORDERS, request=REQUESTS, choice=CHOICES, number=NUMBERS, verb=NUMBERS, statement=st.integers(0, 60)
        )
        def somebody_dies_midway(self, order, request, choice, number, verb, statement) -> None:
            """Nothing half-done is left: whatever was meant is done wholly, or as here not at all."""
            lost = copy(self.history)
            lost.standing, lost.choices = [copy(one) for one in lost.standing], deepcopy(lost.choices)
            lost.decisions, lost.made = list(lost.decisions), list(lost.made)
            lost.requests = [copy(one) for one in lost.requests]
            lost.changed, lost.waiting = dict(lost.changed), dict(lost.waiting)
            verbs = [(lost.take, order), (lost.choose, choice), (lost.lift, [number]), (lost.undo, [number])]
            verbs += [(lost.contest, [number]), (lost.ask, (*request[0], request[1]))]
            verbs += [(lost.lift_many, [[number, number + 1]])]
            do, values = verbs[verb % len(verbs)]
            with killed_at(statement), transaction.atomic():
                attempt(do, *values)
                raise Killed

        @invariant()
        def what_holds_is_what_ought_to(self) -> None:
            self.history.check()

        def teardown(self) -> None:
            try:
                self.history.wait_for_workers()
                while self.history.standing or self.history.asked:
                    self.step(self.history.lift, 0)
                    self.history.check()
                found = self.history.digest()
                transaction.savepoint_rollback(self.begin)
                assert self.history.differences(found) == {}
            finally:
                transaction.set_rollback(True)
                self.whole.__exit__(None, None, None)

    return AnyHistory


@pytest.fixture
def things(repository, discussion, comment, author, owner):
    return {
        "repository": repository,
        "discussion": discussion,
        "comment": comment,
        "author": author,
        "owner": owner,
    }


@pytest.fixture
def people(author, owner, moderator, other_moderator, reporter):
    return {
        "author": author,
        "owner": owner,
        "moderator": moderator,
        "second": other_moderator,
        "stranger": reporter,
    }


def test_any_history(things, people, set_clock):
    """OMBUD_TIMES_LONGER looks for rare faults: 20 takes minutes."""
    times = int(os.environ.get("OMBUD_TIMES_LONGER", "1"))
    run_state_machine_as_test(
        machine(things, people, set_clock),
        settings=settings(
            max_examples=6 * times,
            stateful_step_count=20,
            deadline=None,
            phases=PHASES,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )


EVERYTHING = (
    ("settings", "private", "manual"),
    ("settings", "public", "auto"),
    ("card", True, "Butter."),
    ("name", "small-model"),
    ("status", "closed"),
    ("lock", True),
    ("title", "How to load it"),
    ("words", "It loads now."),
    ("hide", "owner"),
)


def test_every_kind_is_undone_exactly_whatever_people_choose_meanwhile(things, people, set_clock):
    """Each that a decision can take and that destroys nothing, on what it fits."""
    for code, kind in UNDOABLE.items():
        place = next(place for place in reversed(PLACES) if FITS[place] in kind.subject_kinds)
        with transaction.atomic():
            history = History(things, people, set_clock, BEGIN)
            begin = transaction.savepoint()
            history.take(place, [code], "spam", None)
            for choice in EVERYTHING:
                attempt(history.choose, *choice)
            history.check()
            while history.standing:
                history.lift(0)
            history.check()
            found = history.digest()
            transaction.savepoint_rollback(begin)
            assert history.differences(found) == {}, code
            transaction.set_rollback(True)


def test_what_the_owner_does_ends_what_waits_and_no_more(things, people, set_clock):
    """Asked for all of it, decided, taken back: asked for again, and ticked off; then a measure that waits."""
    with transaction.atomic():
        history = History(things, people, set_clock, BEGIN)
        begin = transaction.savepoint()
        for code, kind in ASKING.items():
            history.ask(code, kind.conditions[0], "spam")
        history.pass_time(1)
        history.take("repository", ["downgrade", "nfaa"], "spam", "gated")
        assert not history.asked
        history.choose("settings", "public", "auto")
        history.undo(0)
        assert len(history.asked) == 3
        history.wait_for_workers()
        history.pass_time(1)
        history.take("repository", ["private", "hide_card"], "spam", "tagged")
        history.choose("card", True, "## Risks\n\nIt may burn.")
        history.wait_for_workers()
        assert not history.standing
        found = history.digest()
        transaction.savepoint_rollback(begin)
        assert history.differences(found) == {}
        transaction.set_rollback(True)


def test_of_two_holds_of_a_comment_that_end_apart_the_longer_holds(things, people, set_clock):
    """The second, which ended by itself, once ended the first one too."""
    with transaction.atomic():
        history = History(things, people, set_clock, BEGIN)
        history.take("comment", ["hold"], "spam", None)
        history.rule("comment", "hold", "spam")
        history.pass_time(73)
        for number in range(4):
            history.sweep(number)
        history.check()
        transaction.set_rollback(True)
