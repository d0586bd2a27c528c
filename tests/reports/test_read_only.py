"""Administrators read evidence and change none of it (J6)."""

import pytest

from moderation.appeals.actions import file_appeal
from moderation.appeals.models import Appeal
from moderation.reports.models import Report
from moderation.sanctions.models import Measure, StatementOfReasons
from tests.reports.steps import case_of, decided, reported


@pytest.fixture
def evidence(comment, reporter, author, moderator):
    report = reported(comment, reporter)
    decision = decided(case_of(report), moderator, "posting_ban")
    return {
        "reports/report": report,
        "appeals/appeal": file_appeal(decision, text="You are wrong.", actor=author),
        "sanctions/statementofreasons": StatementOfReasons.objects.get(),
        "sanctions/measure": Measure.objects.get(),
    }


KINDS = ["reports/report", "appeals/appeal", "sanctions/statementofreasons", "sanctions/measure"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_reads_and_changes_nothing(kind, evidence, sign_in, admin):
    client, row = sign_in(admin), evidence[kind]
    assert client.get(f"/admin/{kind}/").status_code == 200
    assert client.get(f"/admin/{kind}/{row.pk}/change/").status_code == 200
    for forbidden in (f"/admin/{kind}/add/", f"/admin/{kind}/{row.pk}/delete/"):
        assert client.get(forbidden).status_code == 403
        assert client.post(forbidden, {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/{kind}/{row.pk}/change/", {"text": "Other words."}).status_code == 403
    client.post(f"/admin/{kind}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert [rows.objects.count() for rows in (Report, Appeal, StatementOfReasons, Measure)] == [1, 1, 1, 1]
    assert Report.objects.get().text == "Please look at this."


@pytest.mark.parametrize("kind", KINDS)
def test_lists_cost_few_queries(kind, evidence, sign_in, admin, django_assert_max_num_queries):
    client = sign_in(admin)
    with django_assert_max_num_queries(12):
        client.get(f"/admin/{kind}/")


@pytest.mark.parametrize("who", ["reporter", "moderator"])
def test_only_administrators_get_in(who, evidence, request, sign_in):
    viewer = request.getfixturevalue(who)
    assert sign_in(viewer).get("/admin/reports/report/").status_code == 302
