"""Pictures that reporters sent: nothing blurred of them is kept while what they reported is locked away (C9, D5)."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_token
from accounts.queries import system_actor
from classifiers.images.previews import blurred_preview
from foundation.work import finish
from moderation.cases.actions import claim, decide
from moderation.cases.actions.changed_reports import add_own_file
from moderation.cases.actions.escalate import escalate
from moderation.cases.models import Case, Event
from moderation.cases.verify import find_faults
from moderation.intake.filing import file_all
from moderation.policy.models import Clause, Lane
from moderation.reports import previews
from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.details import NO_DETAILS
from moderation.reports.models import Attachment, BlurredAttachment, Report
from moderation.reports.previews import blur_attachments
from tests.classifiers.drawing import encoded, picture
from tests.conftest import concurrent
from tests.reports.steps import case_of

MINORS = "minors-sexual-content"
# Until the other one waits for us.
SOON = 0.7
REASON = "It looks like something for their people."
SHOT, TALK = (
    EvidenceFile("shot.png", "image/png", encoded(picture(900, 600))),
    EvidenceFile("talk.txt", "text/plain", b"He wrote this."),
)


@pytest.fixture
def guardian(make_user):
    """Somebody of the lane's people."""
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


@pytest.fixture
def filed(comment, make_user):
    """filed("ada"): the report of somebody, with a picture and what is none."""

    def file(name: str, code: str = "spam", files=(SHOT, TALK)) -> Report:
        return file_all(
            comment, clause=Clause.objects.get(code=code), text="Please look at this.", ground="rules",
            confidential=True, request_id=uuid.uuid4(), details=NO_DETAILS, files=files, actor=make_user(name),
        ).report  # fmt: skip

    return file


@pytest.fixture
def found_nothing(guardian):
    """found_nothing(case): decided by its people, so that the words come back."""

    def judge(case: Case) -> None:
        row = claim(Case.objects.get(pk=case.pk), actor=guardian)
        decide(row, actor=guardian, version=row.version, outcome="no_violation", explanation="Nothing of the kind.")

    return judge


def by_a_report(case, report, make_user, moderator):
    report(case.subject.comment, MINORS, by=make_user("late"))


def by_the_team(case, report, make_user, moderator):
    escalate(case, Lane.objects.get(code="minors"), reason=REASON, actor=moderator)


# Withdrawn ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock_away", [by_a_report, by_the_team])
@pytest.mark.parametrize("made", [True, False], ids=["made", "waiting"])
def test_what_was_blurred_goes_when_the_words_are_locked_away(filed, report, make_user, moderator, made, lock_away):
    case = case_of(filed("ada"))
    filed("bob")
    assert blur_attachments() == 2 if made else BlurredAttachment.objects.count() == 2
    lock_away(case, report, make_user, moderator)
    assert not BlurredAttachment.objects.exists()
    assert blur_attachments() == 0
    assert Attachment.objects.count() == 4
    assert list(find_faults()) == []


def test_of_other_things_it_stays(filed, report, repository):
    filed("ada")
    blur_attachments()
    report(repository, MINORS)
    assert BlurredAttachment.objects.count() == 1


def test_without_pictures_nothing_is_withdrawn(filed, report, comment, make_user):
    filed("ada", files=[])
    with CaptureQueriesContext(connection) as asked:
        report(comment, MINORS, by=make_user("late"))
    about = [one["sql"] for one in asked if "blurredattachment" in one["sql"]]
    assert not [sql for sql in about if "FROM" in sql and not sql.startswith('SELECT "subjects_snapshot"')]


# Never made -----------------------------------------------------------------------------------------------------------


def test_what_comes_with_a_later_report_is_not_blurred(filed, report, comment):
    report(comment, MINORS)
    filed("ada")
    assert not BlurredAttachment.objects.exists()
    assert blur_attachments() == 0


def test_nor_is_what_is_added_to_an_earlier_one(filed, report, comment):
    early = filed("ada", files=[])
    report(comment, MINORS)
    early.snapshot.sealed = False  # as whoever loaded it before has it
    add_own_file(early, SHOT, most=3, actor=early.reporter)
    assert Attachment.objects.exists()
    assert not BlurredAttachment.objects.exists()


def test_what_waits_nevertheless_is_never_opened(filed, report, comment, monkeypatch):
    report(comment, MINORS)
    BlurredAttachment.objects.create(attachment=filed("ada").attachments.get(name="shot.png"))
    monkeypatch.setattr(previews, "decrypted", pytest.fail)
    assert blur_attachments() == 0
    assert not BlurredAttachment.objects.exists()


def test_what_is_locked_away_while_it_is_blurred_gets_none(filed, report, comment, monkeypatch):
    filed("ada")

    def slow(data):
        report(comment, MINORS)
        return blurred_preview(data)

    monkeypatch.setattr(previews, "blurred_preview", slow)
    assert blur_attachments() == 0
    assert not BlurredAttachment.objects.exists()


def test_nor_does_what_came_in_unseen_by_whoever_locked_it_away(filed, report, comment, monkeypatch):
    shot = filed("ada").attachments.get(name="shot.png")

    def slow(data):
        row = BlurredAttachment.objects.get()
        report(comment, MINORS)
        row.save(force_insert=True)
        return blurred_preview(data)

    monkeypatch.setattr(previews, "blurred_preview", slow)
    assert blur_attachments() == 0
    assert not BlurredAttachment.objects.filter(attachment=shot).exists()


@concurrent
@pytest.mark.parametrize("first", ["worker", "report"])
def test_locking_away_at_the_moment_at_which_a_worker_saves(filed, report, comment, make_user, monkeypatch, first):
    """Whoever comes second waits for the other's rows, and nobody waits crosswise."""
    filed("ada")
    late = make_user("late")
    worker_came, report_came = threading.Event(), threading.Event()

    def finish_slowly(rows):
        done = finish(rows)
        worker_came.set()
        report_came.wait(10)
        return done

    def blurred_late(data):
        made = blurred_preview(data)
        worker_came.set()
        report_came.wait(10)
        return made

    if first == "worker":
        monkeypatch.setattr(previews, "finish", finish_slowly)
    else:
        monkeypatch.setattr(previews, "blurred_preview", blurred_late)

    def lock_away():
        worker_came.wait(10)
        if first == "worker":
            threading.Timer(SOON, report_came.set).start()
            report(comment, MINORS, by=late)
            return
        with transaction.atomic():
            report(comment, MINORS, by=late)
            report_came.set()
            time.sleep(SOON)

    def closing(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        blurred, _none = threads.map(closing, [blur_attachments, lock_away])
    assert blurred == (first == "worker")
    assert not BlurredAttachment.objects.exists()


# What its people see --------------------------------------------------------------------------------------------------


def test_it_is_blurred_for_whoever_of_its_people_asks_and_for_nobody_else(
    filed, report, comment, guardian, moderator, sign_in, client
):
    shot = filed("ada").attachments.get(name="shot.png")
    blur_attachments()
    shown_before = bytes(BlurredAttachment.objects.get().webp)
    case = report(comment, MINORS)
    address = f"/cases/{case.public_id}/attachments/{shot.public_id}"
    page = sign_in(guardian).get(case.get_absolute_url()).content.decode()
    assert f'src="{address}/blurred"' in page
    seen = sign_in(guardian).get(f"{address}/blurred")
    assert (seen.status_code, seen.content) == (200, shown_before)
    assert "no-store" in seen["Cache-Control"]
    looks = Event.objects.filter(kind="evidence.read", data__what__0__startswith="attachment:")
    assert looks.get().actor == guardian
    assert {sign_in(moderator).get(f"{address}/{how}").status_code for how in ("blurred", "sharp")} == {404}
    for person, status in ((guardian, 200), (moderator, 404)):
        bearer = f"Bearer {create_token(person, scope='moderate', actor=system_actor())}"
        answer = client.get(f"/api/v1{address}/picture", HTTP_AUTHORIZATION=bearer)
        assert answer.status_code == status
    assert not BlurredAttachment.objects.exists()


def test_once_the_words_are_back_it_is_blurred_for_whoever_asks_and_new_ones_are_stored(
    filed, report, comment, found_nothing, moderator, sign_in
):
    shot = filed("ada").attachments.get(name="shot.png")
    case = report(comment, MINORS)
    found_nothing(case)
    # As of reported pictures themselves: what was withdrawn is not asked for again.
    assert not BlurredAttachment.objects.exists()
    Case.objects.update(lane=None)
    address = f"/cases/{case.public_id}/attachments/{shot.public_id}/blurred"
    assert sign_in(moderator).get(address).status_code == 200
    filed("bob")
    assert blur_attachments() == 1


def test_files_of_an_earlier_case_are_for_the_people_of_the_lane_once_the_words_are_locked_away(
    filed, report, comment, guardian, moderator, make_user, sign_in, client
):
    shot = filed("ada").attachments.get(name="shot.png")
    row = claim(Case.objects.get(), actor=moderator)
    decide(row, actor=moderator, version=row.version, outcome="no_violation", explanation="Nothing of the kind.")
    address = f"/cases/{row.public_id}/attachments/{shot.public_id}"
    ways = [address, f"{address}/blurred", f"{address}/sharp"]
    assert {sign_in(moderator).get(way).status_code for way in ways} == {200}
    report(comment, MINORS, by=make_user("late"))
    assert {sign_in(moderator).get(way).status_code for way in ways} == {404}
    assert {sign_in(guardian).get(way).status_code for way in ways} == {200}
    for person, status in ((guardian, 200), (moderator, 404)):
        bearer = f"Bearer {create_token(person, scope='moderate', actor=system_actor())}"
        for way in (address, f"{address}/picture"):
            assert client.get(f"/api/v1{way}", HTTP_AUTHORIZATION=bearer).status_code == status
