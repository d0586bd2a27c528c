"""Statements of reasons: who gets one, in which language, and nothing about reporters (G1)."""

import pytest

from accounts.actions import join_organization
from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.models import Case
from moderation.sanctions.actions import issue_statements
from moderation.sanctions.models import StatementOfReasons

CANARY = "canary-7f3a"
WORDS = "You called people idiots and told them to shut up."


@pytest.fixture
def decided(moderator, clause, make_user):
    """decided(target, "spam", "downgrade"): reported by somebody with a telling name, and decided."""
    teller = make_user(CANARY, fullname=CANARY, bio=CANARY)

    def run(target, code: str, *kinds: str):
        receive_report(target, clause=clause(code), text=f"Seen by {CANARY}.", actor=teller, confidential=True)
        case = Case.objects.get()
        return decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause(code),
            measures=[MeasureOrder(kind) for kind in kinds], explanation=WORDS,
        )  # fmt: skip

    return run


def recipients() -> set[str]:
    return set(StatementOfReasons.objects.values_list("recipient__username", flat=True))


def test_the_author_of_a_comment_gets_one(decided, comment, author):
    decided(comment, "harassment", "posting_ban")
    assert recipients() == {author.username}


def test_the_owner_of_a_repository_gets_one(decided, repository, owner):
    decided(repository, "spam", "downgrade")
    assert recipients() == {owner.username}


def test_the_admins_of_an_organization_get_one_each(decided, make_repository, organization, owner, make_user):
    for name, role in (("anna", "admin"), ("walt", "write"), ("rita", "read")):
        join_organization(make_user(name), organization, role=role, actor=owner)
    decided(make_repository("ours", owner=organization, actor=owner), "spam", "downgrade")
    assert recipients() == {owner.username, "anna"}


def test_several_measures_of_a_decision_are_one_statement(decided, repository, owner):
    decision = decided(repository, "spam", "downgrade", "friendly_warning")
    statement = StatementOfReasons.objects.get()
    assert statement.decision_id == decision.public_id
    assert {one.kind for one in statement.measures.all()} == {"downgrade", "friendly_warning"}
    assert InboxMessage.objects.filter(recipient=owner).count() == 1


def test_it_says_what_why_under_which_clause_who_and_how_to_contest(decided, comment, author):
    decided(comment, "harassment", "posting_ban")
    statement = StatementOfReasons.objects.get()
    message = InboxMessage.objects.get(recipient=author)
    for words in (
        "your comment in “How do I load this?”", "You can post again on", WORDS, "Harassment and bullying", "version 1",
        "People reported it; a moderator looked at it and decided.", "you can contest this until",
    ):  # fmt: skip
        assert words in message.body
    assert message.link == f"/appeal/{statement.public_id}"
    assert (statement.automated_detection, statement.automated_decision) == (False, False)


def test_nothing_about_the_reporter_reaches_anybody_else(decided, comment, repository, mailoutbox):
    from accounts.mail import send_due_mail

    decided(comment, "harassment", "posting_ban")
    send_due_mail()
    for message in InboxMessage.objects.exclude(recipient__username=CANARY):
        assert CANARY not in message.subject + message.body + message.link
    for mail in mailoutbox:
        if CANARY not in mail.to[0]:
            assert CANARY not in str(mail.message())
    assert CANARY not in "".join(StatementOfReasons.objects.values_list("facts", flat=True))


def test_each_reads_it_in_their_language(decided, make_repository, organization, owner, make_user):
    thai = make_user("somchai", language="th", time_zone="Asia/Bangkok")
    join_organization(thai, organization, role="admin", actor=owner)
    decided(make_repository("ours", owner=organization, actor=owner), "spam", "downgrade")
    from django.utils import timezone, translation

    from moderation.sanctions.actions.statements import compose

    statement = StatementOfReasons.objects.get(recipient=thai)
    with translation.override("th"), timezone.override("Asia/Bangkok"):
        expected = compose(statement, list(statement.measures.all()))
    assert InboxMessage.objects.get(recipient=thai).body == expected
    assert WORDS in expected


def test_issuing_again_changes_nothing(decided, comment, moderator):
    decision = decided(comment, "harassment", "posting_ban")
    again = issue_statements(
        decision.public_id, list(decision.measures.all()), facts="Other words.", automated_detection=True,
        automated_decision=True, actor=moderator,
    )  # fmt: skip
    assert [one.facts for one in again] == [WORDS]
    assert StatementOfReasons.objects.count() == 1


def test_quoted_words_stay_a_quotation(decided, comment, author, moderator):
    from moderation.sanctions.actions.statements import compose

    decided(comment, "harassment", "friendly_warning")
    statement = StatementOfReasons.objects.get()
    statement.facts = "First line.\n# Second line."
    assert "> First line.\n> # Second line." in compose(statement, list(statement.measures.all()))
