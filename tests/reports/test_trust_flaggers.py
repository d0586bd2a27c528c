"""Trusted flaggers: appointed by administrators, in a lane of their own, measured."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.actions import add_comment
from foundation import clock
from moderation.cases.models import Case
from moderation.reports.flaggers import FlaggerRecord, records_of_flaggers, wilson
from moderation.reports.models import Report, TrustedFlagger
from tests.reports.steps import case_of, decided, reported


@pytest.fixture
def trusted(reporter, clause):
    """`reporter` is trusted for spam."""
    row = TrustedFlagger.objects.create(user=reporter, organization="Hotline Example", since=clock.now())
    row.clauses.add(clause("spam"))
    return row


def test_their_reports_come_in_their_lane_under_their_clauses_only(trusted, comment, discussion, reporter):
    assert reported(comment, reporter, "spam").trusted
    assert Case.objects.select_related("lane").get().lane.code == "trusted"
    assert not reported(discussion, reporter, "harassment").trusted


def test_it_ends_by_its_date(trusted, comment, reporter, pass_time):
    TrustedFlagger.objects.update(until=clock.now() + timedelta(hours=1))
    pass_time(timedelta(hours=2))
    assert not reported(comment, reporter, "spam").trusted


def test_they_are_measured_by_what_became_of_their_reports(
    trusted, discussion, author, reporter, moderator, pass_time, django_assert_num_queries
):
    reports = []
    for number in range(4):
        comment = add_comment(discussion, text=f"Buy number {number}!", actor=author)
        reports.append(reported(comment, reporter, "spam"))
    for hours, (report, measures) in enumerate(zip(reports, [["friendly_warning"]] * 2 + [[]], strict=False), 1):
        pass_time(timedelta(hours=hours))
        decided(case_of(report), moderator, *measures, clause="spam")
    with django_assert_num_queries(1):
        record = records_of_flaggers([reporter.pk])[reporter.pk]
    assert (record.filed, record.decided, record.upheld) == (4, 3, 2)
    assert timedelta(hours=3) <= record.median < timedelta(hours=3, minutes=2)
    assert record.share == pytest.approx(2 / 3)


def test_intervals_by_example():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(7, 10) == pytest.approx((0.3968, 0.8922), abs=1e-4)
    assert FlaggerRecord().share is None


@given(st.integers(1, 400), st.floats(0, 1))
def test_the_share_lies_in_its_interval_and_more_decisions_narrow_it(count, part):
    hits = round(count * part)
    low, high = wilson(hits, count)
    assert 0 <= low <= hits / count <= high <= 1
    nearer, further = wilson(4 * hits, 4 * count)
    assert further - nearer < high - low


def test_the_page_shows_the_record(trusted, comment, reporter, moderator, sign_in, django_assert_max_num_queries):
    decided(case_of(reported(comment, reporter, "spam")), moderator, "friendly_warning", clause="spam")
    client = sign_in(moderator)
    with django_assert_max_num_queries(9):
        text = " ".join(client.get("/cases/flaggers").content.decode().split())
    for words in ("Hotline Example", "iris", "100 %", "1 upheld; between 21 % and 100 %", "less than a minute"):
        assert words in text


def test_the_number_of_queries_does_not_grow(sign_in, moderator, make_user, clause, django_assert_max_num_queries):
    for number in range(5):
        row = TrustedFlagger.objects.create(user=make_user(f"hotline{number}"), organization=f"Hotline {number}")
        row.clauses.add(clause("spam"))
    client = sign_in(moderator)
    with django_assert_max_num_queries(9):
        assert client.get("/cases/flaggers").content.decode().count("<tr data-row") == 5


def test_without_any_it_says_so(sign_in, moderator):
    assert "Nobody is a trusted flagger" in sign_in(moderator).get("/cases/flaggers").content.decode()


def test_the_page_is_for_the_team(client, sign_in, reporter):
    assert client.get("/cases/flaggers").status_code == 302
    assert sign_in(reporter).get("/cases/flaggers").status_code == 404


def test_administrators_appoint_and_end(sign_in, admin, reporter, clause):
    client = sign_in(admin)
    form = {
        "user": reporter.pk, "organization": "Hotline Example", "clauses": [clause("spam").pk],
        "since_0": "2026-01-01", "since_1": "00:00", "until_0": "", "until_1": "",
    }  # fmt: skip
    assert client.post("/admin/reports/trustedflagger/add/", form).status_code == 302
    row = TrustedFlagger.objects.get()
    assert (row.organization, row.until, row.clauses.get().code) == ("Hotline Example", None, "spam")
    place = f"/admin/reports/trustedflagger/{row.pk}/"
    wrong = client.post(f"{place}change/", form | {"until_0": "2025-01-01", "until_1": "00:00"})
    assert "It ends before it begins." in wrong.content.decode()
    assert client.post(f"{place}change/", form | {"until_0": "2026-02-01", "until_1": "00:00"}).status_code == 302
    assert client.post(f"{place}delete/", {"post": "yes"}).status_code == 403


def test_claims_and_limits_are_only_read(sign_in, admin, comment, reporter):
    report = reported(comment, reporter)
    client = sign_in(admin)
    for name in ("rightsclaim", "counterstatement", "reportinglimit", "report"):
        assert client.get(f"/admin/reports/{name}/").status_code == 200
        assert client.get(f"/admin/reports/{name}/add/").status_code == 403
    Report.objects.update(address="ab" * 32)
    assert "abab" not in client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()


def test_the_public_account_counts_them(trusted, comment, reporter, moderator):
    from moderation.transparency.counts import FlaggerCount, _flaggers
    from moderation.transparency.period import Month, Period

    decided(case_of(reported(comment, reporter, "spam")), moderator)
    now = clock.now()
    month = Month(now.year, now.month)
    assert _flaggers(Period(month, month)) == FlaggerCount(filed=1, upheld=0, rejected=1)
