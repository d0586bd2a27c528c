"""What screening finds becomes a report by the system: once, confidential, and counted as nobody's."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.queries import system_actor
from community.actions import edit_comment
from community.models import Comment, CommentVersion
from foundation import changes
from foundation.clock import Now, now
from foundation.models import Change
from moderation.automation.models import Finding, TextPrint
from moderation.automation.reporters import independent_reporters
from moderation.automation.screening import characters, links, screen_texts
from moderation.automation.screening.work import _screen_text
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, EventText
from moderation.cases.priority import explain
from moderation.reports.models import Report
from moderation.sanctions.models import StatementOfReasons
from moderation.transparency.counts import count
from moderation.transparency.period import Month, Period
from tests.conftest import concurrent

SPAM = "Log in at p\u0430ypal or p\u0430ypal.example"
OFFER = "We sell the cheapest accelerators on the whole market, just write to our team and order yours today!"


@pytest.fixture
def found(post):
    """A case that only screening opened."""
    post(SPAM)
    screen_texts()
    return Case.objects.get()


def told_again() -> None:
    for version in CommentVersion.objects.values_list("pk", flat=True):
        changes.tell("text.written", version, actor_id=None)


# Once ---------------------------------------------------------------------------------------------------------------


def test_a_text_told_of_again_is_reported_once(found):
    told_again()
    assert screen_texts() == 1
    assert (Report.objects.count(), Finding.objects.count()) == (1, 1)


def test_everything_found_in_a_text_is_one_report(post, newcomer):
    post(f"{SPAM}\n\n" + "\n".join(f"* https://shop{number}.example" for number in range(20)), by=newcomer)
    screen_texts()
    assert Report.objects.get().text == f"{links.MANY}\n{characters.WORDS}"
    assert set(Finding.objects.values_list("kind", "report")) == {
        ("links", Report.objects.get().pk),
        ("characters", Report.objects.get().pk),
    }


def test_an_edit_joins_the_report_that_is_open(post, author):
    comment = post(SPAM)
    screen_texts()
    edit_comment(comment, text=f"{SPAM} now", actor=author)
    screen_texts()
    assert Report.objects.count() == 1
    assert Finding.objects.filter(report=Report.objects.get()).count() == 2


def test_the_evidence_is_what_was_screened_whatever_the_author_left_standing(post, author):
    comment = post(SPAM)
    edit_comment(comment, text="How do I load this?", actor=author)
    screen_texts()
    assert Report.objects.get().snapshot.text == SPAM


def test_what_was_decided_is_not_reported_again(found, post, author, moderator):
    comment = Comment.objects.get()
    decide(
        found, actor=moderator, version=found.version, outcome="no_violation", explanation="This is a harmless joke."
    )
    told_again()
    edit_comment(comment, text="How do I load this?", actor=author)
    edit_comment(comment, text=SPAM, actor=author)
    assert screen_texts() == 3
    assert Report.objects.count() == 1


def test_what_a_person_reported_and_another_decided_is_not_reported_again(post, report, moderator):
    case = report(post(SPAM), "spam")
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="This is a harmless joke.")
    screen_texts()
    assert Report.objects.count() == 1
    assert Finding.objects.get().report is None


def test_other_words_after_a_decision_are_reported(found, author, moderator):
    decide(
        found, actor=moderator, version=found.version, outcome="no_violation", explanation="This is a harmless joke."
    )
    edit_comment(Comment.objects.get(), text=f"{SPAM} now", actor=author)
    screen_texts()
    assert Report.objects.count() == 2


def test_the_database_keeps_one_finding_a_content(found):
    one = Finding.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(comment=one.comment, kind=one.kind, content=one.content, count=1)


@concurrent
def test_two_workers_report_once_and_miss_nothing(post, author):
    """Three copies and one text with odd characters, each told of four times, worked off by two at once."""
    for words in (OFFER, OFFER, OFFER, SPAM):
        post(words)
    for _again in range(3):
        told_again()
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait()
        screen_texts()
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    Change.objects.update(due_at=Now())
    screen_texts()
    assert not Change.objects.filter(kind="text.written", done_at=None).exists()
    assert TextPrint.objects.count() == 3
    assert sorted(Finding.objects.values_list("kind", flat=True)) == ["characters", "near_duplicates"]
    assert Report.objects.count() == 2


@concurrent
def test_copies_that_two_workers_screen_at_once_see_each_other(post):
    """The third copy is screened while the transaction of the second is open: it waits, and completes the flood."""
    copies = [post(OFFER).versions.get() for _copy in range(3)]
    screened = threading.Event()

    def screen(version: CommentVersion, *, first: bool) -> None:
        with transaction.atomic():
            _screen_text(version.pk)
            screened.set()
            time.sleep(0.3 if first else 0)
        connection.close()

    with transaction.atomic():
        _screen_text(copies[0].pk)
    second = threading.Thread(target=screen, args=(copies[1],), kwargs={"first": True})
    third = threading.Thread(target=screen, args=(copies[2],), kwargs={"first": False})
    second.start()
    screened.wait()
    third.start()
    second.join()
    third.join()
    assert Report.objects.get().subject.comment == copies[2].comment


# Nobody is held up -------------------------------------------------------------------------------------------------


def test_a_text_that_cannot_be_screened_holds_up_nobody(post):
    poisoned, _fine = post(OFFER), post(SPAM)
    version = poisoned.versions.get().pk
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE automation_textprint ADD CONSTRAINT poison CHECK (version_id <> {version})")
    assert screen_texts() == 1
    left = Change.objects.get(kind="text.written", done_at=None)
    assert left.object_id == version
    assert "poison" in left.last_error
    assert left.due_at > now()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["\u200b" * 5_000, "p\u0430" * 20_000, "[" * 60_000, "\U0001d41a" * 20_000, "é" + " @a1" * 16_000]
)
def test_odd_texts_are_screened(written, text, pass_time):
    written(text)
    started = now()
    assert screen_texts() == 2
    assert now() - started < timedelta(seconds=20)


# Counted as nobody's -----------------------------------------------------------------------------------------------


def test_screening_is_no_reporter(found):
    assert found.report_count == 0
    assert independent_reporters(found) == 0
    assert "reporters" not in {point.code for point in explain(found, now())}


def test_people_count_beside_screening(found, report, reporter):
    case = report(Comment.objects.get(), "harassment")
    assert case == found
    assert case.report_count == 1
    assert independent_reporters(case) == 1
    (point,) = [point for point in explain(case, now()) if point.code == "reporters"]
    assert "reported it: 1," in str(point.why)


@pytest.mark.parametrize("by_people", [False, True])
def test_the_statement_says_whether_a_machine_flagged_it(found, report, moderator, clause, by_people):
    case = report(Comment.objects.get(), "spam") if by_people else found
    decide(
        case, actor=moderator, version=case.version, outcome="violation", explanation="This only leads to a shop.",
        clause=clause("spam"), measures=[MeasureOrder("friendly_warning")],
    )  # fmt: skip
    statement = StatementOfReasons.objects.get()
    assert statement.automated_detection is not by_people
    assert not statement.automated_decision


def test_the_public_account_counts_what_people_reported(found, report, set_clock):
    report(Comment.objects.get(), "spam")
    at = now()
    set_clock(at + timedelta(days=40))
    month = Month(at.year, at.month)
    assert [(row.code, row.reports) for row in count(Period(month, month)).clauses] == [("spam", 1)]


def test_nobody_waited_for_what_nobody_reported(found, moderator, set_clock):
    """Time to act is counted from the first report of a person (J3)."""
    decide(
        found, actor=moderator, version=found.version, outcome="no_violation", explanation="This is a harmless joke."
    )
    at = now()
    set_clock(at + timedelta(days=40))
    counts = count(Period(Month(at.year, at.month), Month(at.year, at.month)))
    assert (counts.decision.cases, counts.first_action.cases) == (0, 0)


def test_administrators_see_what_was_found(found, sign_in, admin):
    page = sign_in(admin).get("/admin/automation/finding/")
    assert "hidden or look-alike characters" in page.content.decode()


def test_nobody_hears_the_outcome_of_a_report_by_the_system(found, moderator):
    decide(
        found, actor=moderator, version=found.version, outcome="no_violation", explanation="This is a harmless joke."
    )
    assert Report.objects.get().state == Report.State.REJECTED
    assert not system_actor().inbox.exists()


def test_moderators_read_it_with_links_to_the_other_comments(post, sign_in, moderator):
    for _again in range(3):
        post(OFFER)
    screen_texts()
    first = Comment.objects.order_by("pk").first()
    page = sign_in(moderator).get(f"/cases/{Case.objects.get().public_id}").content.decode()
    assert "screening by Ombud" in page
    assert "This person wrote nearly the same text" in page
    assert f'href="http://testserver{first.get_absolute_url()}"' in page
    assert "none decided yet" not in page


def test_the_team_gets_no_link_to_the_site_of_a_spammer(post, newcomer, sign_in, moderator):
    for number in range(3):
        post(f"See https://spammer.com/{number}", by=newcomer)
    screen_texts()
    page = sign_in(moderator).get(f"/cases/{Case.objects.get().public_id}").content.decode()
    assert "spammer.com" in page
    assert 'href="http://spammer.com' not in page
    assert 'href="https://spammer.com' not in page


def test_the_words_are_sealed_nowhere_and_the_case_has_its_event(found):
    assert found.event_count == 1
    assert not EventText.objects.exists()
