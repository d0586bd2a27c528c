"""Quarantine as a measure: gone everywhere, kept encrypted for the authorities until its date (C9)."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from community.actions import add_comment, edit_comment
from community.models import CommentVersion
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, receive_report
from moderation.cases.actions.evidence import destroy_evidence, open_evidence
from moderation.cases.actions.legal_holds import lift_legal_hold, place_legal_hold
from moderation.cases.actions.preserving import hand_over_evidence
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.reports.models import PreservedFile
from moderation.sanctions.actions import impose
from moderation.subjects.actions import subject_of
from moderation.subjects.files import file_seen
from moderation.subjects.models import Quarantine
from repositories import git
from repositories.actions import commit
from tests.cases.test_erase import traces, work_off_everything

CANARY = "wallabywordofthelockedthing"
WORDS = f"A harmless sentence with the word {CANARY} in it, as long as such sentences are."
BYTES = b"\x89PNG\r\n\x1a\n\x00" + CANARY.encode() * 200_000
REASON = "It is what this clause is about."
ORDER = "The court of Chiang Mai, 4/2569."


@pytest.fixture
def guardians(make_user):
    """Two people of the lane."""
    people = [make_user(name, moderator=True) for name in ("gwen", "gita")]
    Lane.objects.get(code="minors").group.user_set.add(*people)
    return people


@pytest.fixture
def quarantined(guardians, clause):
    """quarantined(case): decided by one of them, confirmed by the other, and done."""

    def make(case: Case) -> Case:
        row = Case.objects.get(pk=case.pk)
        decision = decide(
            row, actor=guardians[0], version=row.version, outcome="violation", clause=clause("minors-sexual-content"),
            measures=[MeasureOrder("quarantine")], explanation=REASON,
        )  # fmt: skip
        version = Case.objects.get(pk=case.pk).version
        confirm_decision(decision.confirmation, actor=guardians[1], version=version)
        work_off_everything()
        return Case.objects.get(pk=case.pk)

    return make


@pytest.fixture
def words_case(discussion, author, moderator, reporter, clause):
    comment = add_comment(discussion, text=WORDS, actor=author)
    edit_comment(comment, text=f"{WORDS}\n\nAnd {CANARY} again.", actor=author)
    add_comment(discussion, text=f"> {WORDS}\n\nWhat is that?", actor=moderator)
    report = receive_report(comment, clause=clause("minors-sexual-content"), actor=reporter, text="Please look.")
    return Case.objects.get(case_reports__report=report)


@pytest.fixture
def file_case(make_repository, owner, reporter, clause):
    repository = make_repository("pictures")
    commit(repository, {"one.png": BYTES, "keep.txt": b"stays"}, actor=owner, message="Add a picture")
    commit(repository, {"one.png": BYTES + b"2"}, actor=owner, message="Another one")
    seen = file_seen(repository, "one.png", "", reporter)
    report = receive_report(
        repository, clause=clause("minors-sexual-content"), actor=reporter, text="Please look.", seen=seen
    )
    # Whoever has it takes it away, too late.
    commit(repository, {"one.png": None}, actor=owner, message="Nothing to see")
    return Case.objects.get(case_reports__report=report)


def test_words_are_gone_and_every_version_is_kept_encrypted(words_case, quarantined, guardians):
    comment = words_case.subject.comment
    assert traces(CANARY)
    case = quarantined(words_case)
    assert traces(CANARY) == []
    assert set(CommentVersion.objects.filter(comment=comment).values_list("text", flat=True)) == {""}
    kept = Quarantine.objects.filter(snapshot__subject=case.subject)
    assert kept.count() == 2
    for row in kept:
        assert CANARY in open_evidence(case, row.snapshot, reason=ORDER, request_id=uuid4(), actor=guardians[0]).text
    assert "quarantine.done" in case.events.values_list("kind", flat=True)
    assert list(find_faults()) == []


def test_files_are_gone_from_every_revision_and_handed_over_by_an_operator(file_case, quarantined, guardians, tmp_path):
    repository = file_case.subject.repository
    case = quarantined(file_case)
    assert traces(CANARY) == []
    repository.refresh_from_db()
    assert [one.path for one in git.list_files(repository)] == ["README.md", "keep.txt"]
    assert Client().get(f"{repository.get_absolute_url()}/raw/one.png").status_code == 404
    folder = tmp_path / "for-the-court"
    folder.mkdir()
    call_command("hand_over_evidence", str(case.public_id), str(folder), reason=ORDER)
    assert sorted(len(one.read_bytes()) for one in folder.iterdir()) == [len(BYTES), len(BYTES) + 1]
    assert case.events.filter(kind="evidence.handed_over").count() == 1
    assert PreservedFile.objects.count() == 2


def test_its_date_destroys_it_unless_the_law_holds_it(
    file_case, quarantined, admin, guardians, pass_time, tmp_path, sign_in
):
    case = quarantined(file_case)
    assert sign_in(admin).get("/admin/reports/preservedfile/").status_code == 200
    subject = subject_of(case.subject.repository)
    hold = place_legal_hold(subject, reason=ORDER, actor=admin)
    pass_time(settings.QUARANTINE_FOR + timedelta(days=1))
    destroy_evidence()
    assert hand_over_evidence(case, tmp_path, reason=ORDER, actor=guardians[0])
    lift_legal_hold(hold, reason="The court let it go.", actor=admin)
    destroy_evidence()
    with pytest.raises(Refused):
        hand_over_evidence(case, tmp_path, reason=ORDER, actor=guardians[0])
    assert not [one for one in Path(settings.EVIDENCE_ROOT).rglob("*") if one.is_file()]


def test_only_people_of_the_lane_quarantine_and_only_there(words_case, comment, report, moderator, guardians, clause):
    with pytest.raises(Forbidden):
        impose(
            "quarantine", subject_of(comment), clause=clause("minors-sexual-content"), reason=REASON, actor=moderator
        )
    other = report(comment, "harassment")
    with pytest.raises(Refused, match="Bring the case into that lane first"):
        decide(
            other, actor=guardians[0], version=other.version, outcome="violation",
            clause=clause("minors-sexual-content"), measures=[MeasureOrder("quarantine")], explanation=REASON,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        hand_over_evidence(words_case, Path("/nowhere"), reason=ORDER, actor=moderator)
