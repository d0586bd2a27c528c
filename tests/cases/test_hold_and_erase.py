"""A discussion and the comment that opens it are the same words: what keeps one, keeps both (C6, C9, M2)."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from community.actions import add_comment, edit_comment, open_discussion
from community.models import CommentVersion
from foundation.errors import Refused
from foundation.work import LONGEST_PAUSE
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, evidence, reopen
from moderation.cases.actions import erasing as work
from moderation.cases.actions.evidence import destroy_evidence
from moderation.cases.actions.legal_holds import lift_legal_hold, place_legal_hold
from moderation.cases.models import Case, Event
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.sanctions.actions import impose
from moderation.subjects.actions import subject_of
from moderation.subjects.files import file_seen
from moderation.subjects.legal_holds import is_held
from moderation.subjects.models import Erasure, LegalHold, Quarantine, Snapshot
from repositories import git
from repositories.actions import commit
from tests.cases.test_erase import traces
from tests.cases.test_lock_order import SOON, at_once
from tests.conftest import concurrent

SECRET = "kakapowords"
WORDS = f"Little {SECRET} lives in the house by the bridge, and her number is 555."
ORDER = "The court of Chiang Mai, 4/2569."
MINORS, CHILDREN = "minors-sexual-content", "children-data"
BOTH = pytest.mark.parametrize("kinds", [("discussion", "comment"), ("comment", "discussion")], ids="-".join)


@pytest.fixture
def twins(repository, author):
    """A discussion and the comment that opens it, by their kinds."""
    discussion = open_discussion(repository, title=f"About {SECRET}", text=WORDS, actor=author)
    return {"discussion": discussion, "comment": discussion.comments.get(position=1)}


@pytest.fixture
def guardians(make_user):
    people = [make_user(name, moderator=True) for name in ("gwen", "gita")]
    Lane.objects.get(code="minors").group.user_set.add(*people)
    return people


@pytest.fixture
def ordered(clause):
    """ordered(case, code, kind, *people): decided by the first of them, confirmed by the second, and not done yet."""

    def make(case, code, kind, first, second):
        row = Case.objects.get(pk=case.pk)
        waiting = decide(
            row, actor=first, version=row.version, outcome="violation", clause=clause(code),
            measures=[MeasureOrder(kind)], explanation="We looked at it, and it has to go.",
        ).confirmation  # fmt: skip
        confirm_decision(waiting, actor=second, version=Case.objects.get(pk=case.pk).version)
        return Erasure.objects.latest("pk")

    return make


def written() -> int:
    return CommentVersion.objects.filter(text__contains=SECRET).count()


# Locked away for the authorities --------------------------------------------------------------------------------------


@BOTH
def test_what_is_locked_away_through_the_other_is_not_erased(twins, kinds, report, clause, moderator):
    locked, other = (twins[kind] for kind in kinds)
    report(locked, MINORS)
    with pytest.raises(Refused, match="kept until its date"):
        impose("erase", subject_of(other), clause=clause(CHILDREN), reason="No.", actor=moderator)


@BOTH
def test_what_is_locked_away_after_an_order_is_not_erased(
    twins, kinds, report, ordered, moderator, other_moderator, make_user, pass_time
):
    erased, locked = (twins[kind] for kind in kinds)
    erasure = ordered(report(erased, CHILDREN), CHILDREN, "erase", moderator, other_moderator)
    report(locked, MINORS, by=make_user("late"))
    assert work.erase_ordered() == 1  # looked at, and put back
    assert work.erase_ordered() == 0
    erasure.refresh_from_db()
    assert (erasure.steps, erasure.done_at) == (0, None)
    assert written() == 1
    assert Quarantine.objects.filter(done_at=None).exclude(ciphertext=b"").exists()
    # Its own date destroys what is locked away; then nothing keeps the rest.
    pass_time(settings.QUARANTINE_FOR + LONGEST_PAUSE)
    destroy_evidence()
    work.erase_ordered()
    assert written() == 0


def test_a_quarantine_leaves_no_snapshot_of_the_other_open(twins, report, ordered, guardians, make_user):
    beside = report(twins["comment"], "spam", by=make_user("early"))
    case = report(twins["discussion"], MINORS)
    ordered(case, MINORS, "quarantine", *guardians)
    work.erase_ordered()
    assert SECRET not in str(list(Snapshot.objects.values_list("title", "text")))
    assert Snapshot.objects.get(reports__case_report__case=beside).sealed
    assert "quarantine.done" in case.events.values_list("kind", flat=True)
    # Found to be something else after all, the words are evidence of both again.
    reopen(Case.objects.get(pk=case.pk), reason="The authorities say that it is nothing.", actor=guardians[0])
    row = Case.objects.get(pk=case.pk)
    decide(
        row, actor=guardians[0], version=row.version, outcome="no_violation", explanation="It is nothing, after all."
    )
    assert SECRET in Snapshot.objects.get(reports__case_report__case=beside).text
    assert SECRET in Snapshot.objects.get(reports__case_report__case=case).text


# Legal holds ----------------------------------------------------------------------------------------------------------


@BOTH
def test_a_legal_hold_keeps_the_other_too(twins, kinds, report, ordered, moderator, other_moderator, admin, pass_time):
    held, erased = (twins[kind] for kind in kinds)
    case = report(erased, CHILDREN)
    ordered(case, CHILDREN, "erase", moderator, other_moderator)
    hold = place_legal_hold(subject_of(held), reason=ORDER, actor=admin)
    assert is_held(subject_of(erased))
    assert work.erase_ordered() == 0
    assert written() == 1
    lift_legal_hold(hold, reason="The court let it go.", actor=admin)
    work.erase_ordered()
    assert written() == 0
    # The thing that is held has no case of its own: that of the same words says so.
    assert {"legal_hold.placed", "legal_hold.lifted"} <= set(case.events.values_list("kind", flat=True))


def test_a_legal_hold_keeps_nothing_else(twins, report, ordered, moderator, other_moderator, admin, author):
    answer = add_comment(twins["discussion"], text=f"I answer about {SECRET}.", actor=author)
    place_legal_hold(subject_of(twins["discussion"]), reason=ORDER, actor=admin)
    ordered(report(answer, CHILDREN), CHILDREN, "erase", moderator, other_moderator)
    work.erase_ordered()
    assert CommentVersion.objects.get(comment=answer).text == ""
    assert written() == 1


@BOTH
def test_evidence_is_kept_by_a_hold_that_came_after_it_was_claimed(
    twins, kinds, report, admin, pass_time, monkeypatch, make_user
):
    held, locked = (subject_of(twins[kind]) for kind in kinds)
    report(twins[kinds[1]], MINORS)
    pass_time(settings.QUARANTINE_FOR + timedelta(days=1))
    lock = evidence._locked_case
    placed: list[LegalHold] = []

    def lock_late(row):
        if not placed:
            placed.append(place_legal_hold(held, reason=ORDER, actor=admin))
        return lock(row)

    monkeypatch.setattr(evidence, "_locked_case", lock_late)
    destroy_evidence()
    assert placed
    row = Quarantine.objects.get(snapshot__subject=locked)
    assert (row.done_at, bool(bytes(row.ciphertext))) == (None, True)
    lift_legal_hold(placed[0], reason="The court let it go.", actor=admin)
    assert destroy_evidence() == 1
    assert bytes(Quarantine.objects.get(pk=row.pk).ciphertext) == b""


def test_every_version_that_is_destroyed_is_an_event(twins, report, ordered, guardians, author, pass_time):
    edit_comment(twins["comment"], text=f"{WORDS}\n\nAnd {SECRET} again.", actor=author)
    case = report(twins["comment"], MINORS)
    ordered(case, MINORS, "quarantine", *guardians)
    work.erase_ordered()
    kept = set(Quarantine.objects.filter(done_at=None).values_list("snapshot", flat=True))
    assert len(kept) > 1
    pass_time(settings.QUARANTINE_FOR + timedelta(days=1))
    destroy_evidence()
    told = Event.objects.filter(kind="evidence.destroyed", case=case)
    assert {one.data["snapshot"] for one in told} == kept
    assert list(find_faults()) == []


@concurrent
def test_whoever_erases_waits_for_a_hold_on_the_other(twins, report, ordered, moderator, other_moderator, admin):
    ordered(report(twins["comment"], CHILDREN), CHILDREN, "erase", moderator, other_moderator)
    subject = subject_of(twins["discussion"])
    placed, go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            place_legal_hold(subject, reason=ORDER, actor=admin)
            placed.set()
            go.wait(10)

    def erase():
        placed.wait(10)
        threading.Timer(SOON, go.set).start()
        work.erase_ordered()

    assert at_once(hold, erase) == [None, None]
    assert written() == 1
    assert Erasure.objects.get().last_error == ""


# Files ----------------------------------------------------------------------------------------------------------------


def test_what_was_committed_again_since_stays_when_something_else_is_erased(
    make_repository, owner, report, ordered, moderator, other_moderator, reporter
):
    repository = make_repository("twice")
    commit(
        repository,
        {"a.txt": WORDS.encode(), "b.txt": b"Another child.", "keep.txt": b"stays"},
        actor=owner,
        message="A",
    )

    def erase(path):
        repository.refresh_from_db()
        seen = file_seen(repository, path, "", reporter)
        ordered(report(repository, CHILDREN, seen=seen), CHILDREN, "erase", moderator, other_moderator)
        work.erase_ordered()
        repository.refresh_from_db()

    erase("a.txt")
    assert git.find_file(repository, "a.txt") is None
    commit(repository, {"again.txt": WORDS.encode()}, actor=owner, message="They allowed it since")
    erase("b.txt")
    assert git.find_file(repository, "b.txt") is None
    assert git.read_file(repository, "again.txt") == WORDS.encode()
    assert git.read_file(repository, "keep.txt") == b"stays"
    erase("again.txt")
    assert git.find_file(repository, "again.txt") is None
    assert not [place for place in traces(SECRET) if str(git.location(repository)) in place]
