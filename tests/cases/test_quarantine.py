"""What comes into a sealed lane is locked away, seen by its people only, with a reason, and destroyed by date (C9)."""

import re
import uuid
from datetime import timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings as django_settings
from django.test import Client

from accounts.actions import create_token
from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import edit_comment
from moderation.automation.models import TextPrint
from moderation.automation.pipeline import score_pending
from moderation.automation.screening import forget_prints, screen_texts
from moderation.cases.actions import claim, decide, receive_report
from moderation.cases.actions.evidence import destroy_evidence, keep_evidence, open_evidence
from moderation.cases.events import words
from moderation.cases.models import Case, Event
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause, Lane
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.scoring.models import Embedding, ScoreRequest
from moderation.subjects import quarantine
from moderation.subjects.models import Quarantine, Snapshot

SECRET = "zirkonfalke"
WORDS = f"A harmless sentence with the word {SECRET} in it, long enough to have a print of its own for the screening."
REASON = "The authorities asked for the exact words."


@pytest.fixture
def guardian(make_user):
    """Somebody of the lane's people."""
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


@pytest.fixture
def told(written, author):
    return written(WORDS)


@pytest.fixture
def locked(report, told):
    return report(told, "minors-sexual-content", text="Please look at this comment.")


def stored() -> str:
    """Every text column that holds evidence, as the database has it."""
    rows = [*Snapshot.objects.values_list("title", "text"), *Report.objects.values_list("passage", "text")]
    return str([*rows, *((bytes(one.ciphertext), bytes(one.key)) for one in Quarantine.objects.all())])


def test_words_are_encrypted_and_gone_from_the_snapshot(locked):
    snapshot = Snapshot.objects.get()
    assert (snapshot.sealed, snapshot.title, snapshot.text) == (True, "", "")
    assert SECRET not in stored()
    assert quarantine.open_words(snapshot).text == WORDS


def test_earlier_snapshots_and_quoted_passages_too(report, told, make_user):
    before = report(told, "spam", by=make_user("early"), details=Details(passage=f"the word {SECRET}"))
    edit_comment(told, text=f"Another harmless {SECRET}.", actor=told.author)
    report(told, "minors-sexual-content", details=Details(passage=f"harmless {SECRET}"))
    assert Snapshot.objects.filter(sealed=True).count() == 2
    assert SECRET not in stored()
    before.refresh_from_db()
    assert before.lane.code == "minors"


def test_later_reports_of_other_clauses_are_locked_away_too(locked, told, report, make_user):
    report(told, "spam", by=make_user("late"), details=Details(passage=f"word {SECRET}"))
    assert SECRET not in stored()
    assert not ScoreRequest.objects.exists()


def test_the_key_needs_what_is_not_in_the_database(locked, settings):
    settings.EVENT_KEY = "another key"
    with pytest.raises(InvalidToken):
        quarantine.open_words(Snapshot.objects.get())


def test_nothing_scores_embeds_or_compares_it(report, told, make_user):
    screen_texts()
    assert TextPrint.objects.filter(version__comment=told).exists()
    report(told, "spam", by=make_user("early"))
    Embedding.objects.create(snapshot=Snapshot.objects.get(), model="a", vector=b"x")
    report(told, "minors-sexual-content")
    forget_prints()
    assert not ScoreRequest.objects.exists()
    assert not Embedding.objects.exists()
    assert not TextPrint.objects.filter(version__comment=told).exists()
    assert score_pending() == 0
    with pytest.raises(Exception, match="hidden"):
        edit_comment(told, text=f"Another {SECRET}.", actor=told.author)
    screen_texts()
    assert not TextPrint.objects.filter(version__comment=told).exists()


def test_no_page_mail_or_program_shows_it(
    locked, told, comment, report, guardian, moderator, author, reporter, admin, mailoutbox
):
    other = report(comment, "spam")  # beside it in the thread
    send_due_mail()
    case = locked.get_absolute_url()
    snapshot, filed = Snapshot.objects.get(sealed=True), Report.objects.get(snapshot__sealed=True)
    addresses = [
        case, "/cases", "/cases?lane=minors", f"/cases?q={SECRET[:-2]}", f"/cases/people/{author.public_id}",
        "/reports", f"/reports/{filed.public_id}", "/inbox", "/inbox/discussions", "/standing",
        told.get_absolute_url().partition("#")[0], "/transparency", f"/search?q={SECRET[:-2]}",
        "/api/v1/cases", f"/api/v1/cases/{locked.public_id}", f"/api/v1/comments/{told.public_id}",
        f"/admin/community/comment/{told.pk}/change/",
        f"{told.discussion.get_absolute_url()}/comments/{told.public_id}/versions",
        other.get_absolute_url(), f"/admin/subjects/snapshot/{snapshot.pk}/change/", "/admin/subjects/snapshot/",
        f"/admin/reports/report/{filed.pk}/change/", f"/admin/cases/case/{locked.pk}/change/",
    ]  # fmt: skip
    for person in (guardian, moderator, author, reporter, admin):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            response = client.get(address)
            text = f"{response.headers} {b''.join(response).decode(errors='replace')}"
            assert SECRET not in text, (person, address)
            assert response.status_code < 500, address
    sent = [f"{one.subject} {one.body} {one.alternatives}" for one in mailoutbox]
    sent += [f"{one.subject} {one.body}" for one in InboxMessage.objects.all()]
    assert sent
    assert not [one for one in sent if SECRET in one]


def test_only_its_people_know_that_the_case_exists(locked, told, guardian, moderator, author, report, sign_in):
    open_case = report(author, "spam")
    gone, there = sign_in(moderator), sign_in(guardian)
    case = locked.get_absolute_url()
    snapshot = Snapshot.objects.filter(sealed=True).get()
    assert (gone.get(case).status_code, there.get(case).status_code) == (404, 200)
    for address, data in (
        (f"{case}/locked/{snapshot.pk}", {"reason": REASON, "request_id": uuid.uuid4()}),
        (f"{case}/escalate", {"lane": "senior", "reason": REASON}), (f"{case}/locked", {"reason": REASON}),
        (f"{case}/risk", {"at_risk": "1"}), (f"{case}/support", {}), (f"{case}/claim", {}),
    ):  # fmt: skip
        assert gone.post(address, data).status_code == 404, address
    pages = ["/cases", "/cases?lane=open", f"/cases/people/{author.public_id}", open_case.get_absolute_url(),
             "/cases?lane=minors", f"/cases?q={locked.public_id}", "/cases/news?since=0"]  # fmt: skip
    for address in pages:
        text = gone.get(address).content.decode()
        shown = text.replace(f"q={locked.public_id}", "").replace(f'value="{locked.public_id}"', "")
        assert str(locked.public_id) not in shown, address
        assert "Sexual content involving minors" not in re.sub(r"<option.*?</option>", "", text, flags=re.S), address
    headers = {"authorization": f"Bearer {create_token(moderator, scope='moderate', actor=system_actor())}"}
    assert str(locked.public_id) not in Client().get("/api/v1/cases", headers=headers).content.decode()
    assert Client().get(f"/api/v1/cases/{locked.public_id}", headers=headers).status_code == 404
    other = Client().get(f"/api/v1/cases/{open_case.public_id}", headers=headers).json()
    assert other["measures"] == []
    assert str(locked.public_id) in there.get("/cases").content.decode()


def test_opened_once_with_a_reason_as_plain_text(locked, guardian, sign_in):
    snapshot = Snapshot.objects.get()
    client, address = sign_in(guardian), f"{locked.get_absolute_url()}/locked/{snapshot.pk}"
    form = {"reason": REASON, "request_id": str(uuid.uuid4())}
    page = client.post(address, form)
    assert (page.status_code, SECRET in page.content.decode()) == (200, True)
    assert "no-store" in page["Cache-Control"]
    event = Event.objects.filter(kind="evidence.opened").get()
    assert (event.actor, words(event), event.data["snapshot"]) == (guardian, REASON, snapshot.pk)
    again = client.post(address, form)
    assert (again.status_code, SECRET in again.content.decode()) == (422, False)
    assert "Say again why you have to open it" in again.content.decode()
    assert SECRET not in client.get(locked.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 405
    shown = client.get(locked.get_absolute_url()).content.decode()
    assert "Opened what is locked away" in shown
    assert REASON in shown


def test_markup_in_it_is_shown_as_it_stands(written, report, guardian, sign_in):
    comment = written("<img src=x onerror=y> ![a](https://x.example/a.png) https://x.example <b>c</b>")
    case = report(comment, "minors-sexual-content")
    form = {"reason": REASON, "request_id": str(uuid.uuid4())}
    page = (
        sign_in(guardian).post(f"{case.get_absolute_url()}/locked/{Snapshot.objects.get().pk}", form).content.decode()
    )
    assert "&lt;img src=x onerror=y&gt; ![a](https://x.example/a.png)" in page
    assert 'href="https://x.example' not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("reason", ["", "short", " " * 40])
def test_without_a_reason_it_stays_closed(locked, guardian, sign_in, reason):
    form = {"reason": reason, "request_id": str(uuid.uuid4())}
    page = sign_in(guardian).post(f"{locked.get_absolute_url()}/locked/{Snapshot.objects.get().pk}", form)
    assert (page.status_code, SECRET in page.content.decode()) == (422, False)
    assert not Event.objects.filter(kind="evidence.opened").exists()


def test_opening_moves_no_version(locked, guardian):
    version = locked.version
    open_evidence(locked, Snapshot.objects.get(), reason=REASON, request_id=uuid.uuid4(), actor=guardian)
    locked.refresh_from_db()
    assert locked.version == version
    assert list(find_faults()) == []


def test_destroyed_by_date_unless_the_law_keeps_it(locked, guardian, pass_time):
    keep_evidence(locked, True, reason="Order 12/3 of the public prosecutor.", actor=guardian)
    pass_time(django_settings.QUARANTINE_FOR + timedelta(days=1))
    assert destroy_evidence() == 0
    assert quarantine.open_words(Snapshot.objects.get()).text == WORDS
    keep_evidence(locked, False, reason="The prosecutor closed the matter.", actor=guardian)
    assert (destroy_evidence(), destroy_evidence()) == (1, 0)
    row = Quarantine.objects.get()
    assert (bytes(row.ciphertext), bytes(row.key), row.done_at is None) == (b"", b"", False)
    assert Event.objects.filter(kind="evidence.destroyed").count() == 1
    with pytest.raises(Exception, match="destroyed"):
        quarantine.open_words(Snapshot.objects.get())
    assert list(find_faults()) == []


def test_a_decision_that_it_is_something_else_puts_the_words_back_exactly(report, told, make_user, guardian):
    report(told, "spam", by=make_user("early"), details=Details(passage=f"word {SECRET}"))
    before = (list(Snapshot.objects.values()), list(Report.objects.values_list("passage", flat=True)))
    case = claim(report(told, "minors-sexual-content"), actor=guardian)
    decide(
        case, actor=guardian, version=case.version, outcome="no_violation", explanation="Nothing of the kind at all."
    )
    after = list(Snapshot.objects.values()), list(Report.objects.order_by("pk").values_list("passage", flat=True))
    assert (after[0], after[1][0]) == (before[0], before[1][0])
    assert Event.objects.filter(kind="evidence.released").count() == 1
    told.refresh_from_db()
    assert told.text == WORDS
    row = Quarantine.objects.get()
    assert (bytes(row.ciphertext), bytes(row.key), row.released_at is None) == (b"", b"", False)


def test_a_decision_of_this_clause_keeps_them_locked(locked, guardian):
    from moderation.cases.actions import MeasureOrder

    case = claim(locked, actor=guardian)
    clause = Clause.objects.get(code="minors-sexual-content")
    decide(case, actor=guardian, version=case.version, outcome="violation", clause=clause,
           explanation="It is so, sadly.", measures=[MeasureOrder("hold")])  # fmt: skip
    assert Snapshot.objects.get().sealed
    assert not Event.objects.filter(kind="evidence.released").exists()


def test_reported_again_after_a_release_it_is_locked_away_again(locked, told, guardian, report, make_user):
    case = claim(locked, actor=guardian)
    decide(
        case, actor=guardian, version=case.version, outcome="no_violation", explanation="Nothing of the kind at all."
    )
    report(told, "minors-sexual-content", by=make_user("another"))
    assert SECRET not in stored()
    assert quarantine.open_words(Snapshot.objects.get()).text == WORDS


def test_a_card_is_locked_away_like_a_comment(make_repository, report, guardian, sign_in):
    repository = make_repository("known", card=f"# About {SECRET}\n")
    case = report(repository, "minors-sexual-content")
    assert SECRET not in stored()
    assert SECRET not in sign_in(guardian).get(case.get_absolute_url()).content.decode()
    assert SECRET not in Client().get(repository.get_absolute_url()).content.decode()


def test_an_appeal_against_it_stays_in_the_lane(locked, guardian, author, moderator):
    from moderation.appeals.actions import file_appeal

    decision = locked.decisions.get()
    appeal = file_appeal(decision, text="There is nothing wrong with my comment.", actor=author)
    assert appeal.case.lane.code == "minors"


def test_a_lane_without_people_is_said_loudly(locked, moderator, sign_in, guardian):
    client = sign_in(moderator)
    loud = "Nobody works in the lane"
    assert loud not in client.get("/cases").content.decode()
    guardian.is_active = False
    guardian.save()
    assert loud in client.get("/cases").content.decode()


def test_many_snapshots_cost_no_more_queries(report, told, make_user, guardian, sign_in, django_assert_max_num_queries):
    case = report(told, "minors-sexual-content")
    client = sign_in(guardian)
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(45):
        client.get(case.get_absolute_url())
    assert Case.objects.get(pk=case.pk).event_count >= 2


def test_reporters_are_told_never_to_repeat_it(told, sign_in, reporter):
    page = sign_in(reporter).get(f"/report/comment/{told.public_id}?clause=minors-sexual-content").content.decode()
    assert "Never download it, never post it again" in page


def test_a_report_into_it_still_answers_its_reporter(told, clause, reporter, sign_in):
    filed = receive_report(told, clause=clause("minors-sexual-content"), text="Please look at this.", actor=reporter)
    page = sign_in(reporter).get(f"/reports/{filed.public_id}")
    assert page.status_code == 200
