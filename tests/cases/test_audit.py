"""Every reading of confidential evidence is an event (J6, J1 of the evidence: who, what, when)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import create_token
from accounts.queries import system_actor
from foundation.errors import Refused
from moderation.cases.audit import note_reading
from moderation.cases.models import Event
from moderation.cases.verify import find_faults
from moderation.reports.actions.evidence import EvidenceFile, attach, decrypted, path_of
from moderation.reports.models import Attachment, Report


@pytest.fixture
def read():
    """read(): who read what, oldest first."""
    return lambda: [
        (one.actor.username, one.data["what"])
        for one in Event.objects.filter(kind="evidence.read").select_related("actor").order_by("pk")
    ]


@pytest.fixture
def attachment(case, reporter, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    report = Report.objects.get(case_report__case=case)
    [kept] = attach(report, [EvidenceFile("proof <1>.html", "text/html", b"<script>alert(1)</script>")], actor=reporter)
    return kept


def test_the_page_writes_who_was_shown_confidential_reports(case, moderator, sign_in, read):
    version = case.version
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert read() == [("mira", ["reports"])]
    assert "Read confidential reports" in page
    case.refresh_from_db()
    assert case.version == version
    assert list(find_faults()) == []


def test_once_within_ten_minutes_for_each_person(case, moderator, other_moderator, sign_in, read, pass_time):
    first, second = sign_in(moderator), sign_in(other_moderator)
    for client in (first, first, second, first, second):
        client.get(case.get_absolute_url())
    assert read() == [("mira", ["reports"]), ("tomas", ["reports"])]
    pass_time(timedelta(minutes=9))
    first.get(case.get_absolute_url())
    assert len(read()) == 2
    pass_time(timedelta(minutes=2))
    first.get(case.get_absolute_url())
    assert read()[2:] == [("mira", ["reports"])]


def test_public_reports_are_no_secret(report, repository, moderator, sign_in, read):
    case = report(repository, "license-violation")
    sign_in(moderator).get(case.get_absolute_url())
    assert read() == []


def test_the_api_writes_it_too(case, moderator, read):
    headers = {"authorization": f"Bearer {create_token(moderator, scope='moderate', actor=system_actor())}"}
    for _time in range(2):
        assert Client().get(f"/api/v1/cases/{case.public_id}", headers=headers).status_code == 200
    assert read() == [("mira", ["reports"])]
    shown = Client().get(f"/api/v1/cases/{case.public_id}", headers=headers).json()
    assert [one["kind"] for one in shown["looks"]] == ["evidence.read"]
    assert "evidence.read" not in [one["kind"] for one in shown["events"]]
    Client().get("/api/v1/cases", headers=headers)
    assert len(read()) == 1


def test_it_is_no_news(case, moderator, other_moderator, sign_in):
    client = sign_in(other_moderator)
    since = Event.objects.latest("pk").pk
    sign_in(moderator).get(case.get_absolute_url())
    assert "new" not in client.get(f"/cases/news?since={since}").content.decode().lower().replace("news", "")
    news = client.get(f"{case.get_absolute_url()}/news?since={case.version}").content.decode()
    assert "Something happened" not in news


def test_a_file_is_a_download_that_nothing_runs_and_reading_it_is_an_event(case, attachment, moderator, sign_in, read):
    response = sign_in(moderator).get(f"{case.get_absolute_url()}/attachments/{attachment.public_id}")
    assert (response.status_code, response.content) == (200, b"<script>alert(1)</script>")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert (response["X-Content-Type-Options"], "sandbox" in response["Content-Security-Policy"]) == ("nosniff", True)
    assert "no-store" in response["Cache-Control"]
    assert read() == [("mira", [f"attachment:{attachment.public_id.hex}"])]


def test_nobody_else_gets_it(case, attachment, many_cases, moderator, author, reporter, sign_in, read):
    [other] = many_cases(1)
    at = f"{case.get_absolute_url()}/attachments/{attachment.public_id}"
    assert Client().get(at).status_code in (302, 403, 404)
    for person in (author, reporter):
        assert sign_in(person).get(at).status_code in (403, 404)
    assert sign_in(moderator).get(f"{other.get_absolute_url()}/attachments/{attachment.public_id}").status_code == 404
    assert read() == []


def test_a_destroyed_file_says_so(case, attachment, moderator, sign_in, read):
    path_of(attachment.public_id).unlink()
    assert sign_in(moderator).get(f"{case.get_absolute_url()}/attachments/{attachment.public_id}").status_code == 410
    Attachment.objects.update(key=b"")
    with pytest.raises(Refused):
        decrypted(Attachment.objects.get())
    assert read() == []


def test_what_was_read_before_is_not_written_again_with_something_new(case, moderator, read):
    note_reading(case, "reports", actor=moderator)
    note_reading(case, "reports", "thread", actor=moderator)
    note_reading(case, "thread", actor=moderator)
    assert read() == [("mira", ["reports"]), ("mira", ["reports", "thread"])]


def test_reading_does_not_make_a_decision_stale(case, moderator, other_moderator, sign_in):
    from moderation.cases.actions import claim, decide

    claim(case, actor=moderator)
    sign_in(other_moderator).get(case.get_absolute_url())
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="Blunt, but no violation.")
