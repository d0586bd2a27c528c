"""The figures of the transparency report (J2, J3)."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import lift_measure
from moderation.sanctions.models import Measure
from moderation.transparency.counts import count
from moderation.transparency.period import Month, Period
from tests.reports.steps import case_of, decided, reported

MAY, JUNE = Period(Month(2030, 5), Month(2030, 5)), Period(Month(2030, 6), Month(2030, 6))


def at(month, day, hour=12):
    return datetime(2030, month, day, hour, tzinfo=UTC)


@pytest.fixture
def story(comment, discussion, repository, author, owner, reporter, moderator, other_moderator, set_clock):
    """May: three reports, a ban, a rejection. June: a downgrade, two appeals, one of them upheld. Now it is July."""
    set_clock(at(5, 10))
    first, second = reported(comment, reporter), reported(discussion, reporter, "spam")
    third = reported(repository, reporter, "spam", confidential=True)
    set_clock(at(5, 10, 15))
    banned = decided(case_of(first), moderator, "posting_ban")
    decided(case_of(second), moderator)
    set_clock(at(6, 1, 0))
    hidden = decided(case_of(third), moderator, "downgrade", clause="license-violation")
    one = file_appeal(banned, text="They called me a troll first.", actor=author)
    two = file_appeal(hidden, text="The license allows this use.", actor=owner)
    decide_appeal(two, state="upheld", answer="The license does allow it.", actor=other_moderator)
    set_clock(at(7, 2))
    decide_appeal(one, state="rejected", answer="Others are no excuse.", actor=other_moderator)


def by_code(counts):
    return {row.code: (row.reports, row.violations, row.no_violations) for row in counts.clauses}


def test_reports_and_decisions_count_when_they_happened(story):
    assert by_code(count(MAY)) == {"harassment": (1, 1, 0), "spam": (2, 0, 1)}
    assert by_code(count(JUNE)) == {"license-violation": (0, 1, 0)}


def test_measures_count_by_kind_and_by_who_took_them(story):
    assert [(row.code, row.by_people, row.by_rules, row.lifted) for row in count(MAY).measures] == [
        ("posting_ban", 1, 0, 0)
    ]
    assert [(row.code, row.by_people, row.by_rules, row.lifted) for row in count(JUNE).measures] == [
        ("downgrade", 1, 0, 1)
    ]


def test_a_measure_of_a_rule_counts_as_that(story):
    Measure.objects.update(automated=True)
    assert [(row.by_people, row.by_rules) for row in count(MAY).measures] == [(0, 1)]


def test_appeals_count_when_filed_when_answered_and_while_waiting(story):
    may, june, july = (count(Period(Month(2030, month), Month(2030, month))).appeals for month in (5, 6, 7))
    assert (may.filed, may.waiting) == (0, 0)
    assert (june.filed, june.upheld, june.rejected, june.waiting) == (2, 1, 0, 1)
    assert (july.filed, july.upheld, july.rejected, july.waiting) == (0, 0, 1, 0)


def test_lifting_later_changes_no_past_month(story, moderator):
    before = count(MAY)
    ban = Measure.objects.get(kind="posting_ban")
    Measure.objects.filter(pk=ban.pk).update(ends_at=None)
    lift_measure(ban, reason="Long enough.", actor=moderator)
    assert count(MAY) == before


def test_times_are_medians_from_the_first_report(comment, make_repository, make_user, moderator, set_clock):
    """Five cases, reported at noon and decided 1, 2, 3, 10 and 20 hours later; a second report does not count."""
    set_clock(at(5, 10, 0))
    reporters = [make_user("one"), make_user("two")]
    targets = [make_repository(f"model-{number}") for number in range(5)]
    reports = [reported(target, reporters[0], "spam") for target in targets]
    set_clock(at(5, 10, 1))
    reported(targets[4], reporters[1], "spam")
    for report, hours in zip(reports, (1, 2, 3, 10, 20), strict=True):
        set_clock(at(5, 10, hours))
        decided(case_of(report), moderator, "downgrade", clause="spam")
    counts = count(MAY)
    assert counts.decision.median == counts.first_action.median == timedelta(hours=3)
    assert counts.decision.words == "3\xa0hours"


def test_few_cases_have_no_median_that_would_tell_when_one_was_reported(story):
    took = count(MAY).decision
    assert (took.median, took.cases) == (None, 2)


def test_the_page_and_both_files_say_the_same(story, client):
    page = client.get("/transparency?from=2030-05&to=2030-06")
    html = page.content.decode()
    assert "Harassment and bullying" in html
    assert html.count("<rect ") == 2
    plain = client.get("/transparency?from=2030-05&to=2030-06&format=json").json()
    assert plain["period"] == {"from": "2030-05", "to": "2030-06"}
    assert {row["code"]: row["reports"] for row in plain["clauses"]} == {
        "harassment": 1,
        "spam": 2,
        "license-violation": 0,
    }
    assert plain["appeals"] == {"filed": 2, "upheld": 1, "partly": 0, "rejected": 0, "waiting": 1}
    file = client.get("/transparency?from=2030-05&to=2030-06&format=csv")
    assert file["Content-Disposition"] == 'attachment; filename="ombud-transparency-2030-05-2030-06.csv"'
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert {row["what"]: int(row["value"]) for row in rows if row["figure"] == "reports"} == {
        "harassment": 1,
        "spam": 2,
        "license-violation": 0,
    }
    assert [row["value"] for row in rows if row["section"] == "appeals"] == ["2", "1", "0", "0", "1"]


def test_nothing_is_said_about_people(story, client):
    for form in ("", "json", "csv"):
        text = client.get(f"/transparency?from=2030-05&to=2030-06&format={form}").content.decode()
        assert not [name for name in ("quentin", "iris", "nok", "mira", "tomas") if name in text]


def test_an_empty_period_says_so(db, client):
    html = client.get("/transparency?from=2020-01&to=2020-01").content.decode()
    assert "Nothing was reported and nothing decided" in html
    assert "<rect " not in html


def test_queries_do_not_grow(story, client, django_assert_max_num_queries):
    for form in ("", "csv", "json"):
        with django_assert_max_num_queries(11):
            client.get(f"/transparency?from=2030-05&to=2030-06&format={form}")
