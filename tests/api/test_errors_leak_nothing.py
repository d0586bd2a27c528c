"""No error tells what its reader may not see: ids of linked cases, who looked at what (C1, C9, J6)."""

import json

import pytest

from community.actions import add_comment
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.actions.escalate import escalate
from moderation.cases.actions.links import link
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.models import Case
from moderation.policy.models import GuardedMeasure, Lane
from tests.api.conftest import code

CLEAR = {"outcome": "no_violation", "explanation": "Only a figure of speech."}


@pytest.fixture
def unseen(case, discussion, author, reporter, other_moderator, clause):
    """unseen("lane"): a case that the moderator does not see, linked to the one that they decide."""

    def make(why: str, moderator) -> Case:
        writer = moderator if why == "own" else author
        other = add_comment(discussion, text="Idiots, all of you.", actor=writer)
        receive_report(other, clause=clause("harassment"), text="He insults us.", actor=reporter)
        hidden = Case.objects.exclude(pk=case.pk).get()
        link(case, hidden, actor=other_moderator)
        if why == "lane":
            reason = "It may show somebody who is a child."
            escalate(hidden, Lane.objects.get(code="minors"), reason=reason, actor=other_moderator)
        return hidden

    return make


def news_of(case: Case, comment, make_user, clause) -> int:
    """Something new that makes older versions stale; the version before it."""
    case.refresh_from_db()
    before = case.version
    receive_report(comment, clause=clause("harassment"), text="Again and again.", actor=make_user("another"))
    return before


@pytest.mark.parametrize("why", ["own", "lane"])
def test_a_stale_decision_names_no_unseen_case(team, case, comment, moderator, unseen, make_user, clause, why):
    before = news_of(case, comment, make_user, clause)
    hidden = unseen(why, moderator)
    answer = team.post(f"/api/v1/cases/{case.public_id}/decisions", {"version": before, **CLEAR})
    assert (answer.status_code, code(answer)) == (409, "stale")
    kinds = [one["kind"] for one in answer.json()["events"]]
    assert "case.linked" in kinds
    assert hidden.public_id.hex not in json.dumps(answer.json()).replace("-", "")


def test_of_a_case_that_one_sees_the_id_is_told(team, case, comment, moderator, unseen, make_user, clause):
    before = news_of(case, comment, make_user, clause)
    seen = unseen("nothing", moderator)
    answer = team.post(f"/api/v1/cases/{case.public_id}/decisions", {"version": before, **CLEAR})
    assert seen.public_id.hex in json.dumps(answer.json())


@pytest.mark.parametrize("why", ["own", "lane"])
def test_a_stale_confirmation_names_none_either(
    team, case, comment, moderator, other_moderator, unseen, make_user, clause, why
):
    GuardedMeasure.objects.get_or_create(kind="posting_ban")
    case.refresh_from_db()
    decision = decide(
        case, actor=other_moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    before = news_of(case, comment, make_user, clause)
    hidden = unseen(why, moderator)
    answer = team.post(f"/api/v1/decisions/{decision.public_id}/confirm", {"version": before})
    assert (answer.status_code, code(answer)) == (409, "stale")
    assert hidden.public_id.hex not in json.dumps(answer.json()).replace("-", "")


def test_who_only_looked_is_no_news(team, case, comment, other_moderator, make_user, clause):
    before = news_of(case, comment, make_user, clause)
    note_reading(Case.objects.get(pk=case.pk), REPORTS, actor=other_moderator)
    answer = team.post(f"/api/v1/cases/{case.public_id}/decisions", {"version": before, **CLEAR}).json()
    assert [one["kind"] for one in answer["events"]] == ["report.received"]
    assert other_moderator.username not in answer["errors"][0]["detail"]


@pytest.mark.parametrize("why", ["own", "lane"])
def test_deciding_together_names_none(team, case, comment, moderator, unseen, make_user, clause, why):
    """In the way stand cases that were chosen; one that is not for them is refused as if it were not there."""
    before = news_of(case, comment, make_user, clause)
    hidden = unseen(why, moderator)
    chosen = {"id": str(case.public_id), "version": before}
    answer = team.post("/api/v1/bulk-decisions", {"cases": [chosen], **CLEAR})
    assert (answer.status_code, code(answer)) == (409, "in_the_way")
    assert hidden.public_id.hex not in answer.content.decode().replace("-", "")
    other = {"id": str(hidden.public_id), "version": hidden.version}
    missing = {"id": "00000000-0000-4000-8000-000000000000", "version": 1}
    answers = [team.post("/api/v1/bulk-decisions", {"cases": [one], **CLEAR}) for one in (other, missing)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("why", ["own", "lane"])
def test_every_verb_on_an_unseen_case_is_the_same_404(team, case, moderator, unseen, why):
    hidden = unseen(why, moderator)
    nobody = "00000000-0000-4000-8000-000000000000"
    bodies = {
        "decisions": {"version": 1, **CLEAR}, "claim": {}, "reopen": {"reason": "We look again at it."},
        "escalate": {"lane": "legal", "reason": "We look again at it."}, "notes": {"text": "Hm."}, "support": {},
        "hand-over": {"to": "tomas"}, "wake": {},
    }  # fmt: skip
    for verb, body in bodies.items():
        answers = [team.post(f"/api/v1/cases/{key}/{verb}", body) for key in (hidden.public_id, nobody)]
        assert [one.status_code for one in answers] == [404, 404], verb
        assert answers[0].json() == answers[1].json(), verb
