"""Similar decided cases, and a decision that departs from them (D6)."""

import math
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.actions import create_token, make_moderator
from accounts.models import User
from accounts.queries import system_actor
from classifiers.text import Reading
from community.actions import add_comment, open_discussion
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.models import Case, Decision
from moderation.cases.precedents import Departure, Precedent, departs, similar_decided, similar_decided_of
from moderation.sanctions.models import Measure
from moderation.scoring.actions import revision_of, save_embeddings
from moderation.scoring.models import Embedding
from moderation.subjects.models import Snapshot
from tests.cases.conftest import PROVENANCE

WORDS = "You called people idiots and told them to shut up."


@pytest.fixture
def embed():
    """embed(case, degrees): its text lies in a plane at this angle; the cosine of two is that of their difference."""
    from numpy import array

    def save(case: Case, degrees: float) -> None:
        vector = array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees)), 0, 0], dtype="float32")
        snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
        save_embeddings(snapshots, [Reading([], vector)] * len(snapshots), revision=revision_of(PROVENANCE))

    return save


@pytest.fixture
def precedent(report, discussion, author, moderator, clause, embed):
    """precedent(degrees, "friendly_warning", code="harassment"): decided with these measures; none: no violation."""

    def make(degrees: float, *kinds: str, code: str = "harassment") -> Case:
        case = report(add_comment(discussion, text=f"Idiot number {degrees} {code}!", actor=author), code)
        embed(case, degrees)
        outcome: dict[str, Any] = {"outcome": "no_violation"}
        if kinds:
            outcome = {
                "outcome": "violation", "clause": clause(code), "measures": [MeasureOrder(kind) for kind in kinds],
                "override": "People are harmed by it right now.",
            }  # fmt: skip
        decide(case, actor=moderator, version=case.version, explanation=WORDS, **outcome)
        return case

    return make


def found(case: Case, viewer: User) -> list[tuple[Case, float]]:
    return [(one.case, round(one.similarity, 2)) for one in similar_decided(case, viewer)]


def test_the_five_most_alike_come_first(precedent, case, embed, moderator):
    made = [precedent(degrees, "friendly_warning") for degrees in (70, 10, 40, 0, 60, 50, 20)]
    embed(case, 0)
    assert found(case, moderator) == [
        (made[3], 1.0), (made[1], 0.98), (made[6], 0.94), (made[2], 0.77), (made[5], 0.64),
    ]  # fmt: skip


def test_another_clause_comes_later_unless_it_is_clearly_more_alike(precedent, case, embed, moderator):
    other, near = precedent(0, "friendly_warning", code="spam"), precedent(20, "friendly_warning")
    far = precedent(45, "friendly_warning")
    embed(case, 0)
    assert [one for one, _ in found(case, moderator)] == [near, other, far]


def test_it_says_what_was_decided_and_how_similar(precedent, case, embed, moderator):
    precedent(0, "friendly_warning")
    precedent(50)
    embed(case, 0)
    first, second = similar_decided(case, moderator)
    assert [one.kind for one in first.measures] == ["friendly_warning"]
    assert (first.how_similar, second.how_similar) == ("nearly the same words", "similar")
    assert second.decision.outcome == "no_violation"


def test_another_matter_is_no_precedent(precedent, case, embed, moderator):
    precedent(80, "friendly_warning")
    embed(case, 0)
    assert found(case, moderator) == []


def test_a_case_that_nothing_read_has_none(precedent, case, moderator):
    precedent(0, "friendly_warning")
    assert found(case, moderator) == []


def test_open_cases_and_other_models_are_no_precedents(precedent, case, many_cases, embed, moderator):
    one, other = many_cases(1)[0], precedent(0, "friendly_warning")
    embed(one, 0)
    embed(case, 0)
    Embedding.objects.filter(snapshot__reports__case_report__case=other).update(model="another")
    assert found(case, moderator) == []


def test_what_was_taken_back_is_no_precedent(precedent, case, embed, moderator, other_moderator):
    decided = precedent(0, "friendly_warning")
    embed(case, 0)
    Decision.objects.filter(case=decided).update(undone_at=decided.opened_at, undone_by=other_moderator)
    assert found(case, moderator) == []


def test_only_what_the_viewer_may_see(precedent, report, repository, embed, author, other_moderator):
    precedent(0, "friendly_warning")
    case = report(repository, "spam")
    embed(case, 0)
    make_moderator(author, actor=system_actor())
    assert len(found(case, other_moderator)) == 1
    assert found(case, User.objects.get(pk=author.pk)) == []


def test_what_is_sealed_is_never_embedded(case, embed):
    Snapshot.objects.update(sealed=True)
    embed(case, 0)
    assert not Embedding.objects.exists()


def test_a_text_read_again_has_one_vector(case, embed):
    embed(case, 0)
    embed(case, 90)
    assert len(bytes(Embedding.objects.get().vector)) == 8


# Departing ----------------------------------------------------------------------------------------------------------


def precedents(outcome: str, *measures: Sequence[str], similarity: float = 0.9) -> list[Precedent]:
    return [
        Precedent(Case(pk=n), Decision(outcome=outcome), [Measure(kind=kind) for kind in kinds], similarity)
        for n, kinds in enumerate(measures)
    ]


WARNED = precedents("violation", ["friendly_warning"], ["friendly_warning"], ["friendly_warning"])
CLEAR = precedents("no_violation", [], [], [])


@pytest.mark.parametrize(
    ("outcome", "kinds", "others", "departing"),
    [
        ("violation", ["friendly_warning"], WARNED, False),
        ("no_violation", [], WARNED, True),
        ("violation", ["deactivate"], WARNED, True),
        ("violation", ["nfaa"], WARNED, False),
        ("violation", ["friendly_warning"], CLEAR, True),
        ("no_violation", [], CLEAR, False),
        ("no_violation", [], WARNED[:2], False),
        ("no_violation", [], WARNED[:2] + CLEAR, False),
        ("violation", ["friendly_warning"], WARNED[:2] + CLEAR, True),
        ("no_violation", [], precedents("violation", *[["nfaa"]] * 5, similarity=0.79), False),
        ("violation", ["friendly_warning"], precedents("violation", *[["disable"]] * 4), True),
        ("violation", ["friendly_warning"], precedents("violation", ["disable"], ["nfaa"], ["disable"]), False),
        ("violation", [], [], False),
    ],
)
def test_departing_needs_three_alike_that_agree(outcome, kinds, others, departing):
    assert isinstance(departs(outcome, kinds, others), Departure) is departing


def test_the_form_asks_once_and_records_it(sign_in, moderator, precedent, claimed_case, embed, decide_form):
    for degrees in (0, 10, 20):
        precedent(degrees)
    embed(claimed_case, 0)
    client, address = sign_in(moderator), f"{claimed_case.get_absolute_url()}/decide"
    form = decide_form(claimed_case)
    answer = client.post(address, form)
    text = answer.content.decode()
    assert (answer.status_code, WORDS in text) == (422, True)
    assert "3 very similar cases were decided otherwise" in text
    warning = text.partition("were decided otherwise")[2].partition("</ul>")[0]
    others = Case.objects.exclude(pk=claimed_case.pk)
    # Each is named, so that one knows which of them to open.
    assert all(f'{one.get_absolute_url()}"' in warning for one in others)
    assert warning.count(f"<bdi>{claimed_case.subject.comment.discussion}</bdi>") == len(others) == 3
    assert 'name="departing"' in text
    assert client.post(address, {**form, "departing": "on"}).status_code == 303
    assert Decision.objects.get(case=claimed_case).event.data["departs"] is True


def test_a_decision_like_the_others_is_asked_nothing(sign_in, moderator, precedent, claimed_case, embed, decide_form):
    for degrees in (0, 10, 20):
        precedent(degrees, "friendly_warning")
    embed(claimed_case, 0)
    answer = sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", decide_form(claimed_case))
    assert answer.status_code == 303
    assert "departs" not in Decision.objects.get(case=claimed_case).event.data


def test_the_panel(client, sign_in, moderator, reporter, precedent, case, embed, django_assert_max_num_queries):
    precedent(30, "friendly_warning", code="spam")
    decided = precedent(0, "posting_ban")
    embed(case, 0)
    address = f"{case.get_absolute_url()}/precedents"
    signed_in = sign_in(moderator)
    with django_assert_max_num_queries(16):
        text = signed_in.get(address).content.decode()
    for expected in (decided.get_absolute_url(), "no posting in community tabs", "nearly the same words", "Spam"):
        assert expected in text
    assert f'hx-get="{address}"' in signed_in.get(case.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 302
    assert sign_in(reporter).get(address).status_code == 404


def test_without_precedents_the_panel_says_so(sign_in, moderator, case):
    assert "nothing like this yet" in sign_in(moderator).get(f"{case.get_absolute_url()}/precedents").content.decode()


def test_the_worker_saves_where_the_texts_lie(report, repository, author, moderator, clause):
    """With the real model: the same insult elsewhere is a precedent, a question about loading is none."""
    from moderation.automation.pipeline import score_pending

    def written(text: str) -> Case:
        return report(open_discussion(repository, title="Question", text=text, actor=author))

    decided = [written("You are a stupid idiot, shut up!"), written("How do I load the weights on a small machine?")]
    case = written("Shut up, you are such a stupid idiot.")
    assert score_pending() == 3
    for one in decided:
        claim(one, actor=moderator)
        decide(one, actor=moderator, version=one.version, outcome="no_violation", explanation=WORDS)
    first = similar_decided(case, moderator)[0]
    assert (first.case, first.similarity > 0.7) == (decided[0], True)
    assert {len(bytes(one.vector)) for one in Embedding.objects.all()} == {768}


# Together, and on the spot -------------------------------------------------------------------------------------------


@pytest.fixture
def alike(precedent, many_cases, embed):
    """Two open cases; of the first three very similar ones were found to be no violation."""
    for degrees in (0, 1, 2):
        precedent(degrees)
    like, unlike = many_cases(2)
    embed(like, 0)
    embed(unlike, 90)
    return like, unlike


def test_a_bulk_says_which_of_it_departs(alike, sign_in, moderator):
    like, unlike = alike
    client = sign_in(moderator)
    data = {
        "case": [f"{one.public_id}:{one.version}" for one in alike], "request_id": str(uuid.uuid4()),
        "outcome": "violation", "clause": "harassment", "measures": ["friendly_warning"], "explanation": WORDS,
    }  # fmt: skip
    page = client.post("/cases/bulk/preview", data).content.decode()
    assert page.count("Similar cases were decided otherwise:") == 1
    assert 'name="departing"' in page
    refused = client.post("/cases/bulk/decide", data)
    assert refused.status_code == 422
    assert not Decision.objects.filter(bulk__isnull=False).exists()
    assert client.post("/cases/bulk/decide", {**data, "departing": "on"}).status_code == 303
    said = {one.case_id: one.event.data.get("departs", False) for one in Decision.objects.filter(bulk__isnull=False)}
    assert said == {like.pk: True, unlike.pk: False}
    assert client.post("/cases/bulk/decide", data).status_code == 303  # the same form again


def test_what_agrees_is_decided_without_a_word(alike, sign_in, moderator):
    data = {
        "case": [f"{one.public_id}:{one.version}" for one in alike], "request_id": str(uuid.uuid4()),
        "outcome": "no_violation", "explanation": WORDS,
    }  # fmt: skip
    assert sign_in(moderator).post("/cases/bulk/decide", data).status_code == 303


def test_a_bulk_by_program(alike, program_of, moderator):
    like, _unlike = alike
    client = program_of(moderator)
    asked = {
        "cases": [{"id": str(one.public_id), "version": one.version} for one in alike], "outcome": "violation",
        "clause": "harassment", "measures": [{"kind": "friendly_warning"}], "explanation": WORDS,
    }  # fmt: skip
    effects = {one["case"]: one["departs_from"] for one in client.post("/api/v1/bulk-decisions/preview", asked).json()}
    assert [len(effects[str(one.public_id)]) for one in alike] == [3, 0]
    refused = client.post("/api/v1/bulk-decisions", {**asked, "departs": False})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "departs")
    assert [one["case"] for one in refused.json()["obstacles"]] == [str(like.public_id)]
    assert client.post("/api/v1/bulk-decisions", {**asked, "departs": True}).status_code == 201
    assert Decision.objects.get(case=like).event.data["departs"] is True


def test_as_many_queries_for_many_as_for_one(alike, many_cases, embed, precedent, moderator, django_assert_num_queries):
    more = [*alike, *many_cases(6)]
    for one in more:
        embed(one, 0)
    for some in (more[:1], more):
        with django_assert_num_queries(6):
            assert all(len(found) == 3 for found in similar_decided_of(some, moderator).values())


def test_on_the_spot(alike, sign_in, program_of, moderator):
    like, unlike = alike
    address = f"/cases/on-the-spot/hide_comment/{like.subject.comment.public_id}"
    client = sign_in(moderator)
    page = client.get(address).content.decode()
    assert "3 very similar cases were decided otherwise." in page
    data = {"clause": "harassment", "explanation": WORDS, "request_id": str(uuid.uuid4())}
    assert client.post(address, data).status_code == 422
    other = f"/cases/on-the-spot/hide_comment/{unlike.subject.comment.public_id}"
    assert "decided otherwise" not in client.get(other).content.decode()
    asked = {
        "kind": "hide_comment", "target": str(like.subject.comment.public_id), "clause": "harassment",
        "explanation": WORDS, "departs": False,
    }  # fmt: skip
    program = program_of(moderator)
    refused = program.post("/api/v1/cases/on-the-spot", asked)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "departs")
    assert client.post(address, {**data, "departing": "on"}).status_code == 303
    assert Decision.objects.get(case=like).event.data["departs"] is True


@pytest.fixture
def program_of():
    def make(person):
        client = APIClient()
        client.default_format = "json"
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(person, scope='moderate', actor=system_actor())}")
        return client

    return make
