"""What every statement of reasons says: scope, duration, until when and where else it can be contested (G1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.models import Case
from moderation.policy.actions import post_version
from moderation.policy.models import OTHER_REDRESS, PolicyVersion
from moderation.sanctions.models import StatementOfReasons

HOURS = timedelta(hours=24)
WORDS = "You called people idiots and told them to shut up."


@pytest.fixture
def decided(moderator, reporter, clause):
    def run(target, *orders, code="harassment"):
        receive_report(target, clause=clause(code), text="Please look at it.", actor=reporter)
        case = Case.objects.get(state="open")
        decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause(code),
            measures=orders, explanation=WORDS,
        )  # fmt: skip
        return InboxMessage.objects.get(key__startswith="statement:").body

    return run


@pytest.mark.parametrize(
    ("about", "order", "scope", "duration"),
    [
        ("comment", MeasureOrder("hide_comment"), "one comment, in “How do I load this?”", "without an end"),
        ("comment", MeasureOrder("posting_ban"), "your account: what you post", "then it ends by itself"),
        ("discussion", MeasureOrder("hide_comment"), "what opens the discussion “How do I", "without an end"),
        ("discussion", MeasureOrder("lock_discussion"), "one discussion, “How do I load this?”", "without an end"),
        ("comment", MeasureOrder("hide_comment", lasts=HOURS), "one comment, in", "then it ends by itself"),
        ("discussion", MeasureOrder("close_discussion", lasts=HOURS), "one discussion, “How", "then it ends by itself"),
        (
            "repository",
            MeasureOrder("nfaa", lasts=timedelta(hours=24)),
            "the whole repository",
            "then it ends by itself",
        ),
        ("repository", MeasureOrder("hide_card"), "one file: the card of", "without an end"),
    ],
)
def test_scope_and_duration(request, decided, about, order, scope, duration):
    text = decided(request.getfixturevalue(about), order, code="spam" if about == "repository" else "harassment")
    assert f"- What it covers: {scope}" in text
    assert "It holds everywhere in the world." in text
    assert "- How long: " in text
    assert duration in text


def test_what_is_only_said_covers_nothing(decided, comment):
    text = decided(comment, MeasureOrder("friendly_warning"))
    assert "What it covers" not in text
    assert "How long" not in text


def test_the_deadline_is_told_in_the_zone_of_the_reader(decided, comment, author):
    author.time_zone = "Asia/Bangkok"
    author.save()
    text = decided(comment, MeasureOrder("friendly_warning"))
    with timezone.override("Asia/Bangkok"):
        until = timezone.localtime(StatementOfReasons.objects.get().contest_until)
    assert f"{until:%H:%M} (+07)" in text


def test_other_redress_is_policy_data(decided, comment, admin, sign_in, pass_time):
    sent = {"summary": "Where else to go.", "effective_at_0": "", "effective_at_1": "", "redress": "Ask the ombudsman."}
    assert sign_in(admin).post("/admin/policy/policyversion/add/", sent).status_code == 302
    assert OTHER_REDRESS in PolicyVersion.objects.get(number=1).other_redress
    pass_time(timedelta(days=11))
    assert "Ask the ombudsman." in decided(comment, MeasureOrder("friendly_warning"))
    later = post_version(summary="Clearer words.", actor=admin)
    assert later.other_redress == "Ask the ombudsman."


def test_page_and_programs_say_the_same(decided, comment, author, sign_in):
    decided(comment, MeasureOrder("posting_ban"))
    statement, client = StatementOfReasons.objects.get(), sign_in(author)
    found = client.get(f"/api/v1/statements/{statement.public_id}").json()
    [measure] = found["measures"]
    assert measure["scope"] == "your account: what you post in community tabs"
    assert (measure["territory"], found["other_redress"]) == ("everywhere", OTHER_REDRESS)
    page = client.get(f"/appeal/{statement.public_id}").content.decode()
    for words in (measure["scope"], measure["duration"], "certified body that settles disputes"):
        assert words in page
    assert OTHER_REDRESS in client.get("/policy").content.decode()
