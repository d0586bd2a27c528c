"""Erasing destroys what was decided on, all of it, and nothing else (C6)."""

import uuid

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.actions import create_token, write_to
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from community.models import Comment
from moderation.appeals.actions import ask_appellant, file_appeal, say
from moderation.appeals.actions.erasing import erase_appeals
from moderation.appeals.models import Appeal
from moderation.automation.models import TextPrint
from moderation.automation.screening import screen_texts
from moderation.cases import letters_of_erasing
from moderation.cases.actions import MeasureOrder, claim, confirm_decision, decide, decline, receive_report
from moderation.cases.actions import erasing as work
from moderation.cases.actions.changed_reports import change_own_report, withdraw_own_report
from moderation.cases.actions.legal_holds import lift_legal_hold, place_legal_hold
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.notes import add_note
from moderation.cases.actions.threads import ask_owner
from moderation.cases.erasing_paths import MOST_NAMED, at_stake, paths_of
from moderation.cases.events import words
from moderation.cases.models import Case, PartyMessage
from moderation.cases.verify import find_faults
from moderation.subjects.files import file_seen
from moderation.subjects.models import Erasure
from repositories import git
from repositories.actions import commit
from tests.api.conftest import program
from tests.cases.test_erase import CANARY, REASON, WORDS, traces, work_off_everything
from tests.reports.steps import case_of, decided, reported

__all__ = ["program"]


def erased(case: Case, by) -> None:
    """Decided by one, confirmed by another, and done."""
    decided(case, by, "erase", clause="children-data", explanation=REASON)
    work_off_everything()
    assert Erasure.objects.latest("pk").done_at


def said(case: Case, kind: str) -> str:
    return words(case.events.filter(kind=kind).latest("number"))


# Letters --------------------------------------------------------------------------------------------------------------


def test_letters_about_anything_else_stay_as_they_are(repository, author, reporter, moderator, clause):
    """Not a sign of them, however short the title that is erased."""
    discussion = open_discussion(repository, title="e", text=WORDS, actor=author)
    other = open_discussion(repository, title="e and more", text="You idiots.", actor=author)
    decided(case_of(receive_report(other, clause=clause("harassment"), actor=reporter, text="He insults us.")),
            moderator, "friendly_warning")  # fmt: skip
    body = "Here “e” stands, and every e."
    write_to(author, key="something-else", subject="e" * 200, body=body, actor=system_actor())
    before = set(InboxMessage.objects.values_list("pk", "subject", "body"))
    report = receive_report(discussion, clause=clause("children-data"), actor=reporter, text="She is seven.")
    erased(case_of(report), moderator)
    assert before <= set(InboxMessage.objects.values_list("pk", "subject", "body"))
    statement = InboxMessage.objects.filter(recipient=author, key__startswith="statement:").latest("pk")
    assert statement.subject == "About a discussion whose title was erased"
    assert "We decided about your discussion “[…]”." in statement.body
    assert REASON in statement.body


def test_no_letter_keeps_a_part_of_a_title(repository, author, reporter, moderator, other_moderator, clause, owner):
    """Neither where a subject cut it off, nor where signs of Markdown stand in it, nor of its comments."""
    title = f"{'Where she lives: ' * 7}{CANARY} https://{CANARY}.example/a:"
    discussion = open_discussion(repository, title=title, text=WORDS, actor=author)
    comment = add_comment(discussion, text="You idiots.", actor=owner)
    about_comment = receive_report(comment, clause=clause("harassment"), actor=reporter, text="He insults us.")
    decided(case_of(about_comment), moderator, "friendly_warning")
    report = receive_report(discussion, clause=clause("children-data"), actor=reporter, text="She is seven.")
    ask_owner(case_of(report), text="Whose number is it?", actor=moderator)
    decline(
        decide(
            case_of(report), actor=moderator, version=case_of(report).version, outcome="violation",
            clause=clause("children-data"), measures=[MeasureOrder("erase")], explanation=REASON, override=REASON,
        ).confirmation,
        actor=other_moderator, reason="It is a grown-up’s own address.",
    )  # fmt: skip
    assert "accounts_inboxmessage" in traces("Where she lives")
    erased(case_of(report), moderator)
    assert traces() == traces("Where she lives") == []
    kept = InboxMessage.objects.get(recipient=owner, key__startswith="statement:")
    assert "your comment in “[…]”" in kept.body


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_files(make_repository, owner):
    repository = make_repository("survey")
    files = {name: f"{name} {WORDS}".encode() for name in ("a.csv", "b.csv", "c.csv")}
    commit(repository, files, actor=owner, message="Add data")
    repository.refresh_from_db()
    return repository


@pytest.fixture
def file_report(with_files, clause):
    """file_report("a.csv", by, text): somebody reports this file of it."""

    def make(path: str, by, text: str = "Children are in it.", code: str = "children-data", seen=None):
        seen = seen or file_seen(with_files, path, "", by)
        return receive_report(
            with_files, clause=clause(code), actor=by, text=text, seen=seen
        )  # fmt: skip

    return make


def test_one_file_leaves_what_was_said_about_another(file_report, reporter, author, moderator, other_moderator):
    """Notes, conversations and appeals of the case of another file stay; those of earlier cases of this file go."""
    found = {}
    for path in ("b.csv", "a.csv"):
        report = file_report(path, reporter)
        case = found[path] = case_of(report)
        add_note(case, text=f"I looked into {path}.", actor=moderator)
        ask_owner(case, text=f"What is {path}?", actor=moderator)
        decision = decided(case, moderator)
        appeal = file_appeal(decision, text=f"There are children in {path}.", actor=reporter)
        ask_appellant(appeal, text=f"Where in {path}?", actor=other_moderator, waits=False)
    erased(case_of(file_report("a.csv", author)), moderator)
    other, same = found["b.csv"], found["a.csv"]
    assert (said(other, "note.added"), said(same, "note.added")) == ("I looked into b.csv.", "")
    texts = {case: PartyMessage.objects.get(party__case=case).text for case in (other, same)}
    assert texts == {other: "What is b.csv?", same: ""}
    contested = {one.decision.case: (one.text, one.messages.get().text) for one in Appeal.objects.all()}
    assert contested == {other: ("There are children in b.csv.", "Where in b.csv?"), same: ("", "")}
    appealed = Case.objects.get(kind="appeal")
    assert [words(one) for one in appealed.events.filter(kind="appeal.filed")] == ["There are children in b.csv.", ""]
    bodies = InboxMessage.objects.filter(recipient=reporter, key__startswith="appeal-message:").order_by("pk")
    assert ["Where in b.csv?" in body for body in bodies.values_list("body", flat=True)] == [True, False]
    assert not any("a.csv" in body for body in InboxMessage.objects.values_list("body", flat=True))
    assert list(find_faults()) == []


def test_only_what_was_reported_when_it_was_decided_is_erased(
    with_files, file_report, reporter, author, moderator, other_moderator, clause, sign_in
):
    """A file that was reported while a second moderator was waited for, or whose report was withdrawn, stays."""
    seen = file_seen(with_files, "b.csv", "", author)
    withdraw_own_report(file_report("c.csv", author), actor=author)
    case = case_of(file_report("a.csv", reporter))
    waiting = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("children-data"),
        measures=[MeasureOrder("erase")], explanation=REASON,
    ).confirmation  # fmt: skip
    file_report("b.csv", author, seen=seen)
    page = sign_in(other_moderator).get(case.get_absolute_url())
    assert page.context["erased_files"].files == ["a.csv"]
    assert '<li dir="auto">a.csv</li>' in page.content.decode()
    confirm_decision(waiting, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    work_off_everything()
    with_files.refresh_from_db()
    assert [one.path for one in git.list_files(with_files)] == ["README.md", "b.csv", "c.csv"]


def test_whoever_confirms_reads_all_files_page_by_page(
    with_files, file_report, reporter, moderator, other_moderator, clause, sign_in, monkeypatch, program, make_user
):
    monkeypatch.setattr("moderation.cases.erasing_paths.MOST_SHOWN", 2)
    for path, who in (("a.csv", reporter), ("b.csv", make_user("ada")), ("c.csv", make_user("ben"))):
        case = case_of(file_report(path, who))
    case.refresh_from_db()
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("children-data"),
        measures=[MeasureOrder("erase")], explanation=REASON,
    )  # fmt: skip
    second = sign_in(other_moderator)
    page = second.get(case.get_absolute_url()).content.decode()
    assert [path for path in ("a.csv", "b.csv", "c.csv") if f'<li dir="auto">{path}</li>' in page] == ["a.csv", "b.csv"]
    place = f"{case.get_absolute_url()}/erased-files"
    assert f'href="{place}"' in page
    assert "All 3 files" in page
    first = second.get(place).content.decode()
    assert f'href="{place}?after=b.csv"' in first
    assert "3 files are taken out" in first
    last = second.get(f"{place}?after=b.csv").content.decode()
    assert '<li dir="auto">c.csv</li>' in last
    assert "Next page" not in last
    team, after = program(other_moderator, "moderate"), ""
    read: list[str] = []
    while True:
        address = f"/api/v1/decisions/{decision.public_id}/confirmation/files"
        found = team.get(address, {"after": after}).json()
        read, after = read + found["files"], found["after"]
        if not after:
            break
    assert (read, found["count"]) == (["a.csv", "b.csv", "c.csv"], 3)
    confirm_decision(decision.confirmation, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    assert second.get(place).status_code == 404


def test_what_a_report_says_in_public_goes_too(with_files, file_report, reporter, author, moderator, owner):
    first = file_report("a.csv", reporter, WORDS, "spam")
    second = file_report("a.csv", author, f"{WORDS} So is her school.", "spam")
    change_own_report(second, text=f"Her whole class is in it, and {CANARY}.", actor=author)
    place = first.discussion
    add_comment(place, text=f"> {WORDS}\n\nI am sorry.", actor=owner)
    add_comment(place, text="We all want it gone.", actor=author)
    screen_texts()
    prints = TextPrint.objects.filter(version__comment__discussion=place, version__comment__position__lte=3)
    assert prints.exists()
    erased(case_of(first), moderator)
    assert not Comment.objects.filter(discussion=place, versions__text__contains=CANARY).exists()
    texts = list(Comment.objects.filter(discussion=place).order_by("position").values_list("text", flat=True))
    assert texts[:3] == ["", "", ""]
    assert "I am sorry." in texts[3]
    assert texts[4] == "We all want it gone."
    assert not prints.exists()


# Appeals --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def contested(comment, author, reporter, moderator, other_moderator, clause):
    """A comment whose warning was contested, in words that are erased now, but not there yet."""
    report = receive_report(comment, clause=clause("harassment"), actor=reporter, text="He insults us.")
    decision = decided(case_of(report), moderator, "friendly_warning")
    appeal = file_appeal(decision, text=f"I only wrote about {CANARY}.", actor=author)
    ask_appellant(appeal, text=f"Who is {CANARY}?", actor=other_moderator)
    say(appeal, text=f"{CANARY} is my daughter.", actor=author)
    again = receive_report(comment, clause=clause("children-data"), actor=reporter, text="It names a child.")
    decided(case_of(again), moderator, "erase", clause="children-data", explanation=REASON)
    work.erase_ordered()
    assert f"Who is {CANARY}?" in InboxMessage.objects.get(key__startswith="appeal-message:").body
    return appeal


def test_what_was_said_in_appeals_goes_with_its_letters(contested):
    work_off_everything()
    assert traces() == []


def test_a_legal_hold_keeps_what_was_said_in_appeals(contested, admin):
    hold = place_legal_hold(contested.case.subject, reason="Court of Chiang Mai, 4/2569.", actor=admin)
    erase_appeals()
    contested.refresh_from_db()
    assert CANARY in contested.text
    lift_legal_hold(hold, reason="The court let it go.", actor=admin)
    work_off_everything()
    assert traces() == []


# Our words ------------------------------------------------------------------------------------------------------------


def test_our_own_words_about_it_stay(comment, reporter, moderator, other_moderator, clause):
    """What people were told, and what a second moderator said of the decision; notes do not."""
    report = receive_report(comment, clause=clause("harassment"), actor=reporter, text="He insults us.")
    warning = decided(case_of(report), moderator, "posting_ban").measures.get()
    lift_together([warning.public_id], reason="We were wrong there.", actor=moderator, request_id=uuid.uuid4())
    again = receive_report(comment, clause=clause("children-data"), actor=reporter, text="It names a child.")
    case = case_of(again)
    add_note(case, text="I know her.", actor=moderator)
    waiting = decide(
        case, actor=moderator, version=case_of(again).version, outcome="violation", clause=clause("children-data"),
        measures=[MeasureOrder("erase")], explanation=REASON,
    ).confirmation  # fmt: skip
    decline(waiting, actor=other_moderator, reason="It is a grown-up’s own address.")
    erased(case_of(again), moderator)
    assert said(case_of(report), "measures.lifted") == "We were wrong there."
    assert said(case, "decision.declined") == "It is a grown-up’s own address."
    assert said(case, "case.decided") == REASON
    assert said(case, "note.added") == ""


# Before it is chosen --------------------------------------------------------------------------------------------------


def test_the_panel_names_the_files_before_erasing_is_chosen(
    with_files, file_report, reporter, author, moderator, sign_in, make_user, clause
):
    file_report("a.csv", reporter)
    file_report("b.csv", author, code="harassment")
    file_report("b.csv", make_user("second"))
    third = make_user("third")
    withdraw_own_report(file_report("c.csv", third), actor=third)
    case = claim(Case.objects.get(state="open"), actor=moderator)
    page = sign_in(moderator).get(case.get_absolute_url())
    found = page.context["at_stake"]
    named = [(one.path, one.clauses) for one in found.files]
    children, insults = clause("children-data").title, clause("harassment").title
    assert named == [("a.csv", [children]), ("b.csv", sorted([children, insults]))]
    assert "Files that erasing would destroy: 2" in page.content.decode()
    headers = {"authorization": f"Bearer {create_token(moderator, scope='moderate', actor=moderator)}"}
    answer = Client().get(f"/api/v1/cases/{case.public_id}/options", headers=headers).json()["at_stake"]
    assert answer == {"files": [{"path": one.path, "clauses": one.clauses} for one in found.files], "more": False}


def test_what_it_names_is_what_would_go(with_files, file_report, reporter, author, moderator, clause):
    """The same rule as the decision's own: under the clause, else all."""
    file_report("a.csv", reporter)
    file_report("b.csv", author, code="harassment")
    case = Case.objects.get(state="open")
    named = {one.path: one.clauses for one in at_stake(case).files}
    for code in ("children-data", "harassment", "spam"):
        about = clause(code)
        with transaction.atomic():
            row = Case.objects.get(pk=case.pk)
            decision = decide(
                row, actor=moderator, version=row.version, outcome="violation", clause=about,
                measures=[MeasureOrder("erase")], explanation=REASON, override=REASON,
            )  # fmt: skip
            under = {path for path, clauses in named.items() if about.title in clauses}
            assert paths_of(row, decision) == (under or set(named))
            transaction.set_rollback(True)


def test_many_files_are_named_in_part_by_one_query(
    with_files, file_report, reporter, moderator, make_user, django_assert_num_queries
):
    files = {f"many/{number:02}.csv": f"{number} {WORDS}".encode() for number in range(MOST_NAMED + 2)}
    commit(with_files, files, actor=with_files.namespace.user, message="More")
    with_files.refresh_from_db()
    for number, path in enumerate(files):
        file_report(path, make_user(f"reader-{number}"))
    case = Case.objects.get(state="open")
    with django_assert_num_queries(1):
        found = at_stake(case)
    assert [one.path for one in found.files] == list(files)[:MOST_NAMED]
    assert found.more


def test_a_repository_of_which_the_card_was_reported(repository, report):
    assert [one.path for one in at_stake(report(repository, "spam")).files] == ["README.md"]


def test_letters_are_found_by_indexes_however_many_there_are(repository, author, reporter, moderator):
    """By key, by how a key begins, and by the appeal that they lead to."""
    discussion = open_discussion(repository, title="Where she lives", text=WORDS, actor=author)
    decision = decided(case_of(reported(discussion, reporter)), moderator, "friendly_warning")
    file_appeal(decision, text="I only quoted.", actor=author)
    # As many as one page cannot hold, counted: of a handful the planner may take any index there is.
    InboxMessage.objects.bulk_create(
        InboxMessage(recipient=author, key=f"strike:{number}", subject="A word", body="Only a word. " * 20)
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_inboxmessage")
    plan = letters_of_erasing._about(discussion).explain()
    assert "Seq Scan on accounts_inboxmessage" not in plan
    assert "inbox_by_key" in plan
    assert "inbox_of_appeal" in plan
