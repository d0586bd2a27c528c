"""Lifting many measures in one go: as exactly as one by one, said once, and resumed after a crash (D4, E5)."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import send_letters
from accounts.models import InboxMessage, PostingRestriction
from community.actions import add_comment, hide, open_discussion
from community.models import Comment, CommentVersion, Discussion, DiscussionEvent, Hiding, Limit
from foundation.errors import Forbidden, Refused
from foundation.models import Change
from moderation.cases.actions import MeasureOrder, decide, decide_directly, lift_measure
from moderation.cases.actions import lift_together as together
from moderation.cases.actions.bulk import Chosen, decide_together
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.models import Case, Confirmation, Event
from moderation.cases.naming import NamesSomebody
from moderation.cases.overview import describe
from moderation.cases.verify import find_faults
from moderation.sanctions.measures import DECIDED
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from repositories.models import Repository, Restriction
from tests.api.conftest import code, program

__all__ = ["program"]

WORDS = "You called people idiots and told them to shut up."
REASON = "Our rule took quotations for insults, and we are sorry."
WRITTEN = (
    Repository, Restriction, PostingRestriction, Discussion, DiscussionEvent, Comment, CommentVersion, Hiding, Limit,
    Measure, Case, Change,
)  # fmt: skip
OWN = re.compile(r"(^|_)(id|hash|head|at|until)$|^object_id$|^event_count$|^version$")


@pytest.fixture
def taken(moderator, clause):
    """taken("downgrade", repository): a measure of a decision of its own."""

    def take(kind: str, target: Any, about: str = "spam") -> Measure:
        decision = decide_directly(
            target, kind=kind, clause=clause(about), reason=WORDS, actor=moderator, override=WORDS, insufficient=WORDS
        )
        return decision.measures.get(kind=kind)

    return take


@pytest.fixture
def banned(taken, make_user):
    """banned(3): bans of so many people."""
    return lambda count: [taken("posting_ban", make_user(f"person-{number}")) for number in range(count)]


def lift(measures, actor, key: uuid.UUID | None = None):
    return lift_together(
        [one.public_id for one in measures], reason=REASON, actor=actor, request_id=key or uuid.uuid4()
    )


def written() -> dict[str, list[Any]]:
    rows = {}
    for model in WRITTEN:
        names = [one.attname for one in model._meta.concrete_fields if not OWN.search(one.attname)]
        kept = [
            {name: value for name in names if not isinstance(value := getattr(row, name), uuid.UUID)}
            for row in model._default_manager.all()
            # Of words of our own under our own measures nobody takes notice: see cases.feedback.
            if getattr(row, "kind", "") != "comment.added"
        ]
        rows[model.__name__] = sorted(kept, key=str)
    return rows


@pytest.mark.parametrize("about", ["spam", "malware"])
def test_it_writes_what_lifting_one_by_one_does(about, taken, repository, discussion, comment, author, moderator):
    """For every kind of measure, each with two cases and in public as well as confidential."""
    subjects = [repository, discussion, comment, author]
    measures = []
    for code_, kind in DECIDED.items():
        if kind.undoable and code_ != "remove" and not kind.brings:
            target = next(one for one in subjects if kind.applies_to(subject_of(one)))
            target.refresh_from_db()
            measures.append(taken(code_, target, about))
    found = []
    for at_once in (False, True):
        with transaction.atomic():
            if at_once:
                assert len(lift(measures, moderator).measures) == len(measures)
            else:
                for one in measures:
                    lift_measure(one, reason=REASON, actor=moderator)
            assert not Measure.objects.standing().exists()
            found.append(written())
            transaction.set_rollback(True)
    one_by_one, together_ = found
    for name in one_by_one:
        assert one_by_one[name] == together_[name], name


@pytest.fixture
def second_holds(report, discussion, author, moderator, clause):
    """The hold of a comment about which a second moderator has to agree first."""
    case = report(add_comment(discussion, text="They are all criminals.", actor=author), "defamation")
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("defamation"),
        measures=[MeasureOrder("deactivate")], explanation=WORDS,
    )  # fmt: skip
    return Confirmation.objects.get().hold


def test_holds_too_whoever_put_them_in_place(
    taken, second_holds, report, discussion, repository, comment, author, moderator
):
    """By a moderator, by a lane, while a second one is waited for; of a comment, of what opens it twice, of a card."""
    opening = discussion.comments.get(position=1)
    report(add_comment(discussion, text="She is eleven and lives there.", actor=author), "children-data")
    measures = [taken("hold", one) for one in (repository, discussion, opening, comment)]
    measures += [second_holds, Measure.objects.get(interim=True)]
    found = []
    for at_once in (False, True):
        with transaction.atomic():
            if at_once:
                # The second hold of what opens the discussion goes on: it is hidden until that is lifted, too.
                done = lift([one for one in measures if one.subject.kind != "discussion"], moderator)
                assert (len(done.measures), done.obstacles) == (5, {})
                assert list(Comment.objects.filter(hidden=True)) == [opening]
                assert len(lift(measures, moderator).measures) == 1
            else:
                for one in measures:
                    lift_measure(one, reason=REASON, actor=moderator)
            assert not Measure.objects.standing().exists()
            assert not Comment.objects.filter(hidden=True).exists()
            assert list(find_faults()) == []
            found.append(written())
            transaction.set_rollback(True)
    one_by_one, together_ = found
    for name in one_by_one:
        assert one_by_one[name] == together_[name], name


def test_everybody_is_told_once_and_each_case_has_one_event(taken, author, comment, discussion, moderator):
    measures = [taken("hide_comment", comment), taken("posting_ban", comment), taken("lock_discussion", discussion)]
    key = uuid.uuid4()
    assert len(lift(measures, moderator, key).measures) == 3
    letters = InboxMessage.objects.filter(recipient=author, key__startswith="lifted")
    (letter,) = letters
    assert (REASON in letter.body, letter.link) == (True, "/standing")
    events = Event.objects.filter(kind="measures.lifted")
    assert sorted(events.values_list("case", flat=True)) == sorted(
        Case.objects.filter(decisions__measures__in=measures).distinct().values_list("pk", flat=True)
    )
    assert "Lifted together: " in describe(list(events))[0].what
    written = events.count()
    assert lift(measures, moderator, key).measures == []  # sent again
    assert (letters.count(), events.count()) == (1, written)


def test_after_a_crash_it_goes_on(banned, moderator, monkeypatch):
    monkeypatch.setattr(together, "AT_ONCE", 2)
    measures, key = banned(5), uuid.uuid4()
    calls, send = [], send_letters

    def dies(letters, *, actor):
        calls.append(letters)
        if len(calls) == 2:
            raise SystemExit
        send(letters, actor=actor)

    monkeypatch.setattr(together, "send_letters", dies)
    with pytest.raises(SystemExit):
        lift(measures, moderator, key)
    assert Measure.objects.standing().count() == 3
    assert len(lift(measures, moderator, key).measures) == 3
    assert not Measure.objects.standing().exists()
    assert InboxMessage.objects.filter(key__startswith="lifted").count() == 5
    assert Event.objects.filter(kind="measures.lifted").count() == 5


def test_a_few_more_statements_for_many_more(banned, moderator):
    def asked(measures) -> int:
        with CaptureQueriesContext(connection) as queries:
            lift(measures, moderator)
        return len(queries)

    people = banned(12)
    few, many = asked(people[:4]), asked(people[4:])
    assert many - few <= 4 * 2.5  # an event for each case, a letter for each of them, four letters at a time


@pytest.mark.parametrize("kind", ["hide_comment", "close_discussion", "hold"])
def test_hidden_and_closed_too(kind, taken, discussion, repository, author, moderator):
    """An event for each case, and nothing else that grows: of 1,000 it would be 18,000 statements else."""

    def measures(count: int) -> list[Measure]:
        def target(number: int) -> Comment | Discussion:
            if kind != "close_discussion":
                return add_comment(discussion, text=f"You are idiots, {number}.", actor=author)
            return open_discussion(repository, title=f"Buy {number}", text="Buy it.", actor=author)

        return [taken(kind, target(number)) for number in range(count)]

    def asked(found: list[Measure]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(lift(found, moderator).measures) == len(found)
        return len(queries)

    few, many = asked(measures(5)), asked(measures(25))
    assert many - few <= 20 * 1.5
    assert not Comment.objects.filter(hidden=True).exists()
    assert not Discussion.objects.filter(status="closed").exists()


def test_quotations_of_what_is_shown_again_come_back(taken, discussion, author, owner, moderator):
    """Together as one by one: who quoted a hidden comment quotes it again, and what others hid stays hidden."""
    comments = [add_comment(discussion, text=f"You are idiots, all of you, {n}.", actor=author) for n in range(3)]
    quoting = add_comment(discussion, text="> You are idiots, all of you, 1.\n\nNo!", actor=owner)
    measures = [taken("hide_comment", one) for one in comments]
    hide(comments[0], category="off_topic", actor=owner)
    quoting.refresh_from_db()
    assert "You are idiots" not in quoting.text
    lift(measures, moderator)
    quoting.refresh_from_db()
    assert "You are idiots, all of you, 1." in quoting.text
    assert list(Comment.objects.filter(hidden=True)) == [comments[0]]
    assert DiscussionEvent.objects.filter(kind="unhidden").count() == 2
    comments[2].refresh_from_db()
    assert comments[2].text == "You are idiots, all of you, 2."


def test_what_is_ones_own_is_left_and_said(taken, banned, moderator, other_moderator):
    mine, others = taken("posting_ban", other_moderator), banned(2)
    done = lift([mine, *others], other_moderator)
    assert {one.pk for one in done.measures} == {one.pk for one in others}
    assert list(done.obstacles) == [mine.public_id]
    assert "your own content" in str(done.obstacles[mine.public_id])


def test_refused(banned, moderator, reporter):
    measures = banned(1)
    with pytest.raises(Forbidden):
        lift(measures, reporter)
    with pytest.raises(Refused) as refused:
        lift_together([measures[0].public_id], reason="No.", actor=moderator, request_id=uuid.uuid4())
    assert refused.value.status == 400
    many = [uuid.uuid4() for _number in range(1_001)]
    with pytest.raises(Refused, match="at most 1000"):
        lift_together(many, reason=REASON, actor=moderator, request_id=uuid.uuid4())


@pytest.fixture
def bulk(many_cases, moderator, clause):
    """A decision about three cases, a day and a bit ago."""
    chosen = [Chosen(one, one.version) for one in many_cases(3)]
    return decide_together(
        chosen, actor=moderator, outcome="violation", clause=clause("harassment"), explanation=WORDS,
        measures=[MeasureOrder("hide_comment"), MeasureOrder("friendly_warning")],
    )  # fmt: skip


def test_page_of_a_bulk_lifts_what_holds_once_a_day_has_passed(bulk, moderator, sign_in, pass_time):
    client, address = sign_in(moderator), f"/cases/bulk/{bulk.public_id}"
    assert "Take all of it back" in client.get(address).content.decode()
    pass_time(timedelta(hours=25))
    assert "Lift what still holds" in client.get(address).content.decode()
    assert client.post(f"{address}/lift", {"reason": "no"}).status_code == 422
    page = client.post(f"{address}/lift", {"reason": REASON}, follow=True).content.decode()
    assert "Lifted: 6 measures." in page
    assert "Nothing of it holds any more." in page
    assert set(Case.objects.values_list("state", flat=True)) == {"decided"}


def test_by_program(program, moderator, author, banned, bulk, second_holds):
    client, measures = program(moderator, "moderate"), banned(2)
    asked = {"measures": [str(one.public_id) for one in measures], "reason": REASON}
    first = client.post("/api/v1/measures/lift", asked)
    assert (first.status_code, sorted(first.json()["lifted"])) == (200, sorted(asked["measures"]))
    again = client.post("/api/v1/measures/lift", asked)
    assert again.json() == {"lifted": [], "obstacles": []}
    assert InboxMessage.objects.filter(key__startswith="lifted").count() == 2
    # What holds until a second one agrees is of a case too, though of no decision yet.
    asked["measures"] = [str(second_holds.public_id)]
    assert client.post("/api/v1/measures/lift", asked).json() == {"lifted": asked["measures"], "obstacles": []}
    whole = client.post(f"/api/v1/bulk-decisions/{bulk.public_id}/lift", {"reason": REASON})
    assert (whole.status_code, len(whole.json()["lifted"])) == (200, 6)
    assert code(client.post("/api/v1/measures/lift", {**asked, "measures": [str(uuid.uuid4())]})) == "not_found"
    assert client.post("/api/v1/measures/lift", {**asked, "measures": []}).status_code == 400
    assert program(author).post("/api/v1/measures/lift", asked).status_code == 403


def test_words_that_give_one_reporter_away_are_sent_to_nobody(report, taken, comment, discussion, make_user, moderator):
    """The same person may read them about another of their measures."""
    report(comment, by=make_user("zephyrine"), text="He insulted my sister.")
    measures = [taken("hide_comment", comment, "harassment"), taken("lock_discussion", discussion)]
    InboxMessage.objects.all().delete()
    with pytest.raises(NamesSomebody):
        lift_together(
            [one.public_id for one in measures], reason="It was zephyrine who was mistaken.", actor=moderator,
            request_id=uuid.uuid4(),
        )  # fmt: skip
    assert Measure.objects.standing().count() == 2
    assert not InboxMessage.objects.exists()


def test_what_one_may_not_take_one_does_not_lift(taken, repository, discussion, moderator):
    measures = [taken("downgrade", repository), taken("lock_discussion", discussion)]
    Measure.objects.filter(pk=measures[0].pk).update(kind="quarantine")
    done = lift(measures, moderator)
    assert [one.kind for one in done.measures] == ["lock_discussion"]
    assert "who may take this measure" in str(done.obstacles[measures[0].public_id])
