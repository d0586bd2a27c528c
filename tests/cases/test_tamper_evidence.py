"""Whoever changes what people reported, sent or contested, or what became of it, is found, with all triggers off (J6).

As tests/cases/test_tamper_rows.py does for what we decided.
"""

import uuid
from dataclasses import replace

import pytest

from moderation.appeals.actions import ask_appellant, decide_appeal, file_appeal, say
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.actions.changed_reports import change_own_report, withdraw_own_report
from moderation.cases.actions.counter import counter
from moderation.cases.actions.undo import undo_decision
from moderation.intake.claims import complete_claim, file_claim
from moderation.intake.filing import file_all
from moderation.intake.team_entry import enter_report
from moderation.reports.actions.claims import Particulars
from moderation.reports.actions.evidence import EvidenceFile, path_of
from moderation.reports.details import NO_DETAILS, SenderDetails
from moderation.reports.models import (
    Attachment,
    CounterStatement,
    Report,
    ReportVersion,
    RightsClaim,
    Sender,
)
from tests.cases.test_tamper_rows import columns_of, faults, other_value, tampered
from tests.intake.test_counter_statement import ANSWER
from tests.reports.steps import case_of, reported

THEIRS = (Report, ReportVersion, Attachment, Sender, RightsClaim, CounterStatement, Appeal, AppealMessage, AppealFile)
WHOLE = Particulars(
    right="copyright", work="My novel “The long way”", location="train.txt", holder="Iris Press", name="Iris Example",
    email="iris@books.example", good_faith=True, accurate=True, signature="Iris Example",
)  # fmt: skip
FILE = EvidenceFile("thread.txt", "text/plain", b"the whole thread, as I saved it")

TAMPERED = [
    ("DELETE FROM reports_reportversion", "earlier version of a report"),
    ("DELETE FROM reports_attachment", "file of a report"),
    ("DELETE FROM reports_sender", "sender of a report"),
    ("DELETE FROM reports_rightsclaim", "claim of rights"),
    ("DELETE FROM reports_counterstatement", "counter-statement"),
    ("DELETE FROM appeals_appeal_lifted", "appeal"),
    ("DELETE FROM appeals_appealmessage WHERE from_team", "message of an appeal"),
    ("DELETE FROM appeals_appealfile", "file of an appeal"),
    # What became of reports: from the events.
    ("UPDATE reports_report SET state = 'upheld' WHERE channel = 'mail'", "The outcome of report"),
    ("UPDATE reports_report SET state = 'open', closed_at = NULL WHERE state = 'withdrawn'", "“withdrawn”"),
    ("UPDATE reports_report SET closed_at = closed_at - interval '9 days'", "The outcome of report"),
    ("UPDATE reports_report SET bad_faith = true WHERE state = 'rejected'", "in bad faith"),
    # Another snapshot than they reported, and one that nobody took.
    ("UPDATE reports_report SET snapshot_id = (SELECT max(id) FROM subjects_snapshot) WHERE channel = 'mail'",
     "The report"),
    ("INSERT INTO subjects_snapshot (subject_id, part, revision, title, text, author_name, language, taken_at, "
     "sealed, erased) SELECT subject_id, part, 'ab', title, 'What he never wrote.', author_name, language, "
     "taken_at, false, false FROM subjects_snapshot LIMIT 1", "no event speaks of it"),
    ("INSERT INTO cases_reasontemplate (public_id, title, text, language, outcome, measures, ends, active, "
     "created_by_id, changed_at) SELECT gen_random_uuid(), 'Ours', 'Words of nobody.', 'en', 'no_violation', "
     "'{}', '{}', true, min(id), now() FROM accounts_user", "no event speaks of it"),
    # Another comment than was reported.
    ("UPDATE subjects_subject SET comment_id = comment_id + 1000 WHERE comment_id IS NOT NULL", "The snapshot"),
    # Files: other keys, none.
    ("UPDATE reports_attachment SET key = 'another'", "cannot be read"),
]  # fmt: skip


@pytest.fixture
def evidence(comment, discussion, repository, author, owner, reporter, make_user, moderator, other_moderator, clause):
    """A comment whose decision was contested, a discussion with a withdrawn report, a claim that was contradicted."""
    first, _new = file_all(
        comment, clause=clause("harassment"), text="He insults me.", ground="rules", confidential=True,
        request_id=uuid.uuid4(), details=NO_DETAILS, files=[FILE], actor=reporter,
    )  # fmt: skip
    change_own_report(first, text="He insults all of us.", passage="idiots", actor=reporter)
    enter_report(
        comment, clause=clause("harassment"), text="He insults everybody.", channel="mail", language="en",
        sender=SenderDetails("Ada", "ada@letters.example", "4/2", first.created_at), actor=moderator,
    )  # fmt: skip
    withdraw_own_report(reported(discussion, reporter), actor=reporter)
    claim = file_claim(repository, replace(WHOLE, signature=""), request_id=uuid.uuid4(), actor=reporter)
    complete_claim(claim, WHOLE, actor=reporter)
    closed = case_of(claim)
    decide(
        closed, actor=moderator, version=closed.version, outcome="violation", by_operator=True,
        explanation="It is their work, as they say.", clause=claim.clause, measures=[MeasureOrder("disable")],
    )  # fmt: skip
    counter(RightsClaim.objects.get(), ANSWER, actor=owner)
    case = case_of(first)
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You insulted everybody here.",
    )  # fmt: skip
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author, files=[FILE])
    say(appeal, text="Look at this, please.", actor=author, files=[replace(FILE, content=b"more of it")])
    ask_appellant(appeal, text="Where did they call you that?", actor=other_moderator, waits=False)
    decide_appeal(appeal, state="upheld", answer="We were wrong about that.", actor=other_moderator)
    return case


def test_nothing_is_found_where_nothing_was_done(evidence):
    assert faults() == []
    states = dict(Report.objects.values_list("channel", "state"))
    assert states["mail"] == "rejected"  # what the appeal overturned


@pytest.mark.slow
def test_a_change_of_any_column_is_found(evidence):
    missed = []
    for model in THEIRS:
        row = model._default_manager.order_by("pk").first()
        for field in columns_of(model):
            value = other_value(field, row)
            if not tampered(f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s', value, row.pk):
                missed.append(f"{model.__name__}.{field.name}")
    assert missed == []


def test_what_they_said_and_what_became_of_it(evidence):
    missed = [(sql, found) for sql, said in TAMPERED if said not in "\n".join(found := tampered(sql))]
    assert missed == []


def test_a_file_that_is_gone_from_the_disk_or_is_another(evidence):
    kept, other = path_of(Attachment.objects.get().public_id), AppealFile.objects.first()
    content = kept.read_bytes()
    kept.unlink()
    assert "The content of file of a report" in "\n".join(faults())
    kept.write_bytes(content)
    assert faults() == []
    # The key and the file of another one: both open, and it is not what came in.
    Attachment.objects.update(key=other.key)
    kept.write_bytes(path_of(AppealFile.objects.get(pk=other.pk).public_id).read_bytes())
    AppealFile.objects.filter(pk=other.pk).update(sha256="ab" * 32)
    assert "is another" in "\n".join(faults())


def test_words_that_were_changed_before_their_reporter_changed_them_are_found(comment, reporter):
    report = reported(comment, reporter, text="He insults me.")
    Report.objects.update(text="He is right.")
    change_own_report(Report.objects.get(), text="He insults all of us.", actor=reporter)
    assert ReportVersion.objects.get().text == "He is right."
    (fault,) = faults()
    assert fault.startswith(f"The report {report.public_id.hex} of case")
    assert "was changed before event 2" in fault


def test_outcomes_that_were_taken_back_are_no_fault(
    comment, discussion, reporter, author, moderator, other_moderator, clause
):
    """A decision undone, one in bad faith, one that a reporter contested: each leaves what its events say."""
    report = reported(comment, reporter)
    case = case_of(report)
    refused = decide(
        case, actor=moderator, version=case.version, outcome="no_violation", explanation="It is no insult.",
        bad_faith=[report.public_id],
    )  # fmt: skip
    assert faults() == []
    undo_decision(refused, actor=other_moderator, reason="It was one after all.")
    report.refresh_from_db()
    assert (report.state, report.bad_faith, faults()) == ("open", False, [])
    case.refresh_from_db()
    again = decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="It is no insult.")
    decide_appeal(
        file_appeal(again, text="Please read it again.", actor=reporter), state="upheld",
        answer="You are right, we look again.", actor=other_moderator,
    )  # fmt: skip
    report.refresh_from_db()
    assert (report.state, faults()) == ("open", [])


def test_addresses_that_are_deleted_in_time_are_no_fault(evidence):
    Report.objects.update(address="")
    assert faults() == []
