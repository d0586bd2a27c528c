"""Following one's own reports (C7)."""

import pytest

from moderation.policy.models import Clause
from moderation.reports.models import Report
from tests.reports.steps import case_of, decided, reported


@pytest.mark.parametrize(
    ("measures", "listed", "told"),
    [((), "We did not agree", "does not break our rules"), (("posting_ban",), "We agreed", "took action")],
)
def test_the_reporter_sees_the_outcome(measures, listed, told, sign_in, reporter, comment, moderator):
    report = reported(comment, reporter)
    client, own = sign_in(reporter), f"/reports/{report.public_id}"
    assert "We are looking at it" in client.get("/reports").content.decode()
    assert "A moderator will look at it" in client.get(own).content.decode()
    decided(case_of(report), moderator, *measures)
    assert listed in client.get("/reports").content.decode()
    html = client.get(own).content.decode()
    assert told in html
    assert "Contest this outcome" in html


def test_the_page_shows_what_was_sent_and_what_it_was_about(sign_in, reporter, comment):
    report = reported(comment, reporter, text="He insults everybody.")
    html = sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()
    for words in ("He insults everybody.", comment.text, "Harassment and bullying", "only you and our team"):
        assert words in html


def test_evidence_stays_when_the_text_is_changed(sign_in, reporter, comment):
    before = comment.text
    report = reported(comment, reporter)
    type(comment).objects.update(text="All is well.")
    assert before in sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()


def test_the_own_page_does_not_tell_what_the_other_person_got(sign_in, reporter, comment, moderator):
    report = reported(comment, reporter)
    decided(case_of(report), moderator, "posting_ban", explanation="Words for the author only.")
    html = sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()
    assert "Words for the author only." not in html
    assert "48 hours" not in html


@pytest.mark.parametrize("page", ["", "/sent"])
@pytest.mark.parametrize("who", ["author", "owner", "moderator", "admin"])
def test_nobody_else_finds_it(page, who, request, sign_in, reporter, comment):
    report = reported(comment, reporter)
    viewer = request.getfixturevalue(who)
    assert sign_in(viewer).get(f"/reports/{report.public_id}{page}").status_code == 404
    assert str(report.public_id) not in sign_in(viewer).get("/reports").content.decode()


def test_guests_sign_in(client):
    assert client.get("/reports").status_code == 302


def test_an_empty_list_says_what_to_do(sign_in, reporter):
    assert "You have reported nothing" in sign_in(reporter).get("/reports").content.decode()


def test_pages_are_private(sign_in, reporter, comment):
    report = reported(comment, reporter)
    for page in ("/reports", f"/reports/{report.public_id}", f"/reports/{report.public_id}/sent"):
        response = sign_in(reporter).get(page)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"


def test_the_list_goes_on_where_the_page_ended(sign_in, reporter, comment, repository, discussion):
    clauses = list(Clause.objects.values_list("code", flat=True))
    for target in (comment, repository, discussion):
        for code in clauses[:18]:
            reported(target, reporter, code)
    client = sign_in(reporter)
    first = client.get("/reports")
    second = client.get(f"/reports?{first.context['page'].next}")
    rows = [row.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(first.context["page"].rows) == 50
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == len(rows) == 54


def test_a_forged_page_is_refused(sign_in, reporter):
    assert sign_in(reporter).get("/reports?after=nonsense").status_code == 400


def test_queries_do_not_grow_with_the_list(
    sign_in, reporter, comment, repository, discussion, author, organization, django_assert_max_num_queries
):
    for target in (comment, repository, discussion, author, organization):
        for code in ("spam", "harassment", "malware"):
            reported(target, reporter, code)
    client = sign_in(reporter)
    with django_assert_max_num_queries(6):
        client.get("/reports")
    with django_assert_max_num_queries(8):
        client.get(f"/reports/{Report.objects.earliest('pk').public_id}")
