"""What a moderator's program does with a case besides deciding it (K1, D3, D4, C10)."""

import uuid
from datetime import timedelta

import pytest

from foundation import clock
from moderation.cases.actions import claim, decide
from moderation.cases.models import Case, Event
from tests.api.conftest import code

URL = "/api/v1/cases"
WHY = "We have to look at the card again."


@pytest.fixture
def url(case) -> str:
    return f"{URL}/{case.public_id}"


def soon() -> str:
    return (clock.now() + timedelta(hours=3)).isoformat()


VERBS = {
    "renew": ("post", None),
    "notes": ("post", {"text": "Looks like a quote."}),
    "hand-over": ("post", {"to": "tomas"}),
    "snooze": ("post", {"until": "2026-01-01T00:00:00Z", "reason": "Waiting."}),
    "wake": ("post", None),
    "reopen": ("post", {"reason": WHY}),
    "escalate": ("post", {"lane": "legal", "reason": WHY}),
    "track": ("put", {"track": "restricted", "reason": WHY}),
    "at-risk": ("put", {"at_risk": True}),
    "support": ("post", None),
    "summary": ("post", {"text": "We look at what this can do, and at who may use it."}),
    "parties": ("get", None),
    "ask-owner": ("post", {"text": "Whose words are these?"}),
    "links": ("get", None),
    "precedents": ("get", None),
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_team(program, case, url, reporter, moderator, other_moderator, verb):
    method, body = VERBS[verb]
    refused = [
        getattr(program(who, scope), method)(f"{url}/{verb}", body)
        for who, scope in ((reporter, "write"), (moderator, "write"))
    ]
    assert [one.status_code for one in refused] == [403, 403]
    missing = getattr(program(moderator, "moderate"), method)(f"{URL}/{uuid.uuid4()}/{verb}", body)
    assert (missing.status_code, code(missing)) == (404, "not_found")
    assert Event.objects.filter(case=case).count() == 1


def test_own_content_is_not_there(program, author, case, url, other_moderator):
    from accounts.actions import make_moderator
    from accounts.queries import system_actor

    make_moderator(author, actor=system_actor())
    client = program(type(author).objects.get(pk=author.pk), "moderate")
    for verb, (method, body) in VERBS.items():
        assert getattr(client, method)(f"{url}/{verb}", body).status_code == 404, verb


def test_claim_is_kept(team, case, url, moderator, other_moderator, pass_time):
    assert code(team.post(f"{url}/renew")) == "not_held"
    claim(case, actor=moderator)
    pass_time(timedelta(minutes=6))
    until = team.post(f"{url}/renew").json()["lease_until"]
    case.refresh_from_db()
    assert case.lease_until - clock.now() > timedelta(minutes=9)
    assert until is not None


def test_note_is_kept_once(team, url, case, other_moderator):
    headers = {"Idempotency-Key": "n1"}
    body = {"text": "@tomas, is this a quote?"}
    first, again = (team.post(f"{url}/notes", body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["text"], first.json()["told"]) == (body["text"], ["tomas"])
    other = team.post(f"{url}/notes", {"text": "Something else."}, headers=headers)
    assert (other.status_code, code(other)) == (409, "sent")
    assert Event.objects.filter(case=case, kind="note.added").count() == 1
    assert team.post(f"{url}/notes", {"text": "Without a key."}).status_code == 201


def test_hand_over(team, url, case, moderator, other_moderator, reporter):
    shown = team.post(f"{url}/hand-over", {"to": "tomas", "note": "He speaks Czech."})
    assert shown.json()["assignee"] == "tomas"
    refused = team.post(f"{url}/hand-over", {"to": "tomas"})
    assert (refused.status_code, code(refused)) == (409, "claimed")
    assert team.post(f"{url}/hand-over", {"to": "iris"}).status_code == 400


def test_snooze_and_wake(team, url, case):
    shown = team.post(f"{url}/snooze", {"until": soon(), "reason": "The authority answers today."}).json()
    assert (shown["parked"], shown["parked_until"] is not None) == ("snoozed", True)
    assert case.public_id.hex not in str(team.get(f"{URL}?lane=open").json()["results"]).replace("-", "")
    assert [one["id"] for one in team.get(f"{URL}?lane=waiting").json()["results"]] == [str(case.public_id)]
    assert team.post(f"{url}/wake").json()["parked"] == ""
    late = team.post(f"{url}/snooze", {"until": "2020-01-01T00:00:00Z", "reason": "Long ago."})
    assert late.status_code == 400


def test_reopen(team, url, case, other_moderator):
    assert code(team.post(f"{url}/reopen", {"reason": WHY})) == "open"
    decide(case, actor=other_moderator, version=case.version, outcome="no_violation", explanation="A fair question.")
    assert team.post(f"{url}/reopen", {"reason": WHY}).json()["state"] == "open"


def test_escalate_and_back(team, url, case):
    assert team.post(f"{url}/escalate", {"lane": "legal", "reason": WHY}).json()["lane"] == "legal"
    assert code(team.post(f"{url}/escalate", {"lane": "legal", "reason": WHY})) == "same"
    assert [one["id"] for one in team.get(f"{URL}?lane=legal").json()["results"]] == [str(case.public_id)]
    assert team.post(f"{url}/escalate", {"lane": None, "reason": WHY}).json()["lane"] is None
    assert team.post(f"{url}/escalate", {"lane": "moon", "reason": WHY}).status_code == 400


def test_escalated_out_of_sight(team, url):
    """A lane of named people: whoever brings a case there does not see it any more."""
    assert team.post(f"{url}/escalate", {"lane": "minors", "reason": WHY}).status_code == 204
    assert team.get(url).status_code == 404
    assert team.get(f"{URL}?lane=minors").status_code == 400


def test_track(team, url):
    for track in ("restricted", "moderated"):
        assert team.put(f"{url}/track", {"track": track, "reason": WHY}).json()["track"] == track
    assert team.put(f"{url}/track", {"track": "moderated", "reason": "No."}).status_code == 400


def test_at_risk_and_support(team, url, author):
    assert team.put(f"{url}/at-risk", {"at_risk": True}).json()["at_risk"] is True
    assert team.post(f"{url}/support").status_code == 204
    again = team.post(f"{url}/support")
    assert (again.status_code, code(again)) == (409, "sent")
    assert Event.objects.filter(kind="support.sent").count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=idiots", 1), ("q=idiots&lane=open", 1), ("q=weather", 0), ("lane=mine", 0), ("lane=unclaimed", 1),
        ("due=any&lane=open", 0), ("channel=form", 1), ("channel=mail", 0), ("track=restricted", 0),
        ("lane=decided", 0), ("lane=open&clause=harassment&everything=true", 1),
    ],
)  # fmt: skip
def test_filters_of_the_queue(team, case, query, found):
    Case.objects.update(track="moderated")
    assert len(team.get(f"{URL}?{query}").json()["results"]) == found


@pytest.mark.parametrize("query", ["lane=moon", "q=ab", "due=yesterday", "channel=pigeon", "track=fast"])
def test_filters_that_make_no_sense(team, case, query):
    assert team.get(f"{URL}?{query}").status_code == 400


def test_a_lane_costs_the_same_at_any_length(team, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        team.get(f"{URL}?lane=open")
