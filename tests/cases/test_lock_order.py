"""Several people and workers at the same instant: nobody waits crosswise, nobody gets a fault (L3)."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from classifiers.text import default_classifier
from community.actions import add_comment
from foundation.errors import Refused
from moderation.automation import batches, pipeline
from moderation.cases.actions import MeasureOrder, answer, ask_owner, bulk, decide
from moderation.cases.actions.bulk import Chosen, decide_together
from moderation.cases.actions.evidence import destroy_evidence
from moderation.cases.actions.undo import undo_decision
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline, PartyMessage
from moderation.intake import filing
from moderation.policy.models import Lane
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.scoring.models import Embedding, ScoreRequest
from moderation.subjects.models import Quarantine
from tests.conftest import concurrent
from tests.reports.steps import reported

pytestmark = concurrent
MINORS, NOTHING = "minors-sexual-content", {"outcome": "no_violation", "explanation": "Nothing of the kind at all."}
# Until the other one waits for us; that both came so far is awaited by events.
SOON = 0.7


def at_once(*jobs):
    """What each of `jobs` returned, or the exception it raised, each in a thread of its own."""

    def run(job):
        try:
            return job()
        except Exception as error:  # noqa: BLE001 - told to the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def judged(case, actor, **more):
    row = Case.objects.get(pk=case.pk)
    return decide(row, actor=actor, version=row.version, **NOTHING, **more)  # type: ignore[arg-type]


def test_taking_back_while_a_report_comes_in_is_refused(report, comment, moderator, make_user, clause):
    case, late = report(comment), make_user("late")
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("friendly_warning")], explanation="You called people idiots.",
    )  # fmt: skip
    came, commit = threading.Event(), threading.Event()

    def file():
        with transaction.atomic():
            reported(comment, late)
            came.set()
            commit.wait(10)

    def take_back():
        came.wait(10)
        threading.Timer(SOON, commit.set).start()
        undo_decision(decision, actor=moderator, reason="We misread the whole thing.")

    filed, refused = at_once(file, take_back)
    assert filed is None
    assert isinstance(refused, Refused), repr(refused)
    assert refused.code == "another_open"


def test_marking_bad_faith_while_the_same_person_reports(report, comment, moderator, reporter, clause, monkeypatch):
    case = report(comment)
    mark = Report.objects.get().public_id
    holds_person, holds_case = threading.Event(), threading.Event()
    ask = filing.require_below_limit  # type: ignore[attr-defined]

    def ask_and_wait(*args, **options):
        found = ask(*args, **options)
        holds_person.set()
        holds_case.wait(10)
        return found

    monkeypatch.setattr(filing, "require_below_limit", ask_and_wait)

    def file():
        filing.file_all(
            comment, clause=clause("spam"), text="Adverts everywhere.", ground="rules", confidential=True,
            request_id=uuid.uuid4(), details=Details(), actor=reporter,
        )  # fmt: skip

    def mark_it():
        holds_person.wait(10)
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            threading.Timer(SOON, holds_case.set).start()
            holds_case.wait(10)
            judged(case, moderator, bad_faith=[mark])

    assert at_once(file, mark_it) == [None, None]


def test_deciding_many_beside_one_of_the_same_reporters(
    report, discussion, author, moderator, other_moderator, make_user, monkeypatch
):
    ada, bob = make_user("ada"), make_user("bob")
    one, two, three = (add_comment(discussion, text=f"Hello number {n}", actor=author) for n in range(3))
    chosen = [report(one, by=bob), report(two, by=ada)]
    report(three, by=ada)
    other = report(three, by=bob)
    half, go, seen = threading.Event(), threading.Event(), list[int]()

    def pause_before_the_second(*args, **options):
        if seen:
            half.set()
            go.wait(10)
        seen.append(1)
        return decide(*args, **options)

    monkeypatch.setattr(bulk, "decide", pause_before_the_second)

    def many():
        decide_together([Chosen(case, case.version) for case in chosen], actor=moderator, **NOTHING)  # type: ignore[arg-type]

    def single():
        half.wait(10)
        threading.Timer(SOON, go.set).start()
        judged(other, other_moderator)

    assert at_once(many, single) == [None, None]


def test_answering_at_the_moment_at_which_the_time_ends(report, repository, moderator, owner, pass_time):
    case = report(repository, "strong-dual-use")
    party = ask_owner(case, text="What is it meant for, and for whom?", actor=moderator).party
    pass_time(timedelta(hours=73))
    holds_case, go = threading.Event(), threading.Event()

    def reply():
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            holds_case.set()
            go.wait(10)
            answer(party, text="It is meant for birds alone.", actor=owner)

    def work():
        holds_case.wait(10)
        threading.Timer(SOON, go.set).start()
        act_on_deadlines()

    assert at_once(reply, work) == [None, None]
    assert not Deadline.objects.exclude(last_error="").exists()
    assert PartyMessage.objects.filter(from_team=False).count() == 1


@pytest.fixture
def guardian(make_user):
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


def test_locking_words_away_while_a_worker_reads_them(report, comment, make_user, monkeypatch):
    report(comment, "spam", by=make_user("early"))
    reading, go, classifier = threading.Event(), threading.Event(), default_classifier()

    class Slow:
        provenance = classifier.provenance

        def read(self, texts):
            reading.set()
            go.wait(10)
            return classifier.read(texts)

    monkeypatch.setattr(batches, "loaded", lambda row: Slow())
    late = make_user("late")

    def lock_away():
        reading.wait(10)
        threading.Timer(SOON, go.set).start()
        report(comment, MINORS, by=late)

    scored, locked = at_once(pipeline.score_pending, lock_away)
    assert (scored, locked) == (1, None)
    assert not Embedding.objects.exists()
    assert not ScoreRequest.objects.exclude(last_error="").exists()


def test_releasing_words_while_a_worker_destroys_them(report, comment, guardian, pass_time):
    case = report(comment, MINORS)
    pass_time(timedelta(days=400))
    holds_case, go = threading.Event(), threading.Event()

    def release():
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            holds_case.set()
            go.wait(10)
            judged(case, guardian)

    def destroy():
        holds_case.wait(10)
        threading.Timer(SOON, go.set).start()
        destroy_evidence()

    assert at_once(release, destroy) == [None, None]
    assert not Quarantine.objects.exclude(last_error="").exists()
