"""Every outcome reaches everybody who reported, once, guests too, and says nothing of what others got (G1, C7)."""

import re
from itertools import pairwise

import pytest

from accounts.actions import guest_for
from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions.undo import undo_decision
from moderation.sanctions.models import Measure
from tests.reports.steps import case_of, decided, reported

WORDS = "We looked at the whole thread, hawthorn, and at your card."
# Until when one may contest is said to the minute, which at 19:48 looks like the hours of a ban.
TIME = re.compile(r"\d\d:\d\d")


@pytest.fixture
def reporters(comment, reporter, make_user):
    """Iris, olga who reads Thai, and a guest reported the comment."""
    olga = make_user("olga", language="th")
    guest = guest_for("pim@mail.example", confirmed=True)
    for person in (reporter, olga, guest):
        report = reported(comment, person, confidential=True)
    return case_of(report), [reporter, olga, guest]


def undone(decision, author, moderator, other_moderator):
    undo_decision(decision, actor=moderator, reason="We took a quote for their own words.")


def appealed(state):
    def run(decision, author, moderator, other_moderator):
        appeal = file_appeal(decision, text="I was provoked by them.", actor=author)
        lift = [Measure.objects.get(kind="posting_ban").public_id] if state == "partly" else ()
        decide_appeal(appeal, state=state, answer="You were provoked by them.", actor=other_moderator, lift=lift)

    return run


@pytest.mark.parametrize(
    ("kinds", "then", "keys"),
    [
        (("posting_ban", "hide_comment"), None, ["outcome"]),
        ((), None, ["outcome"]),
        (("posting_ban", "hide_comment"), undone, ["outcome", "undone"]),
        (("posting_ban", "hide_comment"), appealed("upheld"), ["outcome", "appeal-told"]),
        (("posting_ban", "hide_comment"), appealed("partly"), ["outcome", "appeal-told"]),
        (("posting_ban", "hide_comment"), appealed("rejected"), ["outcome"]),
    ],
    ids=["violation", "none", "undone", "overturned", "partly", "stands"],
)
def test_each_hears_it_once(reporters, kinds, then, keys, moderator, other_moderator, author, mailoutbox):
    case, people = reporters
    decision = decided(case, moderator, *kinds, explanation=WORDS)
    if then:
        then(decision, author, moderator, other_moderator)
    for person in people:
        rows = list(InboxMessage.objects.filter(recipient=person).order_by("pk"))
        assert [row.key.partition(":")[0] for row in rows] == keys, person
        for row in rows:
            text = TIME.sub("", row.subject + row.body)
            for secret in ("hawthorn", "quentin", "tomas", "mira", "provoked", "48", "posting", "hide", "harassment"):
                assert secret not in text.lower(), (person, secret)
    send_due_mail()
    assert [mail.to for mail in mailoutbox].count(["pim@mail.example"]) == len(keys)


def test_what_is_decided_anew_is_told_anew(reporters, moderator):
    case, people = reporters
    decision = decided(case, moderator, "posting_ban", explanation=WORDS)
    undo_decision(decision, actor=moderator, reason="We took a quote for their own words.")
    decided(case, moderator, explanation=WORDS)
    for person in people:
        rows = InboxMessage.objects.filter(recipient=person).order_by("pk")
        assert [row.key.partition(":")[0] for row in rows] == ["outcome", "undone", "outcome"]
        assert all(one.body != other.body for one, other in pairwise(rows))
