"""What a case is judged by, for the team's programs: reports, files, what is locked away, what is known (K1, C9)."""

import pytest

from community.actions import add_comment, edit_comment
from moderation.cases.actions import decide, receive_report
from moderation.cases.models import Case, Event
from moderation.policy.models import Lane
from moderation.reports.actions.evidence import path_of
from moderation.reports.details import Details
from moderation.reports.models import Attachment, Report
from tests.api.conftest import code

PNG = b"\x89PNG\r\n\x1a\n" + b"picture " * 20
SECRET = "zirkonfalke"
WHY = "The authorities asked for the exact words."


@pytest.fixture
def url(case) -> str:
    return f"/api/v1/cases/{case.public_id}"


@pytest.fixture
def file(program, reporter, case) -> Attachment:
    """A file that the reporter's own program added."""
    report = Report.objects.get()
    address = f"/api/v1/reports/{report.public_id}/attachments?name=shot.png"
    assert program(reporter).post(address, PNG, content_type="application/octet-stream").status_code == 201
    return Attachment.objects.get()


def looks(case) -> list[list[str]]:
    return [event.data["what"] for event in Event.objects.filter(case=case, kind="evidence.read").order_by("pk")]


def test_reports_say_everything(team, url, case, file, reporter):
    (line,) = team.get(f"{url}/reports").json()["results"]
    report = line["report"]
    assert (report["reporter"], report["clause"], report["confidential"]) == (reporter.username, "harassment", True)
    assert (line["sender"], line["claim"], line["doubt"]) == (None, None, None)
    assert (line["record"]["decided"], line["can_be_marked"]) == (0, True)
    assert 0 < line["record"]["reliability"] < 1
    assert [one["name"] for one in report["attachments"]] == ["shot.png"]
    assert looks(case) == [["reports"]]
    team.get(f"{url}/reports")
    assert len(looks(case)) == 1


def test_reports_cost_the_same_however_many(team, url, comment, make_user, clause, django_assert_max_num_queries):
    for number in range(6):
        receive_report(comment, clause=clause("spam"), text="Adverts!", actor=make_user(f"voice{number}"))
    team.get(f"{url}/reports")  # the reading is noted once
    with django_assert_max_num_queries(11):
        assert len(team.get(f"{url}/reports").json()["results"]) == 7


def test_files_are_listed_and_downloaded_and_that_is_an_event(team, url, case, file):
    (row,) = team.get(f"{url}/attachments").json()["results"]
    assert (row["name"], row["media_type"], row["size"]) == ("shot.png", "image/png", len(PNG))
    assert row["report"] == str(Report.objects.get().public_id)
    answer = team.get(f"{url}/attachments/{row['id']}", HTTP_ACCEPT="image/png")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert looks(case) == [["reports"], [f"attachment:{file.public_id.hex}"]]


def test_a_destroyed_file_is_gone(team, url, case, file):
    path_of(file.public_id).unlink()
    answer = team.get(f"{url}/attachments/{file.public_id}", HTTP_ACCEPT="image/png")
    assert (answer.status_code, code(answer)) == (410, "destroyed")
    assert looks(case) == []


def test_a_file_of_another_case(team, url, file, repository, reporter, clause):
    receive_report(repository, clause=clause("spam"), text="Adverts.", actor=reporter)
    other = Case.objects.latest("pk")
    assert team.get(f"/api/v1/cases/{other.public_id}/attachments/{file.public_id}").status_code == 404


def test_reading_the_thread_of_a_party_is_an_event(team, url, case, owner):
    asked = team.post(f"{url}/parties", {"role": "depicted", "username": "nok"}).json()
    thread = f"/api/v1/parties/{asked['id']}"
    team.get(f"{thread}/messages")
    assert looks(case) == []
    team.post(f"{thread}/ask", {"text": "Is this you in the picture?"})
    team.get(f"{thread}/messages")
    assert looks(case) == [["thread"]]


def test_evidence_beside_what_it_is_now(team, url, case, comment):
    before = team.get(f"{url}/evidence").json()
    assert before["evidence"]["content"] == before["evidence"]["now"] == "You people are idiots and should shut up."
    assert (before["evidence"]["changes"], before["harmful"]) == ([], True)  # of a severe clause
    edit_comment(comment, text="You people are kind.", actor=comment.author)
    after = team.get(f"{url}/evidence").json()["evidence"]
    assert after["now"] == "You people are kind."
    assert [line["kind"] for line in after["changes"]] == ["gone", "new"]
    assert any(part["changed"] for part in after["changes"][0]["parts"])
    assert after["snapshot"]["id"] == after["snapshots"][0]["id"]


def test_priority_point_by_point(team, url, case, moderator):
    shown = team.get(f"{url}/priority").json()
    assert shown["total"] == pytest.approx(sum(one["points"] for one in shown["points"]))
    assert "severity" in {one["code"] for one in shown["points"]}
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="A fair question.")
    assert team.get(f"{url}/priority").json() == {"total": 0, "points": []}


def test_options_say_what_each_means(team, url, author):
    shown = team.get(f"{url}/options").json()
    ban = next(one for one in shown["measures"] if one["kind"] == "posting_ban")
    assert [one["person"] for one in ban["told"]] == [author.username]
    assert ban["consequence"]
    assert shown["owner"]["state"] == "unasked"


def test_background(team, url, case, comment, repository, discussion, owner, django_assert_max_num_queries):
    add_comment(discussion, text="Please stay friendly.", actor=owner)
    with django_assert_max_num_queries(25):
        shown = team.get(f"{url}/background").json()
    assert shown["questions"]["repository"] == repository.full_name
    assert (shown["questions"]["itself"], shown["author"]) == (False, comment.author.username)
    assert [one["text"] for one in shown["around"]][-1] == "Please stay friendly."
    assert (shown["earlier"], shown["of_author"], shown["measures"]) == ([], [], [])


@pytest.fixture
def guardian(make_user):
    """Somebody of the people of the sealed lane."""
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


@pytest.fixture
def sealed(written, reporter, clause) -> Case:
    comment = written(f"A sentence with the word {SECRET} in it.")
    details = Details(passage=f"the word {SECRET}")
    receive_report(comment, clause=clause("minors-sexual-content"), text="Please.", details=details, actor=reporter)
    return Case.objects.get()


def test_locked_away_words_are_for_the_people_of_the_lane(team, program, guardian, sealed):
    address = f"/api/v1/cases/{sealed.public_id}/locked"
    assert team.get(address).status_code == 404
    client = program(guardian, "moderate")
    (row,) = client.get(address).json()
    assert (row["kept"], row["gone"]) == (False, False)
    for path in ("reports", "evidence", "background", "options"):
        answer = client.get(f"/api/v1/cases/{sealed.public_id}/{path}")
        assert (answer.status_code, SECRET in answer.content.decode()) == (200, False), path
    place = f"{address}/{row['id']}/open"
    assert team.post(place, {"reason": WHY}).status_code == 404
    assert client.post(place, {"reason": "Because"}).status_code == 400
    assert client.post(f"{address}/999999999999/open", {"reason": WHY}).status_code == 404
    assert not Event.objects.filter(kind="evidence.opened").exists()


def test_opening_is_logged_and_a_request_opens_once(program, guardian, sealed):
    client = program(guardian, "moderate")
    address = f"/api/v1/cases/{sealed.public_id}/locked"
    (row,) = client.get(address).json()
    body, headers = {"reason": WHY}, {"Idempotency-Key": "look"}
    opened = client.post(f"{address}/{row['id']}/open", body, headers=headers)
    assert SECRET in opened.json()["text"]
    assert "no-store" in opened["Cache-Control"]
    again = client.post(f"{address}/{row['id']}/open", body, headers=headers)
    assert (again.status_code, code(again)) == (409, "opened")
    assert SECRET not in again.content.decode()
    assert Event.objects.filter(kind="evidence.opened", actor=guardian).count() == 1


def test_the_law_keeps_it_and_a_decision_releases_it(program, guardian, sealed):
    client = program(guardian, "moderate")
    address = f"/api/v1/cases/{sealed.public_id}/locked"
    order = {"keep": True, "reason": "The court of Example, 12 C 34/26."}
    assert [client.put(address, order).json()[0]["kept"] for _ in range(2)] == [True, True]
    assert Event.objects.filter(kind="evidence.kept").count() == 1
    assert client.put(address, {"keep": False, "reason": "It is settled now."}).json()[0]["kept"] is False
    (row,) = client.get(address).json()
    sealed.refresh_from_db()
    said = {"version": sealed.version, "outcome": "no_violation", "explanation": "A harmless sentence."}
    assert client.post(f"/api/v1/cases/{sealed.public_id}/decisions", said).status_code == 201
    assert client.get(address).json() == []
    gone = client.post(f"{address}/{row['id']}/open", {"reason": WHY})
    assert gone.status_code == 404
