"""What holds for a person, and what we decided about them (G1)."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import InboxMessage
from accounts.posting import PostingRefused
from community.actions import add_comment
from foundation import clock
from foundation.api import KeysetPagination
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.actions.talking import ask_appellant
from moderation.appeals.models import AppealLimit
from moderation.appeals.views import people
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Confirmation
from moderation.policy.models import Clause
from moderation.reports.models import ReportingLimit
from moderation.sanctions.models import Measure
from repositories.actions import change_settings
from tests.api.conftest import program
from tests.reports.steps import case_of, decided, reported

__all__ = ["program"]


def standing(client):
    return " ".join(client.get("/standing").content.decode().split())


def test_nobody_has_anything_by_default(sign_in, author):
    assert "Nothing holds against you" in standing(sign_in(author))


def test_a_ban_says_until_when_in_the_persons_zone(sign_in, comment, reporter, moderator, author, set_clock):
    author.time_zone = "Asia/Bangkok"
    author.save()
    set_clock(datetime(2030, 11, 20, 7, 5, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    html = standing(sign_in(author))
    assert "holds until 22 November 2030, 14:05 (+07)" in html
    assert "You can post again on 22 November 2030, 14:05 (+07)" in html
    assert "Harassment and bullying" in html
    assert f"/appeal/{author.statements.get().public_id}" in html


def test_the_end_of_a_ban_is_the_same_minute_everywhere(sign_in, comment, reporter, moderator, author, set_clock):
    set_clock(datetime(2030, 11, 20, 7, 5, 1, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    html = standing(sign_in(author))
    assert "holds until 22 November 2030, 07:06 (UTC)" in html
    assert "You can post again on 22 November 2030, 07:06 (UTC)" in html
    page = sign_in(author).get(comment.discussion.get_absolute_url()).content.decode()
    assert (
        "You cannot post in community tabs for now. You can post again on 22 November 2030, 07:06 (UTC). Our reason:"
        in page
    )


def test_what_ended_or_was_lifted_is_past(sign_in, comment, discussion, reporter, moderator, author, pass_time):
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    decided(case_of(reported(discussion, reporter)), moderator, "posting_ban")
    lift_measure(Measure.objects.earliest("pk"), reason="Too hard.", actor=moderator)
    pass_time(timedelta(hours=49))
    html = standing(sign_in(author))
    assert "Nothing holds against you" in html
    assert html.count("ended by itself") == 1
    assert html.count(">lifted<") == 1


def test_a_warning_was_said_and_holds_nothing(sign_in, comment, reporter, moderator, author):
    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    html = standing(sign_in(author))
    assert "Nothing holds against you" in html
    assert "said, nothing else follows from it" in html


@pytest.mark.parametrize("kind", ["downgrade", "disable"])
def test_restrictions_of_own_repositories_are_there(kind, sign_in, repository, reporter, moderator, owner):
    decided(case_of(reported(repository, reporter, "spam")), moderator, kind, clause="spam")
    html = standing(sign_in(owner))
    assert "holds until we lift it" in html
    assert repository.full_name in html


def test_the_appeal_is_linked_with_its_state(sign_in, decision, author):
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author)
    html = standing(sign_in(author))
    assert f"/appeals/{appeal.public_id}" in html
    assert "we are looking at it" in html


@pytest.mark.parametrize("who", ["reporter", "owner", "moderator"])
def test_others_see_nothing_of_it(who, request, sign_in, decision):
    assert "Nothing holds against you" in standing(sign_in(request.getfixturevalue(who)))


def test_it_is_private(client, sign_in, author):
    assert client.get("/standing").status_code == 302
    assert "no-store" in sign_in(author).get("/standing")["Cache-Control"]


def test_queries_do_not_grow_with_the_decisions(
    sign_in, comment, discussion, repository, reporter, moderator, author, django_assert_max_num_queries
):
    for target in (comment, discussion, author):
        decided(case_of(reported(target, reporter)), moderator, "friendly_warning")
    client = sign_in(author)
    with django_assert_max_num_queries(20):
        client.get("/standing")


# What comes next ------------------------------------------------------------------------------------------------------


def test_a_countdown_says_what_is_left_without_javascript(sign_in, comment, reporter, moderator, author, set_clock):
    set_clock(datetime(2030, 11, 20, 7, 5, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    set_clock(datetime(2030, 11, 21, 13, 5, tzinfo=UTC))
    html = standing(sign_in(author))
    assert 'data-left="64800" data-words="{time} left."' in html
    assert ">18 hours left.</time>" in html
    assert "You need do nothing: it ends by itself." in html
    assert "aria-live" not in html.partition("<main")[2]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_an_end_after_a_change_of_the_clocks_is_said_by_the_clock_on_the_wall(
    zone, sign_in, comment, reporter, moderator, author, set_clock
):
    """Clocks go back in the night: 48 hours are 48 hours, and the wall says an hour less (F5)."""
    author.time_zone = zone
    author.save()
    begin = {
        "Europe/Berlin": datetime(2030, 10, 26, 12, tzinfo=UTC),
        "America/New_York": datetime(2030, 11, 2, 16, tzinfo=UTC),
    }
    before, after = {"Europe/Berlin": ("14:00", "13:00 (CET)"), "America/New_York": ("12:00", "11:00 (EST)")}[zone]
    set_clock(begin[zone])
    assert f"{begin[zone].astimezone(ZoneInfo(zone)):%H:%M}" == before
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    end = begin[zone] + timedelta(hours=48)
    html = standing(sign_in(author))
    assert f"holds until {end.day} {end:%B} 2030, {after}" in html
    assert f"You can post again on {end.day} {end:%B} 2030, {after}" in html
    set_clock(end - timedelta(seconds=1))
    assert "What holds now" in standing(sign_in(author))
    with pytest.raises(PostingRefused):
        add_comment(comment.discussion, text="A second early.", actor=author)
    set_clock(end)  # and no worker did anything
    assert "Nothing holds against you" in standing(sign_in(author))
    add_comment(comment.discussion, text="On the dot.", actor=author)


def test_a_warning_says_how_long_it_counts(sign_in, comment, reporter, moderator, author, set_clock):
    set_clock(datetime(2030, 1, 10, 12, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    assert "Until 9 February 2030 it counts fully, until 9 July 2030 a little" in standing(sign_in(author))
    set_clock(datetime(2030, 3, 1, 12, tzinfo=UTC))
    assert "Until 9 July 2030 it counts a little" in standing(sign_in(author))
    set_clock(datetime(2030, 7, 10, 12, tzinfo=UTC))
    assert ">Warnings</h2>" not in standing(sign_in(author))


def test_a_warning_that_was_overturned_counts_no_more(sign_in, comment, reporter, moderator, other_moderator, author):
    decision = decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    assert ">Warnings</h2>" in standing(sign_in(author))
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author)
    decide_appeal(appeal, state="upheld", answer="You are right, and we are sorry.", actor=other_moderator)
    html = standing(sign_in(author))
    assert ">Warnings</h2>" not in html
    assert "We answered on" in html


def test_what_we_took_back_ourselves_is_not_offered_to_be_contested(sign_in, decision, author, moderator):
    assert "possible until" in standing(sign_in(author))
    undo_decision(decision, actor=moderator, reason="We mistook a quote for words of theirs.")
    html = standing(sign_in(author))
    assert ">we took it back</span>" in html
    assert "possible until" not in html
    assert "Read why, or contest it" not in html


def test_an_appeal_says_who_is_to_move(sign_in, decision, author, other_moderator):
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author)
    html = standing(sign_in(author))
    assert "Somebody of us who did not decide it looks at it. You need do nothing: we write to you." in html
    assert "What we wait for from you" not in html
    ask_appellant(appeal, text="Which comment do you mean?", actor=other_moderator)
    html = standing(sign_in(author))
    assert "What we wait for from you" in html
    assert f'href="/appeals/{appeal.public_id}"' in html.partition("What we wait for from you")[2]


def test_program_reads_the_same(program, sign_in, decision, author, other_moderator, owner):
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author)
    ask_appellant(appeal, text="Which comment do you mean?", actor=other_moderator)
    found = program(author).get("/api/v1/standing").json()
    assert [(one["kind"], one["clause"], one["state"]) for one in found["holding"]] == [
        ("posting_ban", "harassment", "holds")
    ]
    assert [(one["id"], one["waits_for"]) for one in found["appeals"]] == [(str(appeal.public_id), "appellant")]
    assert [one["code"] for one in found["expected"]] == ["answer_appeal"]
    assert found["expected"][0]["url"].endswith(f"/appeals/{appeal.public_id}")
    nothing: dict = {"holding": [], "warnings": [], "appeals": [], "expected": [], "conditions": [], "more": []}
    nothing["fewer"] = []
    assert program(owner).get("/api/v1/standing").json() == nothing


# What is not final, what there is much of, and limits ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["deactivate", "hide_comment"])
def test_what_waits_for_a_second_holds_and_says_so(kind, sign_in, program, comment, reporter, moderator, author):
    """Nobody got reasons yet; whoever may not post, or whose words are hidden, must not read that nothing holds."""
    case = case_of(reported(comment, reporter, "fraud-phishing"))
    words = "He asks people for their passwords."
    decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=Clause.objects.get(code="fraud-phishing"),
        measures=[MeasureOrder(kind), MeasureOrder("deactivate")] if kind != "deactivate" else [MeasureOrder(kind)],
        explanation=words,
    )
    assert Confirmation.objects.get().state == "waiting"
    html = standing(sign_in(author))
    assert "Nothing holds against you" not in html
    assert "Nothing is final yet: a second member of our team looks at it, by" in html
    assert words not in html
    assert "Read why" not in html
    found = program(author).get("/api/v1/standing").json()["holding"]
    assert {(one["clause"], one["statement"]) for one in found} == {(None, None)}
    assert all(one["second_until"] for one in found)


@pytest.fixture
def much(written, reporter, moderator, author):
    """25 comments of the author that are hidden, and as many appeals against that."""
    found = []
    for number in range(25):
        case = case_of(reported(written(f"You are all wrong, {number} times."), reporter))
        found.append(decided(case, moderator, "hide_comment"))
    appeals = [file_appeal(one, text="They called me a troll first.", actor=author) for one in found]
    return found, appeals


def addresses(client, path, pattern):
    """What matches `pattern` on all pages from `path` on, and how many pages these are."""
    found, pages, query = [], 0, ""
    while query is not None:
        html = client.get(f"{path}{query}").content.decode()
        found += re.findall(pattern, html)
        pages += 1
        following = re.search(r'href="(\?after=[^"]+)"\s+rel="next"', html)
        query = following[1] if following else None
    return found, pages


def test_all_that_holds_and_is_contested_is_on_pages_of_its_own(
    much, sign_in, program, author, monkeypatch, django_assert_max_num_queries
):
    decisions, appeals = much
    client = sign_in(author)
    with django_assert_max_num_queries(24):
        html = client.get("/standing").content.decode()
    assert html.partition("What holds now")[2].partition("</section>")[0].count("<strong>") == 20
    assert 'href="/standing/holding"' in html
    assert 'href="/standing/appeals"' in html
    monkeypatch.setattr(people, "PAGE", 10)
    found, pages = addresses(client, "/standing/holding", r'href="/appeal/([0-9a-f-]+)"')
    told = author.statements.order_by("-pk").values_list("public_id", flat=True)
    assert (found, pages) == ([str(one) for one in told], 3)
    found, pages = addresses(client, "/standing/appeals", r'href="/appeals/([0-9a-f-]+)"')
    assert (found, pages) == ([str(one.public_id) for one in reversed(appeals)], 3)
    assert client.get("/standing/holding?after=forged").status_code == 400
    monkeypatch.setattr(KeysetPagination, "size", 10)
    api = program(author)
    summary = api.get("/api/v1/standing").json()
    assert (len(summary["holding"]), len(summary["appeals"]), summary["more"]) == (20, 20, ["appeals", "holding"])
    for path, wanted in (("holding", len(decisions)), ("appeals", len(appeals))):
        rows, address = [], f"/api/v1/standing/{path}"
        while address:
            with django_assert_max_num_queries(12):
                answer = api.get(address).json()
            rows += answer["results"]
            address = answer["next"]
        assert len({str(one) for one in rows}) == len(rows) == wanted


@pytest.mark.parametrize("path", ["/standing/holding", "/standing/appeals"])
def test_those_pages_are_private(path, client, sign_in, owner):
    assert client.get(path).status_code == 302
    answer = sign_in(owner).get(path)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


@pytest.fixture
def unfounded(written, reporter, moderator):
    """unfounded(3): so many reports of the reporter, which we found to be made without any ground."""

    def made(count):
        found = []
        for _ in range(count):
            report = reported(written(f"Hello {uuid.uuid4()}"), reporter)
            case = case_of(report)
            decide(
                case, actor=moderator, version=case.version, outcome="no_violation", explanation="It is a greeting.",
                bad_faith=[report.public_id],
            )  # fmt: skip
            found.append(report)
        return found

    return made


def test_a_limit_on_reports_says_what_why_until_when_and_how_to_contest_it(
    unfounded, sign_in, program, reporter, other_moderator
):
    """Its letters lead there; before it a notice stands there, after which one can do as always."""
    unfounded(3)
    client, api = sign_in(reporter), program(reporter)
    html = standing(client)
    for words in ("We wrote to you about your reports", "If we find two more", "Nothing holds against you"):
        assert words in html
    (noticed,) = api.get("/api/v1/standing").json()["fewer"]
    assert (noticed["of"], noticed["per_day"], noticed["ends_at"], len(noticed["marked"])) == ("reports", None, None, 3)
    last = unfounded(2)[-1]
    limit = ReportingLimit.objects.get()
    html = standing(client)
    for words in (limit.reason, "you can send us 3 reports a day; then this ends by itself", "life or children"):
        assert words in html
    assert "Nothing holds against you" not in html
    assert "Fewer reports for a while" in client.get("/standing/holding").content.decode()
    (found,) = api.get("/api/v1/standing").json()["fewer"]
    assert (found["per_day"], found["says"][0], len(found["marked"])) == (3, limit.reason, 5)
    assert InboxMessage.objects.get(recipient=reporter, key__startswith="reporting-limit:").link == "/standing"
    # The way that the page names: contested, we agree, and it ends.
    assert f'href="/reports/{last.public_id}"' in html
    assert "Contest this outcome" in client.get(f"/reports/{last.public_id}").content.decode()
    appeal = file_appeal(
        last.case_report.case.decisions.get(), text="It was a threat in their language.", actor=reporter
    )
    decide_appeal(appeal, state="upheld", answer="You are right, it was a threat.", actor=other_moderator)
    assert "Fewer reports for a while" not in standing(client)
    assert "Nothing holds against you" in standing(client)


def test_a_limit_on_appeals_stands_on_page_and_api(sign_in, program, author):
    """Its letters lead there."""
    words = "After we had written to you, we found two more of your appeals to be made without any ground."
    ends_at = clock.now() + timedelta(days=30)
    AppealLimit.objects.create(person=author, per_day=1, reason=words, ends_at=ends_at)
    html = standing(sign_in(author))
    assert words in html
    assert "you can contest 1 decision a day" in html
    assert "Nothing holds against you" not in html
    (found,) = program(author).get("/api/v1/standing").json()["fewer"]
    assert (found["of"], found["per_day"], found["says"][0]) == ("appeals", 1, words)
    assert "say so with what you contest next" in found["contest"]


def test_a_program_reads_under_which_conditions_repositories_stay(program, repository, reporter, moderator, owner):
    change_settings(repository, actor=owner, gating="manual")
    case = case_of(reported(repository, reporter, "spam"))
    decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=Clause.objects.get(code="spam"),
        measures=[MeasureOrder("downgrade")],
        conditions=["gated"],
        explanation="It may stay while it is gated.",
    )
    (found,) = program(owner).get("/api/v1/standing").json()["conditions"]
    assert (found["condition"], found["state"], found["subject"]["name"]) == ("gated", "kept", repository.full_name)
