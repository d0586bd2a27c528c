"""The desk of the team's programs: counts, news, comfort, templates, answers, weights, people (K1, D4, D5)."""

from datetime import timedelta

import pytest

from accounts.posting import standing_restriction
from community.actions import add_comment
from foundation import clock
from moderation.appeals.actions import file_appeal
from moderation.cases.actions import MeasureOrder, claim, decide, receive_report
from moderation.cases.actions.templates import change_template, write_template
from moderation.cases.actions.views import save_view
from moderation.cases.comfort import seen_today
from moderation.cases.feedback import read_changes
from moderation.cases.models import Case, Formula
from moderation.cases.weights import WEIGHTS, forget
from moderation.reports.models import ReportingLimit
from moderation.sanctions.models import Measure
from repositories.models import Repository
from tests.api.conftest import code

URL = "/api/v1"


@pytest.fixture
def administration(program, admin):
    """A program of an administrator."""
    return program(admin, "moderate")


@pytest.fixture(autouse=True)
def _weights_of_this_test():
    forget()
    yield
    forget()


def test_lanes_are_counted(team, case, moderator, django_assert_max_num_queries):
    claim(case, actor=moderator)
    with django_assert_max_num_queries(7):
        lanes = {one["code"]: one for one in team.get(f"{URL}/lanes").json()}
    assert (lanes["open"]["count"], lanes["mine"]["count"], lanes["unclaimed"]["count"]) == (1, 1, 0)
    assert lanes["decided"]["count"] is None
    assert (lanes["legal"]["named"], lanes["open"]["named"]) == (True, False)
    assert "minors" not in lanes


def test_news_of_a_list(team, case, discussion, author, reporter, clause, moderator):
    start = team.get(f"{URL}/cases/news").json()
    assert start["count"] == 0
    comment = add_comment(discussion, text="Idiots again!", actor=author)
    receive_report(comment, clause=clause("spam"), text="Adverts!", actor=reporter)
    later = team.get(f"{URL}/cases/news?since={start['newest']}").json()
    assert (later["count"], later["newest"] > start["newest"]) == (1, True)
    for query, count in (("clause=spam", 1), ("clause=harassment", 0), ("lane=mine", 0), ("q=idiots", 1)):
        assert team.get(f"{URL}/cases/news?since={start['newest']}&{query}").json()["count"] == count, query
    assert team.get(f"{URL}/cases/news?since={later['newest']}").json()["count"] == 0
    # One's own doings are no news.
    claim(case, actor=moderator)
    assert team.get(f"{URL}/cases/news?since={later['newest']}").json()["count"] == 0


@pytest.mark.parametrize("query", ["since=x", "since=-1", "since=99999999999999999999", "since=1&lane=moon"])
def test_news_that_make_no_sense(team, query):
    assert team.get(f"{URL}/cases/news?{query}").status_code == 400


def test_views_are_counted(team, case, moderator, other_moderator):
    save_view("Spam", "clause=spam", shared=False, actor=moderator)
    save_view("All", "lane=open", shared=True, actor=other_moderator)
    save_view("Hidden", "lane=open", shared=False, actor=other_moderator)
    assert [(one["name"], one["count"]) for one in team.get(f"{URL}/views/counts").json()] == [("Spam", 0), ("All", 1)]


def test_comfort_is_ones_own(team, program, other_moderator):
    shown = team.get(f"{URL}/comfort").json()
    assert (shown["blur"], shown["budget"], shown["opted_out"], shown["seen_today"]) == (True, None, [], 0)
    changed = team.patch(f"{URL}/comfort", {"blur": False, "opted_out": ["spam"], "budget": 5}).json()
    assert (changed["blur"], changed["fold"], changed["opted_out"], changed["budget"]) == (False, True, ["spam"], 5)
    kept = team.patch(f"{URL}/comfort", {"greyscale": False}).json()
    assert (kept["blur"], kept["greyscale"], kept["opted_out"], kept["budget"]) == (False, False, ["spam"], 5)
    assert team.patch(f"{URL}/comfort", {"budget": None}).json()["budget"] is None
    assert program(other_moderator, "moderate").get(f"{URL}/comfort").json() == shown


@pytest.mark.parametrize("change", [{"budget": 0}, {"budget": 501}, {"opted_out": ["nothing"]}, {"blur": "maybe"}])
def test_comfort_that_makes_no_sense(team, change):
    assert team.patch(f"{URL}/comfort", change).status_code == 400


def test_what_was_seen_counts_for_the_own_budget(team, repository, reporter, clause, moderator):
    receive_report(repository, clause=clause("weapons"), text="It helps to build one.", actor=reporter)
    case = Case.objects.get()
    team.patch(f"{URL}/comfort", {"budget": 1})
    for _ in range(2):
        assert team.post(f"{URL}/cases/{case.public_id}/reveal").json() == {"pause": True}
    assert seen_today(moderator) == 1


def test_mild_content_counts_for_nothing(team, comment, reporter, clause, moderator):
    receive_report(comment, clause=clause("spam"), text="Adverts!", actor=reporter)
    assert team.post(f"{URL}/cases/{Case.objects.get().public_id}/reveal").json() == {"pause": False}
    assert seen_today(moderator) == 0


@pytest.fixture
def template(moderator, clause):
    return write_template(
        actor=moderator, title="Insults", text="Dear {author}: {clause}.", language="en", outcome="violation",
        clause=clause("harassment"), measures=["posting_ban", "downgrade"],
    )  # fmt: skip


def test_a_template_is_filled_in_and_decides(team, case, template, author):
    filled = team.get(f"{URL}/cases/{case.public_id}/reason-templates/{template.public_id}").json()
    assert filled["explanation"] == "Dear quentin: Harassment and bullying."
    assert (filled["outcome"], filled["clause"], filled["measures"]) == ("violation", "harassment", ["posting_ban"])
    order = filled | {"measures": [{"kind": kind} for kind in filled["measures"]]}
    assert team.post(f"{URL}/cases/{case.public_id}/decisions", order).status_code == 201
    assert standing_restriction(author)
    late = team.get(f"{URL}/cases/{case.public_id}/reason-templates/{template.public_id}")
    assert (late.status_code, code(late)) == (409, "decided")


def test_a_template_chooses_ends(team, repository, reporter, clause):
    asked = {"title": "Undocumented", "text": "The card says nothing of it.", "outcome": "violation",
             "clause": "spam", "measures": ["downgrade", "nfaa"],
             "ends": [{"kind": "downgrade", "until_done": "documented"}, {"kind": "nfaa", "hours": 36}]}  # fmt: skip
    made = team.post(f"{URL}/reason-templates", asked)
    assert made.status_code == 201, made.content
    kept = [
        {"kind": "downgrade", "hours": None, "until_done": "documented"},
        {"kind": "nfaa", "hours": 36, "until_done": None},
    ]
    assert made.json()["ends"] == kept
    path = f"{URL}/reason-templates/{made.json()['id']}"
    receive_report(repository, clause=clause("spam"), text="Adverts!", actor=reporter)
    case = Case.objects.get()
    assert team.get(f"{URL}/cases/{case.public_id}/reason-templates/{made.json()['id']}").json()["ends"] == kept
    assert team.patch(path, {"measures": ["nfaa"]}).json()["ends"] == kept[1:]
    for wrong in ({"kind": "nfaa", "hours": 3, "until_done": "tagged"}, {"kind": "nfaa"}, {"kind": "hold", "hours": 3}):
        assert team.patch(path, {"ends": [wrong]}).status_code == 400


def test_a_retired_template_is_not_filled_in(team, case, template, moderator):
    change_template(template, actor=moderator, active=False)
    path = f"{URL}/cases/{case.public_id}/reason-templates/{template.public_id}"
    assert team.get(path).status_code == 404


def test_no_violation_takes_no_clause_along(team, case, moderator):
    made = write_template(actor=moderator, title="Fine", text="A fair question.", language="en", outcome="no_violation")
    filled = team.get(f"{URL}/cases/{case.public_id}/reason-templates/{made.public_id}").json()
    assert (filled["clause"], filled["measures"]) == (None, [])


def test_answers_are_read(team, repository, reporter, owner, moderator, clause):
    receive_report(repository, clause=clause("spam"), text="Adverts!", actor=reporter)
    case = Case.objects.get()
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip
    address = f"{URL}/cases/{case.public_id}/answers"
    assert team.get(address).json() == []
    add_comment(Measure.objects.get().discussion, text="I took it out.", actor=owner)
    read_changes()
    (given,) = team.get(address).json()
    assert (given["text"], given["author"]) == ("I took it out.", "nok")
    for _ in range(2):
        assert team.post(f"{address}/read", {"seen": given["number"]}).status_code == 200
    assert team.get(address).json() == []
    assert case.events.filter(kind="answers.read").count() == 1
    assert team.post(f"{address}/read", {"seen": 0}).status_code == 400


def test_weights_are_read_by_all_and_changed_by_administrators(team, administration, admin):
    before = team.get(f"{URL}/weights").json()
    assert before["weights"] == WEIGHTS
    wanted = {"weights": WEIGHTS | {"severity": 9}}
    assert team.put(f"{URL}/weights", wanted).status_code == 403
    assert team.put(f"{URL}/weights", {"weights": WEIGHTS}).status_code == 403
    assert team.get(f"{URL}/weights").json() == before
    for _ in range(2):
        changed = administration.put(f"{URL}/weights", wanted).json()
        assert (changed["version"], changed["weights"]["severity"]) == (before["version"] + 1, 9)
    assert Formula.objects.latest("version").actor == admin


@pytest.mark.parametrize("change", [{"severity": -1}, {"severity": "much"}, {"charm": 1}, {"severity": 10**400}])
def test_weights_that_make_no_sense(administration, change):
    before = administration.get(f"{URL}/weights").json()
    assert administration.put(f"{URL}/weights", {"weights": WEIGHTS | change}).status_code == 400
    assert administration.get(f"{URL}/weights").json() == before


@pytest.fixture
def banned(case, moderator, clause, author):
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    return author


def test_a_person(team, banned, reporter, moderator):
    shown = team.get(f"{URL}/people/{banned.public_id}").json()
    assert (shown["username"], shown["posting"]["reason"]) == ("quentin", "You called people idiots.")
    (measure,) = team.get(f"{URL}/people/{banned.public_id}/measures").json()["results"]
    assert measure["kind"] == "posting_ban"
    (case,) = team.get(f"{URL}/people/{banned.public_id}/cases").json()["results"]
    assert case["state"] == "decided"
    record = team.get(f"{URL}/people/{reporter.public_id}").json()
    assert (record["record"]["all_upheld"], record["by_clause"][0]["clause"]) == (1, "harassment")
    for path in ("", "/measures", "/cases"):
        assert team.get(f"{URL}/people/{moderator.public_id}{path}").status_code == 404


def test_a_limit_on_reporting_is_lifted(team, reporter):
    now = clock.now()
    ReportingLimit.objects.create(
        person=reporter, per_day=1, reason="Two more.", starts_at=now, ends_at=now + timedelta(days=30)
    )
    address = f"{URL}/people/{reporter.public_id}"
    assert team.get(address).json()["limit"]["per_day"] == 1
    assert [team.delete(f"{address}/reporting-limit").status_code for _ in range(2)] == [204, 204]
    shown = team.get(address).json()
    assert (shown["limit"], shown["limits"][0]["lifted_by"]) == (None, "mira")


def test_what_a_person_contested(team, report_of, author, moderator, django_assert_max_num_queries):
    decision = report_of(author)
    file_appeal(decision, text="They called me a troll first.", actor=author)
    address = f"{URL}/people/{author.public_id}/appeals"
    with django_assert_max_num_queries(5):
        (found,) = team.get(address).json()["results"]
    assert (found["state"], found["clause"], found["decided_at"]) == ("open", "harassment", None)
    assert found["case"] == str(Case.objects.get(kind="appeal").public_id)
    assert team.get(f"{URL}/people/{moderator.public_id}/appeals").status_code == 404


@pytest.fixture
def report_of(comment, reporter, moderator, clause):
    """report_of(author): the decision about what they wrote."""

    def make(_author):
        receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
        case = Case.objects.get()
        return decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
            measures=[MeasureOrder("posting_ban")], explanation="You insulted everybody here.",
        )  # fmt: skip

    return make


def test_what_nobody_documented(team, make_repository, django_assert_max_num_queries):
    for name, downloads, lacks in (("small", 10, ["risks", "limitations"]), ("huge", 90, ["risks"]), ("told", 99, [])):
        row = make_repository(name)
        Repository.objects.filter(pk=row.pk).update(downloads=downloads, missing_documentation=lacks)
    with django_assert_max_num_queries(4):
        found = team.get(f"{URL}/undocumented?kind=model").json()["results"]
    assert [(one["name"], one["missing"]) for one in found] == [
        ("nok/huge", ["risks"]),
        ("nok/small", ["risks", "limitations"]),
    ]
    assert "/discussions/new?" in found[0]["ask"]
    assert [one["name"] for one in team.get(f"{URL}/undocumented?missing=limitations").json()["results"]] == [
        "nok/small"
    ]
    assert team.get(f"{URL}/undocumented?missing=everything").status_code == 400


def test_the_transparency_report_is_for_everybody(client, report_of, author, pass_time, django_assert_max_num_queries):
    report_of(author)
    month = clock.now().strftime("%Y-%m")
    pass_time(timedelta(days=40))
    with django_assert_max_num_queries(11):
        found = client.get(f"{URL}/transparency?from={month}&to={month}").json()
    assert found == client.get(f"/transparency?format=json&from={month}&to={month}").json()
    assert found["clauses"][0] | {"title": ""} == {
        "code": "harassment", "title": "", "reports": 1, "violations": 1, "no_violations": 0,
    }  # fmt: skip
    assert client.get(f"{URL}/transparency?from=soon").status_code == 400
