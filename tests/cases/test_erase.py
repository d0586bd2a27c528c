"""Erased on purpose: nothing is left of it anywhere but the record that it is gone (C6, J6, M2)."""

from pathlib import Path

import pygit2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from accounts.actions import create_token
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, open_discussion, rename
from community.models import Comment, CommentVersion, PullRequest
from community.pull_requests.proposing import open_pull_request
from community.refs import export_moved_heads
from foundation.errors import Forbidden, Refused
from foundation.work import LONGEST_PAUSE
from moderation.appeals.actions.erasing import erase_appeals
from moderation.automation.models import TextPrint
from moderation.automation.screening import forget_prints, screen_texts
from moderation.cases.actions import (
    MeasureOrder,
    confirm_decision,
    decide,
    decline,
    lift_measure,
    receive_report,
)
from moderation.cases.actions import erasing as work
from moderation.cases.actions.legal_holds import lift_legal_hold, place_legal_hold
from moderation.cases.actions.notes import add_note
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from moderation.reports.actions.evidence import EvidenceFile, attach
from moderation.reports.details import Details
from moderation.reports.models import BlurredAttachment, Report
from moderation.reports.previews import blur_attachments
from moderation.sanctions.actions import impose
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.scoring.models import Embedding
from moderation.subjects.actions import subject_of
from moderation.subjects.files import file_seen
from moderation.subjects.models import Erasure, LegalHold, Snapshot
from repositories import git
from repositories.actions import commit
from repositories.models import ErasedObject, Repository, Scan
from repositories.scanning import scan_due_files
from tests.classifiers.drawing import encoded, picture

CANARY = "quokkawordsevenyearsold"
WORDS = f"Little {CANARY} lives in the house by the bridge, and her number is 555."
REASON = "It holds the data of a child; it has to go."


@pytest.fixture
def decided(moderator, clause):
    """decided(case): what `moderator` decided, as it waits for somebody else, holding already."""

    def make(case: Case):
        row = Case.objects.get(pk=case.pk)
        return decide(
            row, actor=moderator, version=row.version, outcome="violation", clause=clause("children-data"),
            measures=[MeasureOrder("erase")], explanation=REASON,
        ).confirmation  # fmt: skip

    return make


@pytest.fixture
def erased(decided, other_moderator):
    """erased(case): decided, confirmed and done."""

    def make(case: Case) -> Erasure:
        waiting = decided(case)
        confirm_decision(waiting, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
        work_off_everything()
        return Erasure.objects.latest("pk")

    return make


def work_off_everything():
    work.erase_ordered()
    forget_prints()
    erase_appeals()
    export_moved_heads()


def traces(word: str = CANARY) -> list[str]:
    """Where `word` still stands: in any column of any table, as text or as bytes, and in any file or git object."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            for form in (word, word.encode().hex()):
                cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{form}%"])
                if cursor.fetchone()[0]:
                    found.append(table)
    for root in (settings.REPOSITORY_ROOT, settings.LARGE_FILE_ROOT, settings.EVIDENCE_ROOT):
        for path in Path(root).rglob("*"):
            if path.is_file() and word.encode() in path.read_bytes():
                found.append(str(path))
    for place in Path(settings.REPOSITORY_ROOT).glob("*/*.git"):
        store = pygit2.Repository(str(place))
        found += [f"{place} {oid}" for oid in store.odb if word.encode() in store[oid].read_raw()]
    return found


# A comment ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def about_a_child(discussion, author, reporter, moderator, clause, score):
    """A comment with the word in all that Ombud keeps of it, and its case."""
    comment = add_comment(discussion, text=WORDS, actor=author)
    edit_comment(comment, text=f"{WORDS}\n\nAnd {CANARY} goes to school.", actor=author)
    add_comment(discussion, text=f"> {WORDS}\n\nPlease do not write that.", actor=moderator)
    screen_texts()
    details = Details(passage=WORDS, links=(f"https://example.org/{CANARY}",))
    report = receive_report(
        comment, clause=clause("children-data"), actor=reporter, text=f"{CANARY} is my daughter.", details=details
    )
    with transaction.atomic():
        attach(report, [EvidenceFile(f"{CANARY}.txt", "text/plain", WORDS.encode())], actor=reporter)
    case = Case.objects.get(case_reports__report=report)
    score(case)
    Embedding.objects.create(snapshot=report.snapshot, model="mini", vector=b"\0" * 8)
    add_note(case, text=f"I know {CANARY} myself.", actor=moderator)
    return comment, case


def test_nothing_of_a_comment_is_left(about_a_child, erased):
    comment, case = about_a_child
    assert traces()
    assert TextPrint.objects.filter(version__comment=comment).exists()
    erased(case)
    assert traces() == []
    assert not Embedding.objects.exists()
    assert not TextPrint.objects.filter(version__comment=comment).exists()
    assert [one for one in Path(settings.EVIDENCE_ROOT).rglob("*") if one.is_file()] == []
    quoting = Comment.objects.get(discussion=comment.discussion, position=comment.position + 1)
    assert quoting.text.endswith("Please do not write that.")


def test_nothing_is_left_of_a_picture_that_a_reporter_sent(about_a_child, erased):
    _comment, case = about_a_child
    report = Report.objects.get()
    with transaction.atomic():
        attach(report, [EvidenceFile("house.png", "image/png", encoded(picture()))], actor=report.reporter)
    assert blur_attachments() == 1
    erased(case)
    assert not BlurredAttachment.objects.exists()
    assert traces() == []


def test_the_record_that_it_is_gone_stays_and_can_be_verified(about_a_child, erased):
    comment, case = about_a_child
    erased(case)
    assert list(find_faults()) == []
    assert {"case.decided", "erasure.ordered", "erasure.done"} <= set(case.events.values_list("kind", flat=True))
    assert Comment.objects.get(pk=comment.pk).hidden
    assert Snapshot.objects.get(subject__comment=comment).erased
    assert Measure.objects.standing().get(kind="erase").subject.comment == comment


def test_nobody_reads_it_from_the_decision_on(about_a_child, decided, author, sign_in):
    comment, case = about_a_child
    decided(case)
    comment.refresh_from_db()
    assert (comment.hidden, comment.text) == (True, "")
    assert CANARY not in sign_in(author).get(comment.discussion.get_absolute_url()).content.decode()
    work_off_everything()
    assert CommentVersion.objects.filter(comment=comment, text__contains=CANARY).count() == 2


def test_what_a_second_moderator_declines_is_held_and_comes_back_whole(about_a_child, decided, other_moderator):
    comment, case = about_a_child
    decline(decided(case), actor=other_moderator, reason="It is a grown-up’s own address.")
    work_off_everything()
    comment.refresh_from_db()
    # The lane holds it until somebody decided about it (C6).
    assert (comment.hidden, comment.text) == (True, "")
    assert Erasure.objects.get().cancelled_at
    case.refresh_from_db()
    decide(case, actor=other_moderator, version=case.version, outcome="no_violation", explanation="Their own address.")
    comment.refresh_from_db()
    assert (comment.hidden, CANARY in comment.text) == (False, True)


def test_a_crash_between_any_two_steps_continues(about_a_child, decided, other_moderator, monkeypatch, pass_time):
    """Each step dies once, before it begins and after it is done, and is done again."""
    _comment, case = about_a_child
    confirm_decision(decided(case), actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    died: list[str] = []

    def mortal(step):
        def run(one):
            if died.count(step.__name__) == 0:
                died.append(step.__name__)
                raise OSError("killed before")
            step(one)
            if died.count(step.__name__) == 1:
                died.append(step.__name__)
                raise OSError("killed after")

        return run

    monkeypatch.setattr(work, "STEPS", tuple(mortal(step) for step in work.STEPS))
    for _attempt in range(3 * len(work.STEPS)):
        work.erase_ordered()
        pass_time(LONGEST_PAUSE)
    work_off_everything()
    assert len(died) == 2 * len(work.STEPS)
    assert traces() == []
    assert case.events.filter(kind="erasure.done").count() == 1


def test_the_opening_of_a_discussion_goes_with_its_titles(repository, author, owner, clause, reporter, erased):
    discussion = open_discussion(repository, title=f"Where {CANARY} lives", text=WORDS, actor=author)
    rename(discussion, title=f"The house of {CANARY}", actor=author)
    rename(discussion, title=f"{CANARY} again", actor=owner, conceal=True)
    add_comment(discussion, text="Please take that down.", actor=owner)
    report = receive_report(discussion, clause=clause("children-data"), actor=reporter, text="She is seven.")
    erased(Case.objects.get(case_reports__report=report))
    assert traces() == []
    page = Client().get(discussion.get_absolute_url()).content.decode()
    assert "Please take that down." in page


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_file(make_repository, owner, author):
    """A repository whose file about children was changed, moved, copied and proposed; and other files beside it."""
    repository = make_repository("survey")
    commit(repository, {"data/children.csv": WORDS.encode(), "keep.txt": b"stays"}, actor=owner, message="Add data")
    commit(repository, {"data/children.csv": f"{WORDS}\nmore".encode()}, actor=owner, message="More data")
    commit(repository, {"copy.csv": WORDS.encode(), "many.txt": b"a" * 99}, actor=owner, message="Copy it")
    repository.refresh_from_db()
    change = git.Put("other.txt", git.store_bytes(repository, b"proposed").oid)
    proposal = open_pull_request(repository, [change], title="Another file", text="Please.", actor=author)
    commit(repository, {"data/children.csv": None}, actor=owner, message="Take it away")
    scan_due_files()
    repository.refresh_from_db()
    return repository, proposal


@pytest.fixture
def file_case(with_file, reporter, clause):
    repository, _proposal = with_file
    before = git.history(repository)[1].oid
    seen = file_seen(repository, "data/children.csv", before, reporter)
    report = receive_report(
        repository, clause=clause("children-data"), actor=reporter, text="Children are in it.", seen=seen
    )
    return Case.objects.get(case_reports__report=report)


def test_a_file_is_gone_from_every_revision(with_file, file_case, erased):
    repository, _proposal = with_file
    before = git.history(repository)
    assert traces()
    erased(file_case)
    assert traces() == []
    repository.refresh_from_db()
    after = git.history(repository)
    said = [(one.message, one.author, one.at) for one in before]
    assert [(one.message, one.author, one.at) for one in after] == said
    assert git.read_file(repository, "keep.txt") == b"stays"
    assert git.find_file(repository, "copy.csv") is None
    for one in after:
        assert git.find_file(repository, "data/children.csv", one.oid) is None
    # The first commit never had it, and is the one it was.
    assert after[-1].oid == before[-1].oid
    assert {one.oid for one in before[:-1]}.isdisjoint(one.oid for one in after)
    assert not Scan.objects.filter(repository=repository, path="data/children.csv").exists()


def test_hashes_are_honest(with_file, file_case, erased):
    """What git itself says of the repository afterwards: every object is there and is what its id says."""
    repository, proposal = with_file
    erased(file_case)
    store = pygit2.Repository(str(git.location(repository)))
    repository.refresh_from_db()
    for head in (repository.head, PullRequest.objects.get(discussion=proposal).head):
        for one in store.walk(head):
            pending = [one.tree]
            while pending:
                for entry in pending.pop():
                    if isinstance(entry, pygit2.Tree):
                        pending.append(entry)
                    else:
                        assert pygit2.hash(store[entry.id].data) == entry.id
    refs = (git.location(repository) / "packed-refs").read_text()
    assert repository.head in refs
    assert PullRequest.objects.get(discussion=proposal).head in refs


def test_the_pull_request_goes_on_without_it(with_file, file_case, erased):
    repository, proposal = with_file
    erased(file_case)
    row = PullRequest.objects.get(discussion=proposal)
    assert git.read_file(repository, "other.txt", row.head) == b"proposed"
    assert git.find_file(repository, "copy.csv", row.head) is None
    page = Client().get(f"{proposal.get_absolute_url()}/files")
    assert page.status_code == 200


def test_old_ids_answer_that_they_were_erased(with_file, file_case, erased, reporter):
    repository, _proposal = with_file
    old = git.history(repository)[1].oid
    erased(file_case)
    page = Client().get(f"{repository.get_absolute_url()}/commit/{old}")
    assert page.status_code == 410
    assert "This version was erased under our content policy." in page.content.decode()
    headers = {"authorization": f"Bearer {create_token(reporter, scope='read', actor=reporter)}"}
    answer = Client().get(f"/{repository.full_name}/resolve/{old}/data/children.csv", headers=headers)
    assert (answer.status_code, answer["X-Error-Code"]) == (410, "RevisionNotFound")
    assert Client().get(f"{repository.get_absolute_url()}/commit/{'0' * 40}").status_code == 404
    assert ErasedObject.objects.get(repository=repository, oid=old).replaced_by


def test_nothing_of_the_repository_is_shown_until_it_is_done(
    with_file, file_case, decided, other_moderator, owner, sign_in
):
    repository, _proposal = with_file
    waiting = decided(file_case)
    notice = sign_in(owner).get(repository.get_absolute_url())
    assert notice.status_code == 410
    assert "We keep all of it unchanged" not in notice.content.decode()
    confirm_decision(waiting, actor=other_moderator, version=Case.objects.get(pk=file_case.pk).version)
    assert sign_in(owner).get(repository.get_absolute_url()).status_code == 410
    work_off_everything()
    assert Client().get(f"{repository.get_absolute_url()}/files").status_code == 200


def test_a_card_goes_from_pages_and_search(make_repository, owner, reporter, clause, erased):
    repository = make_repository("with-card", card=f"# Words\n\n{WORDS}\n")
    commit(repository, {"keep.txt": b"stays"}, actor=owner, message="Add a file")
    report = receive_report(repository, clause=clause("children-data"), actor=reporter, text="She is seven.")
    erased(Case.objects.get(case_reports__report=report))
    assert traces() == []
    row = Repository.objects.get(pk=repository.pk)
    assert (row.card, git.read_file(row, "keep.txt")) == ("", b"stays")


def test_packs_and_large_files_are_written_anew(make_repository, owner, reporter, clause, erased, monkeypatch):
    monkeypatch.setattr("repositories.git.storing.LARGE", 1_000)
    repository = make_repository("many")
    files = {f"part-{number}.txt": f"{CANARY} {number}.".encode() for number in range(120)}
    commit(repository, {**files, "large.bin": CANARY.encode() * 100}, actor=owner, message="Many at once")
    commit(repository, {name: None for name in files if name != "part-7.txt"}, actor=owner, message="Tidy up")
    for path in ("part-7.txt", "large.bin"):
        repository.refresh_from_db()
        seen = file_seen(repository, path, "", reporter)
        report = receive_report(repository, clause=clause("children-data"), actor=reporter, text="Why.", seen=seen)
        erased(Case.objects.get(case_reports__report=report))
    assert traces(f"{CANARY} 7.") == []
    assert not list(Path(settings.LARGE_FILE_ROOT).rglob("*/*/*"))
    assert traces(f"{CANARY} 8.")  # what was not reported is still there
    assert git.history(Repository.objects.get(pk=repository.pk))


# Who may, and what stops it -------------------------------------------------------------------------------------------


def test_a_legal_hold_stops_it_before_its_next_step(about_a_child, decided, other_moderator, admin, moderator):
    comment, case = about_a_child
    confirm_decision(decided(case), actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    subject = subject_of(comment)
    with pytest.raises(Forbidden):
        place_legal_hold(subject, reason="Court of Chiang Mai, 4/2569.", actor=moderator)
    hold = place_legal_hold(subject, reason="Court of Chiang Mai, 4/2569.", actor=admin)
    work_off_everything()
    assert CommentVersion.objects.filter(comment=comment, text__contains=CANARY).exists()
    with pytest.raises(Refused):
        place_legal_hold(subject, reason="The same court again.", actor=admin)
    lift_legal_hold(hold, reason="The court let it go.", actor=admin)
    work_off_everything()
    assert traces() == []
    assert {"legal_hold.placed", "legal_hold.lifted"} <= set(case.events.values_list("kind", flat=True))
    assert list(find_faults()) == []


def test_lifting_it_brings_nothing_back_and_says_so(about_a_child, erased, moderator, author):
    comment, case = about_a_child
    erased(case)
    with pytest.raises(Refused, match="destroyed already"):
        undo_decision(case.decisions.get(interim=False), actor=moderator, reason="We were wrong about it.")
    lift_measure(Measure.objects.get(kind="erase"), reason="It was nobody’s data.", actor=moderator)
    assert Comment.objects.get(pk=comment.pk).hidden
    letter = InboxMessage.objects.filter(recipient=author).latest("pk")
    assert "What was destroyed cannot be brought back." in letter.body
    assert "holds again" not in letter.body


def test_what_is_preserved_for_the_authorities_is_not_erased(comment, reporter, moderator, clause):
    receive_report(comment, clause=clause("minors-sexual-content"), actor=reporter, text="There is a child in it.")
    with pytest.raises(Refused, match="kept until its date"):
        impose("erase", subject_of(comment), clause=clause("children-data"), reason="No.", actor=moderator)


def test_administrators_place_and_lift_legal_holds(about_a_child, admin, moderator, sign_in):
    comment, case = about_a_child
    subject = subject_of(comment)
    add, rows = "/admin/subjects/legalhold/add/", "/admin/subjects/legalhold/"
    client = sign_in(admin)
    assert client.post(add, {"subject": subject.pk, "reason": "Court of Chiang Mai, 4/2569."}).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.placed_by, hold.subject) == (admin, subject)
    assert client.get(rows).status_code == 200
    chosen = {"action": "lift", "_selected_action": [hold.pk]}
    client.post(rows, {**chosen, "reason": ""})
    assert LegalHold.objects.get().lifted_at is None
    client.post(rows, {**chosen, "reason": "The court let it go."})
    assert LegalHold.objects.get().lifted_by == admin
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds[-2:] == ["legal_hold.placed", "legal_hold.lifted"]
    assert client.get("/admin/subjects/erasure/").status_code == 200


def test_a_rule_never_erases(comment, clause):
    row = clause("children-data")
    row.automation = ["erase"]
    with pytest.raises(Refused):
        impose("erase", subject_of(comment), clause=row, reason="No.", actor=system_actor(), automated=True)
    assert not KINDS["erase"].undoable
