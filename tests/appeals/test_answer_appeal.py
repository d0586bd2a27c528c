"""Answering appeals on the team's page: never by whoever decided first (G2)."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import claim, decide
from moderation.cases.models import Case, Event
from moderation.cases.verify import find_faults
from moderation.reports.models import Report, ReporterRecord
from moderation.sanctions.models import Measure
from tests.conftest import concurrent
from tests.reports.steps import WORDS, case_of, decided, reported

ANSWER = "You were provoked, and the thread shows it."


@pytest.fixture
def appeal(decision, author):
    return file_appeal(decision, text="They called me a troll first.", actor=author)


def page_of(appeal):
    return f"/cases/{appeal.case.public_id}/appeal"


def answered(appeal, state="upheld", answer=ANSWER):
    return {"appeal": str(appeal.public_id), "state": state, "answer": answer}


def test_the_page_shows_the_first_decision_and_the_appeal(sign_in, other_moderator, appeal):
    html = sign_in(other_moderator).get(page_of(appeal)).content.decode()
    for words in (WORDS, "Harassment and bullying", "No posting in community tabs", appeal.text, "mira", "quentin"):
        assert words in html


def test_upheld_lifts_exactly_those_measures_and_tells(sign_in, other_moderator, appeal, author, repository, moderator):
    other = reported(repository, author, "spam")
    decided(case_of(other), moderator, "downgrade", clause="spam")
    response = sign_in(other_moderator).post(page_of(appeal), answered(appeal))
    assert response.status_code == 303
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by, appeal.answer) == ("upheld", other_moderator, ANSWER)
    assert standing_restriction(author) is None
    assert Measure.objects.standing().get().kind == "downgrade"
    assert Case.objects.get(kind="appeal").state == "decided"
    told = InboxMessage.objects.get(recipient=author, key=f"appeal:{appeal.public_id}")
    assert f"> {ANSWER}" in told.body
    assert ANSWER in sign_in(author).get(told.link).content.decode()
    assert list(find_faults()) == []


def test_rejected_lets_the_measures_stand(sign_in, other_moderator, appeal, author):
    sign_in(other_moderator).post(page_of(appeal), answered(appeal, "rejected"))
    assert standing_restriction(author) is not None
    html = sign_in(author).get(f"/appeals/{appeal.public_id}").content.decode()
    assert "The decision stands." in html


def test_whoever_decided_first_is_told_and_cannot_answer(sign_in, moderator, appeal):
    client = sign_in(moderator)
    html = client.get(page_of(appeal)).content.decode()
    assert "You decided about this before" in html
    assert "<textarea" not in html
    response = client.post(page_of(appeal), answered(appeal))
    assert response.status_code == 403
    appeal.refresh_from_db()
    assert appeal.state == "open"


def test_the_database_refuses_the_first_decider_too(appeal, moderator):
    with pytest.raises(IntegrityError, match="appeal_decided_by_another"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(state="rejected", decided_by=moderator)


def test_the_database_refuses_an_answer_by_nobody(appeal):
    with pytest.raises(IntegrityError, match="appeal_decided_by_somebody"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(state="upheld", answer=ANSWER)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": ""}, "Choose whether the decision stands"),
        ({"state": "maybe"}, "Select a valid choice"),
        ({"answer": ""}, "Explain your answer"),
        ({"answer": "no"}, "Please write a sentence"),
        ({"answer": "Look \u202ehere, please read."}, "invisible (U+202E)"),
        ({"answer": "x" * 100_000}, "This text has 100000 characters"),
    ],
)
def test_bad_answers_are_named_and_nothing_is_done(changes, says, sign_in, other_moderator, appeal):
    response = sign_in(other_moderator).post(page_of(appeal), {**answered(appeal), **changes})
    assert response.status_code == 422
    assert says in response.content.decode()
    appeal.refresh_from_db()
    assert appeal.state == "open"
    assert Measure.objects.standing().exists()


@pytest.mark.parametrize("who", ["reporter", "owner", "author"])
def test_only_the_team_finds_the_page(who, request, sign_in, appeal):
    viewer = request.getfixturevalue(who)
    assert sign_in(viewer).get(page_of(appeal)).status_code == 404
    assert sign_in(viewer).post(page_of(appeal), answered(appeal)).status_code == 404


def test_guests_sign_in_and_no_cache_keeps_it(client, sign_in, other_moderator, appeal):
    assert client.get(page_of(appeal)).status_code == 302
    assert "no-store" in sign_in(other_moderator).get(page_of(appeal))["Cache-Control"]


def test_a_review_case_and_a_foreign_appeal_are_not_found(sign_in, other_moderator, appeal, repository, author):
    report = reported(repository, author, "spam")
    client = sign_in(other_moderator)
    assert client.get(f"/cases/{case_of(report).public_id}/appeal").status_code == 404
    foreign = file_appeal(decided(case_of(report), other_moderator), text="I disagree with you.", actor=author)
    response = client.post(page_of(appeal), answered(foreign))
    assert response.status_code == 404
    assert Appeal.objects.filter(state="open").count() == 2


def test_a_second_click_changes_nothing_and_another_answer_is_refused(sign_in, other_moderator, appeal, make_user):
    client = sign_in(other_moderator)
    assert {client.post(page_of(appeal), answered(appeal)).status_code for _ in range(2)} == {303}
    assert Event.objects.filter(kind="appeal.decided").count() == 1
    third = sign_in(make_user("uma", moderator=True))
    response = third.post(page_of(appeal), answered(appeal, "rejected"))
    assert response.status_code == 409
    assert Appeal.objects.get().state == "upheld"


def test_what_somebody_else_holds_is_left_to_them(sign_in, other_moderator, appeal, make_user):
    claim(appeal.case, actor=make_user("uma", moderator=True))
    client = sign_in(other_moderator)
    assert "uma is working on this appeal" in client.get(page_of(appeal)).content.decode()
    response = client.post(page_of(appeal), answered(appeal))
    assert response.status_code == 409
    assert "uma is working on this case" in response.content.decode()
    assert Appeal.objects.get().state == "open"


def test_the_appeal_is_claimed_from_its_page(sign_in, other_moderator, appeal):
    client = sign_in(other_moderator)
    assert "Claim this case" in client.get(page_of(appeal)).content.decode()
    response = client.post(f"/cases/{appeal.case.public_id}/claim", follow=True)
    assert response.request["PATH_INFO"] == page_of(appeal)
    assert "Claim this case" not in response.content.decode()
    assert "Give back" in response.content.decode()
    assert Case.objects.get(kind="appeal").assignee == other_moderator


def test_the_case_closes_with_its_last_appeal(sign_in, other_moderator, appeal, decision, reporter):
    second = file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    client = sign_in(other_moderator)
    client.post(page_of(appeal), answered(appeal, "rejected"))
    assert Case.objects.get(kind="appeal").state == "open"
    client.post(page_of(appeal), answered(second, "rejected"))
    assert Case.objects.get(kind="appeal").state == "decided"


def test_a_reporter_who_was_right_brings_the_case_back(sign_in, other_moderator, reporter, refused_report):
    report, decision = refused_report
    appeal = file_appeal(decision, text="You overlooked the second half.", actor=reporter)
    sign_in(other_moderator).post(page_of(appeal), answered(appeal))
    case = Case.objects.get(pk=decision.case_id)
    assert case.state == "open"
    assert Report.objects.get().state == "open"
    assert Event.objects.filter(case=case, kind="case.reopened").exists()
    told = InboxMessage.objects.get(recipient=reporter, key=f"appeal:{appeal.public_id}")
    assert "we take the matter up again" in told.body
    again = decided(case, other_moderator, "friendly_warning")
    report.refresh_from_db()
    assert report.state == "upheld"
    outcomes = InboxMessage.objects.filter(recipient=reporter, key__startswith="outcome:")
    assert [("agreed with you" in one.body) for one in outcomes.order_by("pk")] == [False, True]
    assert str(again.public_id) in sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()
    assert list(find_faults()) == []


def test_a_reporters_appeal_lifts_no_measure(sign_in, other_moderator, decision, reporter, author):
    appeal = file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    sign_in(other_moderator).post(page_of(appeal), answered(appeal))
    assert standing_restriction(author) is not None
    assert Case.objects.get(pk=decision.case_id).state == "open"


def test_what_was_reported_again_meanwhile_needs_no_reopening(
    sign_in, other_moderator, reporter, refused_report, comment, make_user
):
    _report, decision = refused_report
    appeal = file_appeal(decision, text="You overlooked the second half.", actor=reporter)
    reported(comment, make_user("another"))
    sign_in(other_moderator).post(page_of(appeal), answered(appeal))
    assert Case.objects.get(pk=decision.case_id).state == "decided"
    assert Case.objects.filter(kind="review", state="open").count() == 1
    assert list(find_faults()) == []


def test_a_mark_of_bad_faith_goes_although_another_case_is_open(
    other_moderator, moderator, comment, reporter, make_user, clause
):
    """Nobody was wrong in bad faith about what we look at again (C4)."""
    report = reported(comment, reporter)
    decision = decide(
        case_of(report), actor=moderator, version=case_of(report).version, outcome="no_violation",
        explanation="It insults nobody.", bad_faith=[report.public_id],
    )  # fmt: skip
    appeal = file_appeal(decision, text="You overlooked the second half.", actor=reporter)
    reported(comment, make_user("another"))
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    report.refresh_from_db()
    assert (report.state, report.bad_faith) == ("rejected", False)
    assert ReporterRecord.objects.get(reporter=reporter).bad_faith == 0
    assert list(find_faults()) == []


def test_markup_is_shown_as_written(sign_in, other_moderator, decision, author):
    appeal = file_appeal(decision, text="<script>x()</script> is what I said", actor=author)
    html = sign_in(other_moderator).get(page_of(appeal)).content.decode()
    assert "&lt;script&gt;x()&lt;/script&gt;" in html


def test_queries_do_not_grow_with_the_appeals(
    sign_in, other_moderator, appeal, decision, reporter, django_assert_max_num_queries
):
    file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    client = sign_in(other_moderator)
    client.get(page_of(appeal))  # who read it is written once
    with django_assert_max_num_queries(21):  # one of them asks what part the viewer has in it
        client.get(page_of(appeal))


@concurrent
def test_answering_waits_for_the_contested_case_without_holding_its_own(appeal, other_moderator):
    """Scores of one subject lock both cases, the older one first: locking them the other way round would deadlock."""
    contested = Case.objects.filter(pk=appeal.decision.case_id)

    def answer():
        decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
        connection.close()

    worker = threading.Thread(target=answer)
    with transaction.atomic():
        contested.select_for_update().get()
        worker.start()
        while not _somebody_waits():
            time.sleep(0.02)
        Case.objects.select_for_update(nowait=True).get(pk=appeal.case_id)
    worker.join()
    appeal.refresh_from_db()
    assert appeal.state == "upheld"


def _somebody_waits():
    with connection.cursor() as cursor:
        # Within a transaction the activity is read once: whoever connected since would never be seen.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]


def test_a_reporter_who_contests_is_named_and_that_is_an_event(sign_in, other_moderator, appeal, decision, reporter):
    client = sign_in(other_moderator)
    client.get(page_of(appeal))
    assert not Event.objects.filter(kind="evidence.read").exists()
    file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    client.get(page_of(appeal))
    assert Event.objects.get(kind="evidence.read").data == {"what": ["reports"]}
