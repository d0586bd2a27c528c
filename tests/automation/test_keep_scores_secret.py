"""Exact scores, thresholds and terms are for those with the permission: nowhere else do they show (H6)."""

import base64
import json
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from foundation.api import KeysetPagination
from moderation.appeals.models import Appeal
from moderation.automation.models import Rule, RuleRun
from moderation.cases.models import Case
from moderation.sanctions.models import StatementOfReasons
from moderation.scoring.models import TermList
from tests.api.conftest import program
from tests.cases.conftest import report
from tests.reports.steps import decided

__all__ = ["program", "report"]

# Digits that nothing else on a page has: of the score, of both thresholds, and of what is computed from them.
VALUE, THRESHOLD, CONFIDENT = 0.8642137, 0.5731846, 0.7913582
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+Z?|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
SECRET = ("8642", "0.86", "5731", "0.57", "7913", "0.79", "zyzzyvas")


@pytest.fixture
def case(report, comment, score, classifier_says) -> Case:
    TermList.objects.create(name="Secret", label="toxicity").terms.create(text="zyzzyvas")
    case = report(comment)
    classifier_says(case)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def score():
    return None


@pytest.fixture
def classifier_says():
    from classifiers.text import LabelScore
    from foundation import clock
    from moderation.cases.priority import update_priority
    from moderation.scoring.actions import revision_of, save_scores
    from moderation.subjects.models import Snapshot
    from tests.cases.conftest import PROVENANCE

    def say(case: Case) -> None:
        one = LabelScore("toxicity", VALUE, THRESHOLD, CONFIDENT, 0, 5)
        snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
        revision = revision_of(PROVENANCE, "text@1")
        save_scores(snapshots, [[one]] * len(snapshots), revision=revision, milliseconds=1.5)
        update_priority(Case.objects.get(pk=case.pk), clock.now())

    return say


@pytest.fixture
def without(moderator):
    """A moderator who may not see thresholds."""
    Group.objects.get(name="Moderators").permissions.remove(Permission.objects.get(codename="see_thresholds"))
    return type(moderator).objects.get(pk=moderator.pk)


def told(body: str) -> list[str]:
    """What of it is in `body`; moments and ids hold all kinds of numbers."""
    timeless = MOMENT.sub("", body)
    return [one for one in SECRET if one in timeless]


def team_pages(case: Case) -> list[str]:
    return [reverse("cases:queue"), case.get_absolute_url(), reverse("automation:rules")]


def team_paths(case: Case) -> list[str]:
    of_case = [f"cases/{case.public_id}{end}" for end in ("", "/evidence", "/priority", "/background", "/links")]
    return ["cases", "cases?lane=open", "cases?q=idiots", *of_case]


def test_a_moderator_sees_them(case, moderator, sign_in, program):
    assert told(sign_in(moderator).get(case.get_absolute_url()).content.decode())
    client = program(moderator, "moderate")
    [score] = client.get(f"/api/v1/cases/{case.public_id}").json()["snapshots"][0]["scores"]
    assert (score["value"], score["threshold"]) == (VALUE, THRESHOLD)
    assert client.get("/api/v1/cases").json()["results"][0]["points"] == case.points


def test_without_the_permission_the_team_reads_words(case, without, sign_in, program):
    client = sign_in(without)
    for address in team_pages(case):
        answer = client.get(address)
        assert (address, answer.status_code, told(answer.content.decode())) == (address, 200, [])
    page = client.get(case.get_absolute_url()).content.decode()
    assert "The classifier is confident" in page
    assert "<meter" not in page
    of_team = program(without, "moderate")
    for path in team_paths(case):
        answer = of_team.get(f"/api/v1/{path}")
        assert (path, answer.status_code, told(answer.content.decode())) == (path, 200, [])
    [score] = of_team.get(f"/api/v1/cases/{case.public_id}").json()["snapshots"][0]["scores"]
    assert (score["value"], score["threshold"], score["over"], score["confident"]) == (None, None, True, True)
    assert of_team.get("/api/v1/cases").json()["results"][0]["points"] is None


def test_the_points_of_the_score_cannot_be_subtracted(case, without, program):
    """The score is a term of the priority: with the sum and all other terms everybody could compute it."""
    priority = program(without, "moderate").get(f"/api/v1/cases/{case.public_id}/priority").json()
    assert priority["total"] is None
    assert {one["code"] for one in priority["points"] if one["points"] is None} == {"score"}
    claimed = program(without, "moderate").post(f"/api/v1/cases/{case.public_id}/claim").json()
    assert claimed["points"] is None


def test_the_place_of_a_page_tells_no_rank_and_cannot_be_made_up(
    case, report, discussion, without, program, sign_in, monkeypatch
):
    """By rank and opening time one could compute the points, and by them the score."""
    report(discussion)
    monkeypatch.setattr(KeysetPagination, "size", 1)
    client = program(without, "moderate")
    first = client.get("/api/v1/cases")
    after = re.search(r"after=([\w-]+)", first.content.decode() + first.get("Link", ""))[1]
    place = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4))
    case.refresh_from_db()
    assert str(case.rank).encode() not in place
    assert client.get(f"/api/v1/cases?after={after}").status_code == 200
    made_up = base64.urlsafe_b64encode(json.dumps([case.rank, case.pk]).encode()).decode().rstrip("=")
    for forged in (made_up, after[:-4] + "AAAA", after[:9], "AAAA"):
        assert client.get(f"/api/v1/cases?after={forged}").status_code == 400
        assert sign_in(without).get(f"/cases?after={forged}").status_code == 400


def test_whom_it_concerns_and_whoever_reported_it_read_nothing(case, moderator, author, reporter, sign_in, program):
    decided(case, moderator, "posting_ban")
    statement = StatementOfReasons.objects.get(recipient=author)
    home = case.subject.home
    assert home is not None
    addresses = [
        "/inbox",
        "/standing",
        "/reports",
        "/transparency",
        home.get_absolute_url(),
        case.subject.get_absolute_url(),
    ]
    paths = ["inbox", "statements", "standing", "reports", f"statements/{statement.public_id}"]
    for person in (author, reporter, home.namespace.user):
        client, of_person = sign_in(person), program(person, "write")
        for address in addresses:
            answer = client.get(address, follow=True)
            assert (address, told(answer.content.decode())) == (address, [])
        for path in paths:
            answer = of_person.get(f"/api/v1/{path}")
            assert (path, told(answer.content.decode())) == (path, [])
    assert not Appeal.objects.exists()


def test_strangers_and_everybody_else_learn_nothing_from_what_they_may_not_do(case, reporter, sign_in, program, client):
    for somebody in (client, sign_in(reporter)):
        for address in [*team_pages(case), reverse("quality:classifiers")]:
            answer = somebody.get(address)
            assert answer.status_code in (302, 404)
            assert told(answer.content.decode()) == []
    of_person = program(reporter, "write")
    for path in [*team_paths(case), "classifiers", "classifiers/text@1/labels/toxicity"]:
        answer = of_person.get(f"/api/v1/{path}")
        assert (path, answer.status_code, told(answer.content.decode())) == (path, 403, [])


def test_public_downloads_hold_none(case, moderator, client):
    decided(case, moderator, "posting_ban")
    home = case.subject.home
    assert home is not None
    for address in (
        "/transparency.json",
        "/transparency.csv",
        "/api/schema/",
        f"/api/models/{home.full_name}",
        "/robots.txt",
    ):
        answer = Client().get(address)
        body = answer.getvalue()
        assert (address, told(body.decode())) == (address, [])


def test_the_decision_of_a_team_member_tells_its_errors_without_them(case, without, program):
    of_team = program(without, "moderate")
    refused = of_team.post(f"/api/v1/cases/{case.public_id}/decisions", {"version": 99, "outcome": "violation"})
    assert refused.status_code in (400, 409)
    assert told(json.dumps(refused.json())) == []


def test_what_a_rule_went_by_is_told_without_the_score(case, without, admin, sign_in, program):
    rule = Rule.objects.filter(mode="shadow").first()
    facts = {"score:toxicity": VALUE, "reporters": 3}
    snapshot = case.subject.snapshots.get()
    RuleRun.objects.create(rule=rule, case=case, snapshot=snapshot, mode="shadow", facts=facts)
    page = sign_in(without).get(reverse("automation:rule", args=[rule.public_id])).content.decode()
    assert "3 reporters" in page
    assert told(page) == []
    assert "0.86" in sign_in(admin).get(reverse("automation:rule", args=[rule.public_id])).content.decode()
    runs = program(without, "moderate").get(f"/api/v1/rules/{rule.public_id}/runs")
    assert runs.json()["results"][0]["facts"] == {"score:toxicity": None, "reporters": 3}
