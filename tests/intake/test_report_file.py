"""A single file of a repository at a revision is reported, kept and compared (B4, C8)."""

import re

import pytest

from community.models import Discussion
from moderation.cases.models import Case
from moderation.intake.models import PendingReport
from moderation.reports.models import Report
from moderation.scoring.models import ScoreRequest
from moderation.subjects.models import Snapshot
from repositories.actions import commit
from tests.reports.steps import case_of

RECIPE = b"Mix two parts of the first with one part of the second.\n"


@pytest.fixture
def shared(make_repository, owner):
    """A repository with two more files, one of them no text."""
    repository = make_repository("kitchen")
    commit(repository, {"notes/recipe.txt": RECIPE, "model.bin": b"\x00\x01" * 40}, actor=owner, message="Files")
    repository.refresh_from_db()
    return repository


@pytest.fixture
def file_report(sign_in, reporter, shared, form):
    """file_report("notes/recipe.txt"): presses the button beside the file and sends the form it leads to."""

    def send(path: str, **changes: object) -> Report:
        client = sign_in(reporter)
        page = client.get(f"{shared.get_absolute_url()}/file/{path}").content.decode()
        link = re.search(r'href="(/report/repository/[^"]+links=[^"]+)"', page)[1].replace("&amp;", "&")
        shown = client.get(f"{link}&clause=malware")
        assert path in shown.content.decode()
        sent = {name: shown.context["form"][name].value() for name in ("file", "at", "links")}
        response = client.post(f"/report/repository/{shared.public_id}", form(clause="malware", **sent, **changes))
        assert response.status_code == 303, response.content.decode()
        return Report.objects.select_related("snapshot").latest("pk")

    return send


def test_its_content_is_the_evidence(file_report, shared, moderator, sign_in):
    report = file_report("notes/recipe.txt")
    snapshot = report.snapshot
    assert (snapshot.title, snapshot.text.encode()) == ("notes/recipe.txt", RECIPE)
    assert ScoreRequest.objects.filter(snapshot=snapshot).exists()
    page = sign_in(moderator).get(case_of(report).get_absolute_url()).content.decode()
    assert "Mix two parts" in page
    assert "file at" in page
    assert "unchanged since it was reported" in page


def test_it_is_compared_with_what_the_file_is_now(file_report, shared, owner, moderator, sign_in):
    case = case_of(file_report("notes/recipe.txt"))
    commit(shared, {"notes/recipe.txt": b"Do not mix them.\n"}, actor=owner, message="Better")
    assert "It was changed" in sign_in(moderator).get(case.get_absolute_url()).content.decode()


def test_what_is_no_text_is_named_by_its_size_and_hash(file_report):
    assert file_report("model.bin").snapshot.text.startswith("80 bytes, ")


def test_two_files_are_two_snapshots_of_one_case(file_report, shared, sign_in, make_user, form):
    file_report("notes/recipe.txt")
    sent = form(clause="malware", file="model.bin", at=shared.head)
    sign_in(make_user("ada")).post(f"/report/repository/{shared.public_id}", sent)
    assert (Case.objects.count(), Snapshot.objects.count()) == (1, 2)


def test_the_words_of_the_file_are_for_those_who_may_read_files(file_report, shared, sign_in, reporter):
    report = file_report("notes/recipe.txt")
    shared.gating = "manual"
    shared.save()
    page = sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()
    assert "Mix two parts" not in page


@pytest.mark.parametrize("changes", [{"file": "nothing.txt"}, {"at": "0" * 40}, {"file": "../../etc/passwd"}])
def test_what_is_not_there_is_said_and_nothing_is_filed(changes, sign_in, reporter, shared, form):
    sent = form(clause="malware", **{"file": "notes/recipe.txt", "at": shared.head, **changes})
    response = sign_in(reporter).post(f"/report/repository/{shared.public_id}", sent)
    assert response.status_code == 404
    assert "There is no such file" in response.content.decode()
    assert not Report.objects.exists()


def test_whoever_may_not_read_the_files_learns_nothing(sign_in, reporter, shared, form, owner):
    shared.gating = "manual"
    shared.save()
    sent = form(clause="malware", file="notes/recipe.txt", at=shared.head)
    response = sign_in(reporter).post(f"/report/repository/{shared.public_id}", sent)
    assert response.status_code == 403
    assert not Snapshot.objects.exists()


def test_a_guest_reports_the_file_as_it_was(client, shared, form, owner):
    sent = form(clause="malware", file="notes/recipe.txt", at=shared.head, email="pim@mail.example")
    assert client.post(f"/report/repository/{shared.public_id}", sent).status_code == 303
    assert PendingReport.objects.get().values["seen"]["text"].encode() == RECIPE


def test_a_file_of_what_is_private_by_now_opens_with_a_reason_only(file_report, shared, owner, moderator, sign_in):
    case = case_of(file_report("notes/recipe.txt"))
    commit(shared, {"notes/recipe.txt": b"A family secret.\n"}, actor=owner, message="Private now")
    shared.refresh_from_db()
    shared.visibility = "private"
    shared.save()
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert "A family secret" not in page
    assert "opens with a reason" in page


def test_a_public_report_of_a_file_opens_its_discussion(sign_in, reporter, shared, form):
    sent = form(clause="spam", file="notes/recipe.txt", at=shared.head)
    sign_in(reporter).post(f"/report/repository/{shared.public_id}", sent)
    assert Discussion.objects.get(origin="report").comments.get().text == "It advertises a shop in every section."
