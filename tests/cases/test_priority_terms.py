"""Each term of the priority moves in one direction, whatever the weights are (D4): the pure function, by properties."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foundation.errors import Refused
from moderation.cases.facts import Facts
from moderation.cases.priority import WHY, points_of
from moderation.cases.weights import WEIGHTS, checked

FACTS = st.builds(
    Facts,
    severity=st.integers(1, 5),
    clause=st.just("Spam"),
    score=st.none() | st.floats(0, 1),
    reporters=st.integers(1, 50),
    weight=st.floats(0, 50),
    likes=st.integers(0, 10**6),
    downloads=st.integers(0, 10**9),
    activity=st.floats(0, 10**6),
    lane=st.sampled_from(["", "Rights claims"]),
    lane_points=st.floats(0, 500),
    interim=st.booleans(),
    contested=st.booleans(),
    deadline=st.booleans(),
    overdue=st.booleans(),
    window_over=st.booleans(),
)
SOME_WEIGHTS = st.fixed_dictionaries({code: st.floats(0, 1_000) for code in WEIGHTS})
# How much of each fact there can be, and what else goes with it.
AMOUNTS = {
    "severity": st.integers(1, 5),
    "score": st.floats(0, 1),
    "weight": st.floats(0, 100),
    "likes": st.integers(0, 10**7),
    "downloads": st.integers(0, 10**10),
    "activity": st.floats(0, 10**7),
    "lane_points": st.floats(0, 1_000),
}
STATES = ("interim", "contested", "deadline", "window_over", "overdue")


def points(facts: Facts, weights=WEIGHTS) -> float:
    return sum(point.points for point in points_of(facts, weights))


def term(facts: Facts, code: str) -> float:
    return sum(point.points for point in points_of(facts, WEIGHTS) if point.code == code)


@pytest.mark.parametrize("name", AMOUNTS)
@given(data=st.data(), facts=FACTS, weights=SOME_WEIGHTS)
def test_more_never_lowers(name, data, facts, weights):
    less, more = sorted((data.draw(AMOUNTS[name]), data.draw(AMOUNTS[name])))
    assert points(replace(facts, **{name: less}), weights) <= points(replace(facts, **{name: more}), weights) + 1e-9


@pytest.mark.parametrize("name", STATES)
@given(facts=FACTS, weights=SOME_WEIGHTS)
def test_a_state_never_lowers(name, facts, weights):
    before, after = replace(facts, **{name: False}), replace(facts, **{name: True})
    assert points(after, weights) == pytest.approx(points(before, weights) + weights[name])


@given(facts=FACTS, weights=SOME_WEIGHTS, share=st.floats(0.01, 1))
def test_one_more_reporter_never_lowers_and_a_reliable_one_weighs_more(facts, weights, share):
    more = replace(facts, reporters=facts.reporters + 1, weight=facts.weight + share)
    better = replace(more, weight=facts.weight + 1)
    assert points(facts, weights) <= points(more, weights) <= points(better, weights)


@given(facts=FACTS, weights=SOME_WEIGHTS)
def test_the_first_score_never_lowers(facts, weights):
    assert points(replace(facts, score=None), weights) <= points(replace(facts, score=0.5), weights)


@pytest.mark.parametrize(
    ("code", "less", "more"),
    [
        ("severity", {"severity": 2}, {"severity": 3}),
        ("score", {"score": 0.5}, {"score": 0.51}),
        ("reporters", {"reporters": 1, "weight": 0.5}, {"reporters": 2, "weight": 1.0}),
        ("reporters", {"reporters": 2, "weight": 1.0}, {"reporters": 2, "weight": 1.1}),
        ("reach", {"likes": 5, "downloads": 9}, {"likes": 6, "downloads": 9}),
        ("reach", {"likes": 5, "downloads": 9}, {"likes": 5, "downloads": 10}),
        ("trend", {"likes": 1, "downloads": 0, "activity": 1.0}, {"likes": 1, "downloads": 0, "activity": 2.0}),
        ("lane", {"lane": "a", "lane_points": 10.0}, {"lane": "a", "lane_points": 20.0}),
        *((state, {state: False}, {state: True}) for state in STATES),
    ],
)
def test_more_raises_while_it_is_below_its_limit(code, less, more):
    assert term(Facts(**less), code) < term(Facts(**more), code)


@pytest.mark.parametrize(
    ("code", "much"),
    [
        ("reporters", {"reporters": 10**6, "weight": 10.0**6}),
        ("reach", {"likes": 10**9, "downloads": 10**12}),
        ("trend", {"likes": 0, "downloads": 0, "activity": 10.0**12}),
    ],
)
def test_a_term_ends_at_its_limit(code, much):
    assert term(Facts(**much), code) == WEIGHTS[f"{code}_most"]


@given(facts=FACTS, weights=SOME_WEIGHTS)
def test_the_same_facts_give_the_same_points_and_every_term_says_why(facts, weights):
    terms = points_of(facts, weights)
    assert terms == points_of(facts, weights)
    assert len({point.code for point in terms}) == len(terms)
    assert all(point.why and "%(" not in point.why for point in terms)
    assert {point.code for point in terms} <= set(WHY)


@given(facts=FACTS)
def test_what_lies_in_no_repository_has_no_reach(facts):
    assert not {"reach", "trend"} & {point.code for point in points_of(replace(facts, likes=None), WEIGHTS)}


@given(values=st.fixed_dictionaries({code: st.floats(0, 10**6) for code in WEIGHTS}))
def test_any_numbers_from_zero_are_weights(values):
    assert checked(values) == values


@given(
    code=st.sampled_from(sorted(WEIGHTS)),
    value=st.floats(max_value=-1e-300) | st.sampled_from([float("nan"), float("inf"), None, "8", True, [], 10**7]),
)
def test_anything_else_is_no_weight(code, value):
    with pytest.raises(Refused):
        checked(WEIGHTS | {code: value})


@given(name=st.text(max_size=20))
def test_an_unknown_or_missing_term_is_refused(name):
    assume(name not in WEIGHTS)
    for values in (WEIGHTS | {name: 1.0}, {code: 1.0 for code in WEIGHTS if code != "score"}, {}):
        with pytest.raises(Refused):
            checked(values)
