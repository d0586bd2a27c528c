"""Reaching the limit: a warning with consequences that are measures of their own (F2, E5)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from community.models import Discussion
from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import MeasureOrder, StaleDecision, decide, lift_measure, receive_report
from moderation.cases.actions.confirmations import confirm_decision
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case, Confirmation
from moderation.cases.strikes import advice, strikes_of
from moderation.policy.models import Clause, GuardedMeasure
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.actions import subject_of

WORDS = "You went on insulting people after we had asked you to stop."


@pytest.fixture
def ordered(moderator, clause):
    """ordered(case, "hide", "ban", **fields): decides it so."""

    def do(case: Case, *consequences: str, **fields: Any) -> Any:
        values = {
            "actor": moderator,
            "version": case.version,
            "outcome": "violation",
            "clause": clause("harassment"),
            "measures": [MeasureOrder("limit_reached", consequences=consequences)],
            "explanation": WORDS,
        }
        return decide(case, **values | fields)

    return do


def kinds_of(decision) -> list[str]:
    return list(decision.measures.order_by("pk").values_list("kind", flat=True))


def test_each_consequence_is_a_measure_of_its_own(case, ordered, comment, author):
    decision = ordered(case, "hide", "close", "ban")
    warning, *parts = decision.measures.order_by("pk")
    assert [one.kind for one in parts] == ["hide_comment", "close_discussion", "posting_ban"]
    assert {(one.part_of, one.person) for one in parts} == {(warning, author)}
    comment.refresh_from_db()
    comment.discussion.refresh_from_db()
    assert (comment.hidden, comment.discussion.status) == (True, "closed")
    ban = standing_restriction(author)
    assert ban is not None
    assert ban.ends_at - ban.starts_at == timedelta(hours=48)


def test_one_statement_names_all_of_it_and_what_comes_next(case, ordered, author):
    decision = ordered(case, "hide", "ban")
    statement = StatementOfReasons.objects.get(recipient=author)
    assert set(statement.measures.all()) == set(decision.measures.all())
    body = InboxMessage.objects.get(recipient=author).body
    assert "deactivate your posting" in body
    assert "You can post again on" in body
    assert WORDS in body


def test_the_ban_ends_when_it_is_asked_after_48_hours(case, ordered, author, discussion, pass_time):
    ordered(case, "ban")
    pass_time(timedelta(hours=47, minutes=59))
    with pytest.raises(Refused, match="You cannot post"):
        add_comment(discussion, text="Hello again.", actor=author)
    pass_time(timedelta(minutes=2))
    add_comment(discussion, text="Hello again.", actor=author)


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ([MeasureOrder("limit_reached")], "at least one consequence"),
        ([MeasureOrder("limit_reached", consequences=("mute",))], "does not fit"),
        ([MeasureOrder("friendly_warning", consequences=("ban",))], "does not fit"),
        ([MeasureOrder("limit_reached", consequences=("ban",)), MeasureOrder("posting_ban")], "each measure once"),
    ],
    ids=["none", "unknown", "of-another", "twice"],
)
def test_what_does_not_fit_is_refused_whole(case, ordered, orders, message):
    with pytest.raises(Refused, match=message) as refused:
        ordered(case, measures=orders)
    assert refused.value.status == 400
    assert not Measure.objects.exists()


def test_nobody_elses_discussion_is_closed(report, owner, author, repository, ordered):
    theirs = open_discussion(repository, title="Another", text="A question.", actor=owner)
    case = report(add_comment(theirs, text="You idiots!", actor=author))
    with pytest.raises(Refused, match="does not fit"):
        ordered(case, "close")


def test_of_an_account_the_open_discussions_are_closed(report, author, discussion, repository, ordered):
    other = open_discussion(repository, title="Another", text="A question.", actor=author)
    ordered(report(author), "close")
    for one in (discussion, other):
        one.refresh_from_db()
        assert one.status == "closed"


def test_a_part_is_lifted_alone_and_the_warning_with_what_is_left(case, ordered, moderator, author, comment):
    decision = ordered(case, "hide", "close", "ban")
    warning, hidden, closed, ban = decision.measures.order_by("pk")
    lift_measure(ban, reason="You explained it well.", actor=moderator)
    assert standing_restriction(author) is None
    assert set(Measure.objects.standing()) == {warning, hidden, closed}
    lift_measure(warning, reason="We took a quote for your words.", actor=moderator)
    assert not Measure.objects.standing().exists()
    comment.refresh_from_db()
    assert (comment.hidden, comment.discussion.status) == (False, "open")
    letters = InboxMessage.objects.filter(recipient=author, key__startswith="lifted:")
    assert letters.count() == 2


def test_taking_the_decision_back_undoes_all_of_it(case, ordered, moderator, author, comment):
    decision = ordered(case, "hide", "close", "ban")
    undo_decision(decision, actor=moderator, reason="We took a quote for your words.")
    assert not Measure.objects.standing().exists()
    comment.refresh_from_db()
    assert (comment.hidden, standing_restriction(author)) == (False, None)


def test_an_upheld_appeal_lifts_all_of_it_and_voids_the_strike(case, ordered, author, other_moderator):
    decision = ordered(case, "hide", "ban")
    assert strikes_of(author, other_moderator)
    appeal = file_appeal(decision, text="I quoted somebody else there.", actor=author)
    decide_appeal(appeal, state="upheld", answer="You are right, it was a quote.", actor=other_moderator)
    assert not Measure.objects.standing().exists()
    assert not strikes_of(author, other_moderator)


def test_the_same_request_again_is_the_same_decision(case, ordered):
    key = uuid.uuid4()
    made = ordered(case, "hide", "ban", request_id=key)
    assert ordered(case, "ban", "hide", request_id=key) == made
    with pytest.raises(Refused, match="sent before"):
        ordered(case, "hide", request_id=key)
    assert Measure.objects.count() == 3


def test_a_rules_ban_is_confirmed_by_it(case, ordered, author, clause):
    decide(
        case,
        actor=system_actor(),
        version=case.version,
        outcome="violation",
        clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")],
        explanation="A rule did this for now.",
        interim=True,
    )
    before = Measure.objects.get(kind="posting_ban")
    decision = ordered(case, "ban")
    before.refresh_from_db()
    warning = decision.measures.get(kind="limit_reached")
    assert (before.interim, before.part_of, before.lifted_at) == (False, warning, None)
    assert Measure.objects.filter(kind="posting_ban").count() == 1


def test_it_waits_whole_for_a_second_moderator(case, ordered, author, other_moderator, moderator):
    GuardedMeasure.objects.get_or_create(kind="posting_ban")
    decision = ordered(case, "hide", "ban", clause=Clause.objects.get(code="code-of-conduct"))
    waiting = Confirmation.objects.get(decision=decision)
    assert standing_restriction(author) is None
    case.refresh_from_db()
    with pytest.raises(StaleDecision):
        confirm_decision(waiting, actor=other_moderator, version=case.version - 1)
    confirm_decision(waiting, actor=other_moderator, version=case.version)
    assert kinds_of(decision) == ["limit_reached", "hide_comment", "posting_ban"]
    assert standing_restriction(author) is not None


def test_the_form_offers_what_fits_and_decides(claimed_case, moderator, sign_in):
    case = claimed_case
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert page.count('name="with-limit_reached"') == 3
    form = {
        "version": case.version, "request_id": uuid.uuid4(), "outcome": "violation", "clause": "harassment",
        "measures": ["limit_reached"], "explanation": WORDS,
    }  # fmt: skip
    address = f"{case.get_absolute_url()}/decide"
    refused = sign_in(moderator).post(address, form)
    assert refused.status_code == 422
    assert "at least one consequence" in refused.content.decode()
    sign_in(moderator).post(address, form | {"with-limit_reached": ["hide", "ban"]})
    assert kinds_of(Case.objects.get().decisions.get()) == ["limit_reached", "hide_comment", "posting_ban"]


def test_several_cases_are_decided_so_together(many_cases, moderator, sign_in):
    cases = many_cases(2)
    form = {
        "case": [f"{one.public_id}:{one.version}" for one in cases], "request_id": uuid.uuid4(),
        "outcome": "violation", "clause": "harassment", "measures": ["limit_reached"],
        "with-limit_reached": ["hide"], "explanation": WORDS,
    }  # fmt: skip
    preview = sign_in(moderator).post("/cases/bulk/preview", form)
    assert "hide: nobody reads the comment" in preview.content.decode().lower()
    assert sign_in(moderator).post("/cases/bulk/decide", form).status_code == 303
    assert Measure.objects.filter(kind="hide_comment", part_of__kind="limit_reached").count() == 2


def test_a_reporter_of_somebody_else_learns_nothing_of_it(case, ordered, reporter):
    ordered(case, "hide", "ban")
    assert WORDS not in InboxMessage.objects.get(recipient=reporter).body


def test_the_person_reads_how_it_stands(case, ordered, author, sign_in):
    ordered(case, "hide", "ban")
    page = sign_in(author).get("/standing").content.decode()
    assert "No posting in community tabs for a time" in page or "no posting in community tabs for a time" in page


def test_what_was_reported_before_counts_up_to_deactivation(report, comment, discussion, author, ordered, moderator):
    ordered(report(comment), "hide")
    again = receive_report(
        add_comment(discussion, text="Idiots, all of you!", actor=author),
        clause=Clause.objects.get(code="harassment"), text="Again.", actor=comment.discussion.repository.created_by,
    )  # fmt: skip
    found = advice(Case.objects.get(case_reports__report=again), moderator)
    assert found is not None
    assert (found.kind.code, found.after_limit) == ("deactivate", True)


def test_on_the_server_by_command(comment, author, moderator):
    said = {"clause": "code-of-conduct", "reason": WORDS, "as": "mira"}
    call_command("impose", "limit_reached", f"comment:{comment.public_id}", consequences=["hide", "ban"], **said)
    assert sorted(Measure.objects.values_list("kind", flat=True)) == ["hide_comment", "limit_reached", "posting_ban"]


@pytest.mark.parametrize("known", [False, True], ids=["new", "reported"])
def test_closing_many_discussions_costs_a_few_statements(known, report, repository, make_user, ordered):
    """Their author opened 5, or 20: what is done in each grows with none of them but for a row (F2)."""

    def asked(count: int) -> int:
        person = make_user(f"seller-{count}")
        for number in range(count):
            one = open_discussion(repository, title=f"Buy {number}", text="Buy it here.", actor=person)
            if known:
                subject_of(one)
        case = report(person, "harassment")
        with CaptureQueriesContext(connection) as queries:
            decision = ordered(case, "close", "ban")
        assert kinds_of(decision).count("close_discussion") == count
        assert Discussion.objects.filter(author=person, status="closed").count() == count
        return len(queries)

    few, many = asked(5), asked(20)
    assert many - few <= 15 * 1.5, (few, many)
