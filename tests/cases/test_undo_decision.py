"""Taking decisions back: exactly what they did, everybody told hears it, nothing that was built on is torn down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import make_moderator
from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Refused
from moderation.appeals.actions import file_appeal
from moderation.cases import due
from moderation.cases.actions import MeasureOrder, decide, decide_directly, lift_measure
from moderation.cases.actions.bulk import Chosen, InTheWay, decide_together
from moderation.cases.actions.receive import open_or_join
from moderation.cases.actions.undo import undo_bulk, undo_decision
from moderation.cases.models import Case, Deadline, Event
from moderation.cases.queries import BESIDE
from moderation.policy.models import Clause, GuardedMeasure
from moderation.reports.models import Report, ReporterRecord
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of, take_snapshot
from repositories.access import access
from repositories.actions.settings import change_settings
from repositories.models import Repository

WORDS = "You called people idiots and told them to shut up."
REASON = "We chose the wrong cases, and are sorry."


@pytest.fixture
def decided(case, moderator, clause):
    """The decision of `case`: a posting ban for its author."""
    return decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")],
        explanation=WORDS,
    )


@pytest.fixture
def bulk(many_cases, moderator):
    cases = many_cases(3)
    chosen = [Chosen(one, one.version) for one in cases]
    return decide_together(chosen, actor=moderator, outcome="no_violation", explanation=WORDS)


def letters(person, key: str) -> list[InboxMessage]:
    return list(InboxMessage.objects.filter(recipient=person, key__startswith=key))


def test_the_measure_is_lifted_and_case_and_reports_are_open_again(decided, case, author, moderator, reporter):
    assert standing_restriction(author)
    undo_decision(decided, actor=moderator, reason=REASON)
    case.refresh_from_db()
    assert standing_restriction(author) is None
    assert (case.state, case.decided_at, case.assignee) == ("open", None, None)
    assert set(Report.objects.values_list("state", "closed_at")) == {("open", None)}
    assert (decided.undone_by, decided.undone_at is not None) == (moderator, True)
    record = ReporterRecord.objects.filter(reporter=reporter).first()
    assert record is None or (record.decided, record.upheld) == (0, 0)


def test_everybody_told_before_hears_it_once_each_in_words_for_them(decided, author, reporter, moderator):
    undo_decision(decided, actor=moderator, reason=REASON)
    (to_author,), (to_reporter,) = letters(author, "undone:"), letters(reporter, "undone:")
    assert REASON in to_author.body
    assert "no posting in community tabs for a time" in to_author.body
    assert REASON not in to_reporter.body
    assert "quentin" not in to_reporter.body
    assert "iris" not in to_author.body


def test_the_events_tell_it(decided, case, moderator):
    undo_decision(decided, actor=moderator, reason=REASON)
    told = Event.objects.filter(case=case).exclude(kind__in=BESIDE)
    kinds = list(told.order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["decision.undone", "measure.lifted"]


def test_another_moderator_may_and_nobody_else(decided, other_moderator, author, reporter):
    for person in (author, reporter):
        with pytest.raises(Refused):
            undo_decision(decided, actor=person, reason=REASON)
    undo_decision(decided, actor=other_moderator, reason=REASON)


def test_it_can_be_decided_anew(decided, case, moderator):
    undo_decision(decided, actor=moderator, reason=REASON)
    case.refresh_from_db()
    again = decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=WORDS)
    with pytest.raises(Refused) as refused:
        undo_decision(decided, actor=moderator, reason=REASON)
    assert refused.value.code == "undone"
    undo_decision(again, actor=moderator, reason=REASON)


def refusal_of(decision, actor, reason: str = REASON) -> str:
    with pytest.raises(Refused) as refused:
        undo_decision(decision, actor=actor, reason=reason)
    return refused.value.code


def test_after_a_day_it_stands(decided, moderator, pass_time):
    pass_time(timedelta(hours=24, seconds=1))
    assert refusal_of(decided, moderator) == "too_late"


def test_within_the_day_it_can_be_taken_back(decided, moderator, pass_time):
    pass_time(timedelta(hours=23, minutes=59))
    undo_decision(decided, actor=moderator, reason=REASON)


def test_not_once_somebody_contested_it(decided, author, moderator):
    file_appeal(decided, text="That was a joke among friends.", actor=author)
    assert refusal_of(decided, moderator) == "appealed"


def test_not_once_it_was_reported_again(decided, case, moderator, report, make_user):
    report(case.subject.target, by=make_user("second"))
    assert refusal_of(decided, moderator) == "another_open"


def test_not_once_it_was_decided_again(decided, case, moderator, report, make_user):
    newer = report(case.subject.target, by=make_user("second"))
    decide(newer, actor=moderator, version=newer.version, outcome="no_violation", explanation=WORDS)
    assert refusal_of(decided, moderator) == "decided_again"


@pytest.mark.parametrize("reason", ["", "   ", "short"])
def test_a_reason_is_needed(decided, moderator, reason):
    assert refusal_of(decided, moderator, reason) == "invalid"


def test_about_oneself_nobody_takes_anything_back(decided, author, admin):
    author.groups.set(admin.groups.all())
    author.is_superuser = True
    author.save()
    assert refusal_of(decided, author) == "permission_denied"


def test_a_measure_lifted_before_stays_as_it_was_lifted(decided, moderator):
    measure = decided.measures.get()
    lift_measure(measure, reason="It was too hard on them.", actor=moderator)
    undo_decision(decided, actor=moderator, reason=REASON)
    measure.refresh_from_db()
    assert measure.lift_reason == "It was too hard on them."


def test_the_deadline_comes_back_with_its_moment(case, moderator):
    at = clock.now() + timedelta(hours=30)
    with transaction.atomic():
        due.expect(case, Deadline.Kind.DECIDE, at)
    decision = decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=WORDS)
    assert case.due_at is None
    undo_decision(decision, actor=moderator, reason=REASON)
    case.refresh_from_db()
    assert case.due_at == at


def test_a_hold_of_a_lane_that_was_lifted_holds_again(report, comment, moderator):
    case = report(comment, "children-data")
    held = Measure.objects.standing().filter(kind="hold", subject=case.subject)
    assert held.exists()
    decision = decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=WORDS)
    assert not held.exists()
    undo_decision(decision, actor=moderator, reason=REASON)
    assert held.exists()


# What is undone leaves everything else as it is -----------------------------------------------------------------------

KINDS = ["nfaa", "downgrade", "disable", "posting_ban", "friendly_warning"]
CLAUSE = "malware"


def state_of(repository: Repository, stranger: Any, owner: Any) -> tuple[Any, ...]:
    row = Repository.objects.get(pk=repository.pk)
    found = access(row, stranger)
    ban = standing_restriction(owner)
    return (row.visibility, row.gating, row.listed, row.nfaa, found.see, found.files, found.edit, ban and ban.pk)


class _Undone(Exception):  # noqa: N818 - takes an example back
    pass


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    before=st.sets(st.sampled_from(KINDS), max_size=2),
    taken=st.sets(st.sampled_from(KINDS), min_size=1),
    choices=st.fixed_dictionaries(
        {"visibility": st.sampled_from(["public", "private"]), "gating": st.sampled_from(["none", "auto", "manual"])}
    ),
)
def test_decide_and_undo_leave_what_would_be_without_them(
    repository, owner, reporter, moderator, other_moderator, before, taken, choices
):
    """With other measures standing, and with an owner who changes the settings in between (E5)."""
    clause = Clause.objects.get(code=CLAUSE)
    GuardedMeasure.objects.all().delete()

    def run(*, acts: bool) -> tuple[Any, ...]:
        found: list[Any] = []
        try:
            with transaction.atomic():
                for kind in sorted(before):
                    decide_directly(repository, kind=kind, clause=clause, reason=WORDS, actor=other_moderator)
                if acts:
                    decision = _decide(repository, clause, sorted(taken), moderator)
                change_settings(Repository.objects.get(pk=repository.pk), actor=owner, **choices)
                if acts:
                    undo_decision(decision, actor=moderator, reason=REASON)
                found.append(state_of(repository, reporter, owner)[:-1])
                found.append(bool(standing_restriction(owner)))
                raise _Undone  # noqa: TRY301 - the example leaves nothing behind
        except _Undone:
            return tuple(found)

    assert run(acts=True) == run(acts=False)


def _decide(repository: Repository, clause: Clause, kinds: list[str], actor: Any):
    case = open_or_join(take_snapshot(subject_of(repository)), clause=clause, actor=actor)
    return decide(
        case,
        actor=actor,
        version=case.version,
        outcome="violation",
        clause=clause,
        measures=[MeasureOrder(kind) for kind in kinds],
        explanation=WORDS,
        override="Somebody could be harmed while we wait for them.",
    )


# A whole selection ----------------------------------------------------------------------------------------------------


def test_a_bulk_is_taken_back_as_a_whole_once(bulk, moderator):
    undo_bulk(bulk, actor=moderator, reason=REASON)
    assert {one.case.state for one in bulk.decisions.select_related("case")} == {"open"}
    assert bulk.undone_at is not None
    with pytest.raises(Refused) as refused:
        undo_bulk(bulk, actor=moderator, reason=REASON)
    assert refused.value.code == "undone"


def test_one_that_was_contested_stands_in_the_way_and_can_be_left_out(bulk, moderator, reporter):
    contested, *others = bulk.decisions.order_by("pk")
    file_appeal(contested, text="You did not read it to the end.", actor=reporter)
    with pytest.raises(InTheWay) as refused:
        undo_bulk(bulk, actor=moderator, reason=REASON)
    assert [one.case.pk for one in refused.value.obstacles] == [contested.case_id]
    assert not bulk.decisions.exclude(undone_at=None).exists()
    undo_bulk(bulk, actor=moderator, reason=REASON, without=[contested.case_id])
    assert set(bulk.decisions.exclude(undone_at=None)) == set(others)


def test_its_page_takes_it_back(sign_in, moderator, other_moderator, bulk):
    client = sign_in(other_moderator)
    assert client.post(f"/cases/bulk/{bulk.public_id}/undo", {"reason": "no"}).status_code == 422
    answer = client.post(f"/cases/bulk/{bulk.public_id}/undo", {"reason": REASON})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "This was taken back" in page
    assert page.count("taken back; the case is in the queue again") == 3
    assert 'id="undo"' not in page


def test_its_page_says_what_stands_in_the_way(sign_in, moderator, reporter, bulk):
    contested = bulk.decisions.order_by("pk").first()
    file_appeal(contested, text="You did not read it to the end.", actor=reporter)
    answer = sign_in(moderator).post(f"/cases/bulk/{bulk.public_id}/undo", {"reason": REASON})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody contested a decision about it since" in page
    assert re.search(rf'name="without"\s+value="{contested.case.public_id}"', page)


def test_the_page_of_a_case_takes_its_decision_back(sign_in, moderator, decided, case, reporter):
    client = sign_in(moderator)
    assert "Take this decision back" in client.get(case.get_absolute_url()).content.decode()
    address = f"/cases/{case.public_id}/undo/{decided.public_id}"
    assert sign_in(reporter).post(address, {"reason": REASON}).status_code == 404
    assert client.get(address).status_code == 405
    client.post(address, {"reason": "no"})
    case.refresh_from_db()
    assert case.state == "decided"
    client.post(address, {"reason": REASON})
    case.refresh_from_db()
    assert case.state == "open"


def test_a_decision_of_another_case_has_no_address_here(sign_in, moderator, decided, report, repository):
    other = report(repository, "spam")
    answer = sign_in(moderator).post(f"/cases/{other.public_id}/undo/{decided.public_id}", {"reason": REASON})
    assert answer.status_code == 404


def test_results_are_for_those_who_may_see_every_case(sign_in, make_user, bulk, author):
    author_of_team = make_user("paula", moderator=True)
    assert sign_in(author_of_team).get(f"/cases/bulk/{bulk.public_id}").status_code == 200
    make_moderator(author, actor=system_actor())
    assert sign_in(author).get(f"/cases/bulk/{bulk.public_id}").status_code == 404


def test_queries_of_the_result(sign_in, moderator, bulk, django_assert_max_num_queries):
    client = sign_in(moderator)
    with django_assert_max_num_queries(15):
        client.get(f"/cases/bulk/{bulk.public_id}")


# What a rule held comes back as it was (E5) ---------------------------------------------------------------------------


def act_by_rule(case, kind: str = "hold", code: str = "harassment", **order: Any) -> Any:
    case.refresh_from_db()
    clause = Clause.objects.get(code=code)
    clause.automation = [*clause.automation, kind]
    clause.save()
    return decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause, interim=True,
        measures=[MeasureOrder(kind, **order)], explanation="Our screening found insults in it.",
    ).measures.get()  # fmt: skip


@pytest.mark.parametrize("kind", ["hold", "posting_ban"])
@pytest.mark.parametrize("confirms", [False, True])
def test_what_a_rule_held_holds_again_until_its_own_end(case, moderator, kind, confirms, pass_time):
    measure = act_by_rule(case, kind)
    ends, due_at = measure.ends_at, Case.objects.get(pk=case.pk).due_at
    pass_time(timedelta(hours=2))
    case.refresh_from_db()
    values: dict[str, Any] = {"outcome": "no_violation"}
    if confirms:
        orders = [MeasureOrder(kind)]
        values = {"outcome": "violation", "clause": Clause.objects.get(code="spam"), "measures": orders}
    decision = decide(case, actor=moderator, version=case.version, explanation=WORDS, **values)
    undo_decision(decision, actor=moderator, reason=REASON)
    again = Measure.objects.standing().get(subject=case.subject, kind=kind)
    assert (again.interim, again.automated, again.ends_at) == (True, True, ends)
    assert (again.clause.code, again.reason) == ("harassment", measure.reason)
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("open", due_at)


def test_what_a_rule_held_and_would_have_ended_stays_ended(case, moderator, pass_time):
    act_by_rule(case, "posting_ban", lasts=timedelta(hours=5))
    case.refresh_from_db()
    decision = decide(case, actor=moderator, version=case.version, explanation=WORDS, outcome="no_violation")
    pass_time(timedelta(hours=6))
    undo_decision(decision, actor=moderator, reason=REASON)
    assert not Measure.objects.standing().filter(subject=case.subject).exists()


def test_of_a_bulk_it_comes_back_too(many_cases, moderator):
    cases = many_cases(3)
    ends = [act_by_rule(one, "hold").ends_at for one in cases]
    chosen = [Chosen(one, one.version) for one in cases]
    bulk = decide_together(chosen, actor=moderator, outcome="no_violation", explanation=WORDS)
    assert not Measure.objects.standing().exists()
    undo_bulk(bulk, actor=moderator, reason=REASON)
    standing = Measure.objects.standing().order_by("subject__cases__pk")
    assert [(one.kind, one.interim, one.ends_at) for one in standing] == [("hold", True, end) for end in ends]


def test_who_is_told_reads_that_it_holds_again(case, moderator, author):
    act_by_rule(case, "posting_ban")
    case.refresh_from_db()
    orders = [MeasureOrder("posting_ban")]
    decision = decide(
        case, actor=moderator, version=case.version, explanation=WORDS, outcome="violation",
        clause=Clause.objects.get(code="spam"), measures=orders,
    )  # fmt: skip
    undo_decision(decision, actor=moderator, reason=REASON)
    undone = InboxMessage.objects.get(recipient=author, key__startswith="undone:")
    assert "This holds no more" not in undone.body
    newest = InboxMessage.objects.filter(recipient=author).order_by("pk").last()
    assert newest is not None
    assert newest.pk > undone.pk
    assert "Our screening found insults in it." in newest.body
