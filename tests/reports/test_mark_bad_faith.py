"""Reports in bad faith: a mark with the decision, a notice, a limit (C4)."""

import uuid
from datetime import timedelta

import pytest

from accounts.actions import guest_for
from accounts.models import InboxMessage
from community.actions import add_comment
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import claim, decide
from moderation.cases.models import Case
from moderation.reports.actions import lift_limit
from moderation.reports.actions.limits import standing_limit
from moderation.reports.models import Report, ReporterRecord, ReportingLimit
from tests.cases.conftest import decide_form  # noqa: F401 - a fixture
from tests.reports.steps import WORDS, case_of, decided, reported


@pytest.fixture
def marked(discussion, author, moderator, reporter):
    """marked(3): as many reports by `reporter`, decided as no violation and marked."""

    def mark(count, by=reporter):
        decisions = []
        for _number in range(count):
            comment = add_comment(discussion, text=f"Hello {uuid.uuid4()}", actor=author)
            decisions.append(reject(reported(comment, by), moderator))
        return decisions

    return mark


def reject(report, actor, *, mark=True, **changes):
    case = case_of(report)
    values = {"outcome": "no_violation", "explanation": WORDS, "bad_faith": [report.public_id] if mark else []}
    return decide(case, actor=actor, version=case.version, **{**values, **changes})


def letters(person):
    keys = InboxMessage.objects.filter(recipient=person).order_by("pk").values_list("key", flat=True)
    return [key.partition(":")[0] for key in keys if not key.startswith("outcome:")]


def test_a_mark_is_kept_with_the_report_its_record_and_the_event(comment, reporter, moderator):
    report = reported(comment, reporter)
    decision = reject(report, moderator)
    report.refresh_from_db()
    assert report.bad_faith
    assert ReporterRecord.objects.get(reporter=reporter).bad_faith == 1
    assert decision.event.data["bad_faith"] == [report.public_id.hex]
    assert letters(reporter) == []


def test_only_what_is_no_violation_can_be_in_bad_faith(comment, reporter, moderator, clause):
    from moderation.cases.actions import MeasureOrder

    report = reported(comment, reporter)
    violation = {"outcome": "violation", "clause": clause("harassment"), "measures": [MeasureOrder("friendly_warning")]}
    with pytest.raises(Refused, match="no violation"):
        reject(report, moderator, **violation)
    assert not Report.objects.filter(bad_faith=True).exists()


@pytest.mark.parametrize("channel", ["system", "mail", "authority"])
def test_nobody_answers_for_our_screening_or_for_what_the_team_entered(comment, reporter, moderator, channel):
    with pytest.raises(Refused, match="cannot be marked"):
        reject(reported(comment, reporter, channel=channel), moderator)


def test_a_report_of_another_case_cannot_be_marked(comment, discussion, reporter, moderator):
    other = reported(discussion, reporter)
    with pytest.raises(Refused, match="cannot be marked"):
        reject(reported(comment, reporter), moderator, bad_faith=[other.public_id])


def test_three_bring_one_notice_that_says_what_comes_next(marked, reporter):
    marked(2)
    assert letters(reporter) == []
    marked(1)
    notice = InboxMessage.objects.get(recipient=reporter, key__startswith="bad-faith:")
    for words in ("If we find two more", "at most 3 reports a day", "for 30 days", "contest"):
        assert words in notice.body
    marked(1)
    assert letters(reporter) == ["bad-faith"]
    assert standing_limit(reporter) is None


def test_who_cannot_sign_in_is_sent_nowhere_where_they_had_to(marked):
    guest = guest_for("pim@mail.example", confirmed=True)
    marked(5, by=guest)
    for key in ("bad-faith:", "reporting-limit:"):
        letter = InboxMessage.objects.get(recipient=guest, key__startswith=key)
        assert (letter.link, letter.link_label) == ("", "")


def test_two_more_since_the_notice_bring_a_limit(marked, reporter):
    marked(5)
    limit = standing_limit(reporter)
    assert limit.per_day == 3
    assert timedelta(days=30) <= limit.ends_at - limit.starts_at < timedelta(days=30, minutes=1)
    assert letters(reporter) == ["bad-faith", "reporting-limit"]
    marked(3)
    assert ReportingLimit.objects.count() == 1


def test_after_the_limit_it_takes_two_more_again(marked, reporter, pass_time):
    marked(5)
    pass_time(timedelta(days=31))
    marked(1)
    assert standing_limit(reporter) is None
    marked(1)
    assert standing_limit(reporter) is not None


def test_what_lies_half_a_year_back_is_forgotten(marked, reporter, pass_time):
    marked(2)
    pass_time(timedelta(days=181))
    marked(2)
    assert letters(reporter) == []
    marked(1)
    pass_time(timedelta(days=181))
    marked(2)
    assert letters(reporter) == ["bad-faith"]
    assert standing_limit(reporter) is None


def test_marks_go_with_the_decision_and_a_limit_with_its_marks(marked, reporter, other_moderator):
    decisions = marked(5)
    appeal = file_appeal(decisions[-1], text="Please look at the whole thread.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer="You were right about this.", actor=other_moderator)
    assert Report.objects.filter(bad_faith=True).count() == 4
    assert ReporterRecord.objects.get(reporter=reporter).bad_faith == 4
    assert standing_limit(reporter) is None
    assert letters(reporter)[-1] == "appeal"
    assert "reporting-limit-lifted" in letters(reporter)


def test_an_old_mark_taken_back_leaves_the_limit(marked, reporter, other_moderator):
    decisions = marked(5)
    appeal = file_appeal(decisions[0], text="Please look at the whole thread.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer="You were right about this.", actor=other_moderator)
    assert standing_limit(reporter) is not None


def test_the_decide_form_marks(sign_in, moderator, comment, reporter, decide_form):  # noqa: F811
    report = reported(comment, reporter)
    case = claim(case_of(report), actor=moderator)
    client = sign_in(moderator)
    page = client.get(case.get_absolute_url()).content.decode()
    assert f'name="bad_faith" value="{report.public_id}"' in " ".join(page.split())
    form = decide_form(case, outcome="no_violation", measures=[], bad_faith=[str(report.public_id)])
    assert client.post(f"{case.get_absolute_url()}/decide", form).status_code == 303
    report.refresh_from_db()
    assert report.bad_faith
    assert "in bad faith" in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize("ids", [["nonsense"], ["00000000-0000-4000-8000-000000000000"]], ids=["none", "unknown"])
def test_the_decide_form_refuses_other_ids(sign_in, moderator, comment, reporter, decide_form, ids):  # noqa: F811
    case = claim(case_of(reported(comment, reporter)), actor=moderator)
    form = decide_form(case, outcome="no_violation", measures=[], bad_faith=ids)
    assert sign_in(moderator).post(f"{case.get_absolute_url()}/decide", form).status_code == 422
    assert Case.objects.get().state == Case.State.OPEN


@pytest.fixture
def limited(reporter):
    from foundation import clock

    now = clock.now()
    return ReportingLimit.objects.create(
        person=reporter, per_day=1, reason="Two more.", starts_at=now, ends_at=now + timedelta(days=30)
    )


def send(client, target, code, **changes):
    values = {
        "subject": {"kind": type(target).__name__.lower(), "id": str(target.public_id)}, "clause": code,
        "text": "Please look at this.", **changes,
    }  # fmt: skip
    return client.post("/api/v1/reports", values, content_type="application/json")


def test_a_limited_person_is_told_why_and_until_when(sign_in, limited, reporter, comment, pass_time):
    client = sign_in(reporter)
    assert send(client, comment, "spam").status_code == 201
    refused = send(client, comment, "harassment")
    assert refused.status_code == 429
    assert 86_300 < int(refused["Retry-After"]) <= 86_400
    text = refused.content.decode()
    assert "Two more. You can send the next one on" in text
    assert "the limit ends on" in text
    pass_time(timedelta(days=1, seconds=1))
    assert send(client, comment, "harassment").status_code == 201


@pytest.mark.parametrize("code", ["minors-sexual-content", "children-data", "self-harm"])
def test_life_and_children_are_never_limited_and_use_nothing_up(sign_in, limited, reporter, comment, discussion, code):
    client = sign_in(reporter)
    assert send(client, comment, code).status_code == 201
    assert send(client, comment, "spam").status_code == 201
    assert send(client, discussion, code).status_code == 201


def test_somebody_in_danger_is_never_limited(limited, reporter, comment, clause):
    from django.db import transaction

    from foundation.errors import RateLimited
    from moderation.intake.limits import require_below_limit

    reported(comment, reporter)
    with transaction.atomic():
        require_below_limit(reporter, clause=clause("spam"), danger=True)
        with pytest.raises(RateLimited):
            require_below_limit(reporter, clause=clause("spam"))


def test_danger_to_a_life_has_a_higher_limit_of_its_own(sign_in, limited, reporter, comment, discussion, pass_time):
    client = sign_in(reporter)
    for code in ("harassment", "spam", "malware"):
        assert send(client, comment, code, danger=True).status_code == 201
    refused = send(client, discussion, "spam", danger=True)
    assert refused.status_code == 429
    assert "You marked many reports today as a danger to somebody’s life" in refused.content.decode()
    assert send(client, discussion, "spam").status_code == 201
    assert send(client, discussion, "self-harm", danger=True).status_code == 201
    pass_time(timedelta(days=1, seconds=1))
    assert send(client, discussion, "harassment", danger=True).status_code == 201


def test_the_first_danger_after_a_limit_is_always_taken(sign_in, reporter, comment, discussion, pass_time):
    client = sign_in(reporter)
    for code in ("harassment", "spam", "malware"):
        assert send(client, comment, code, danger=True).status_code == 201
    pass_time(timedelta(seconds=1))
    now = clock.now()
    ReportingLimit.objects.create(
        person=reporter, per_day=0, reason="Two more.", starts_at=now, ends_at=now + timedelta(days=30)
    )
    assert send(client, discussion, "spam", danger=True).status_code == 201
    assert send(client, discussion, "malware", danger=True).status_code == 429


def test_the_team_lifts_it_on_the_persons_page(sign_in, limited, reporter, moderator):
    client = sign_in(moderator)
    where = f"/cases/people/{reporter.public_id}"
    assert "1 report a day until" in client.get(where).content.decode()
    page = client.post(f"{where}/reporting", follow=True).content.decode()
    assert "A limit was lifted by mira" in page
    assert "report a day until" not in page
    limited.refresh_from_db()
    assert limited.lifted_by == moderator
    assert letters(reporter) == ["reporting-limit-lifted"]
    assert client.post(f"{where}/reporting").status_code == 303


def test_nobody_else_lifts_it(sign_in, client, limited, reporter, make_user):
    where = f"/cases/people/{reporter.public_id}/reporting"
    assert client.post(where).status_code in (302, 404)
    assert sign_in(reporter).post(where).status_code in (403, 404)
    assert sign_in(make_user("ada")).post(where).status_code in (403, 404)
    with pytest.raises(Forbidden):
        lift_limit(limited, actor=reporter)
    assert standing_limit(reporter) == limited


def test_the_record_stands_on_the_persons_page(sign_in, comment, reporter, moderator, django_assert_max_num_queries):
    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    client = sign_in(moderator)
    with django_assert_max_num_queries(18):
        page = client.get(f"/cases/people/{reporter.public_id}").content.decode()
    assert "we agreed with 1 of 1 reports" in " ".join(page.split())
    assert "Harassment and bullying:" in " ".join(page.split())
