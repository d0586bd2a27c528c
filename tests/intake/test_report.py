"""Reporting something through the form (C1, C2)."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import system_actor
from community.models import Discussion
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.sanctions.models import Measure
from tests.reports.steps import case_of, decided, reported


@pytest.fixture(params=["repository", "discussion", "comment", "author", "organization"])
def target(request):
    return request.getfixturevalue(request.param)


def test_every_kind_is_reported_through_its_form(target, sign_in, reporter, form, address):
    client = sign_in(reporter)
    assert client.get(address(target)).status_code == 200
    response = client.post(address(target), form())
    report = Report.objects.get()
    assert response.url == f"/reports/{report.public_id}/sent"
    assert report.subject.target == target
    assert "We have your report" in client.get(response.url).content.decode()


def test_guests_sign_in_first_where_they_may_not_report(client, settings, repository, address, form):
    settings.GUEST_REPORTS = False
    response = client.post(address(repository), form())
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/report/repository/")


def test_a_public_clause_on_a_repository_opens_its_discussion(sign_in, reporter, repository, form, address):
    response = sign_in(reporter).post(address(repository), form(), follow=True)
    discussion = Discussion.objects.get(origin="report")
    assert discussion.comments.get().text == form()["text"]
    assert discussion.get_absolute_url() in response.content.decode()


@pytest.mark.parametrize("changes", [{"confidential": "on"}, {"clause": "malware"}, {"clause": "disinformation"}])
def test_nobody_but_the_team_learns_of_the_others(changes, sign_in, reporter, repository, form, address):
    response = sign_in(reporter).post(address(repository), form(**changes), follow=True)
    assert not Discussion.objects.exists()
    assert Report.objects.get().confidential
    assert "Nobody but our team learns" in response.content.decode()


def test_a_notice_of_something_unlawful_says_so(sign_in, reporter, repository, form, address):
    sign_in(reporter).post(address(repository), form(ground="law", good_faith="on"))
    assert Report.objects.get().ground == "law"


def test_a_comment_is_never_reported_in_public(sign_in, reporter, comment, form, address):
    sign_in(reporter).post(address(comment), form(confidential=""))
    assert Report.objects.get().confidential
    assert not Discussion.objects.filter(origin="report").exists()


def test_every_step_says_for_each_clause_who_learns_of_it(sign_in, reporter, repository, address):
    client, told = sign_in(reporter), dict[str, bool]()
    for topic in client.get(address(repository)).context["offer"].topics:
        html = client.get(f"{address(repository)}?about={topic.code}").content.decode()
        told |= {choice.clause.code: choice.public for choice in topic.choices}
        public = sum(choice.public for choice in topic.choices)
        assert html.count(">public</span>") == public
        assert html.count(">only the team</span>") == len(topic.choices) - public
    assert set(told) == set(Clause.objects.values_list("code", flat=True))
    assert {code for code, public in told.items() if public} == set(
        Clause.objects.filter(publicity="yes").values_list("code", flat=True)
    )


def test_the_form_of_a_comment_promises_silence_and_asks_nothing(sign_in, reporter, comment, address):
    html = sign_in(reporter).get(f"{address(comment)}?clause=spam").content.decode()
    assert "<strong>Nobody but our team learns</strong>" in html
    assert 'name="confidential"' not in html
    assert comment.text in html


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("Never download it, never post it again", ["minors-sexual-content"]),
        ("Never let it produce the harmful thing", ["weapons", "attack-code", "strong-dual-use"]),
        ("call the emergency services", ["self-harm"]),
        ("Do not repeat the secret", ["privacy-leaked-secrets"]),
    ],
)
def test_what_to_know_stands_beside_the_clause(words, clauses, sign_in, reporter, repository, address):
    client = sign_in(reporter)
    for code in clauses:
        assert client.get(f"{address(repository)}?clause={code}").content.decode().count(words) == 1


def test_self_harm_shows_help_again_when_sent(sign_in, reporter, comment, form, address):
    page = sign_in(reporter).post(address(comment), form(clause="self-harm"), follow=True)
    assert "call the emergency services" in page.content.decode()


def test_somebody_who_may_not_post_may_report_in_confidence(
    sign_in, reporter, author, moderator, comment, repository, form, address
):
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    assert Measure.objects.standing().filter(person=author).exists()
    client = sign_in(author)
    html = client.get(f"{address(repository)}?clause=spam").content.decode()
    assert "You cannot post in community tabs at the moment" in html
    assert ">public</span>" not in html
    client.post(address(repository), form())
    assert Report.objects.get(reporter=author).confidential
    assert not Discussion.objects.filter(origin="report").exists()


def essence(response):
    """A page without what differs between any two requests: tokens against forgery, and its own address."""
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}", "", response.content.decode())


@pytest.mark.parametrize("kind", ["repository", "discussion", "comment"])
def test_private_missing_and_forged_things_answer_alike(
    kind, sign_in, reporter, repository, discussion, comment, django_assert_num_queries
):
    target = {"repository": repository, "discussion": discussion, "comment": comment}[kind]
    repository.visibility = "private"
    repository.save()
    client = sign_in(reporter)
    with CaptureQueriesContext(connection) as hidden:
        private = client.get(f"/report/{kind}/{target.public_id}")
    with django_assert_num_queries(len(hidden)):
        missing = client.get(f"/report/{kind}/{uuid.uuid4()}")
    assert private.status_code == missing.status_code == 404
    assert essence(private) == essence(missing)


def test_the_owner_side_may_report_what_is_private(sign_in, owner, repository, form, address):
    repository.visibility = "private"
    repository.save()
    assert sign_in(owner).post(address(repository), form(confidential="on")).status_code == 303


def test_an_unknown_kind_and_the_system_actor_are_not_found(sign_in, reporter, repository, address):
    client = sign_in(reporter)
    assert client.get(f"/report/statement/{repository.public_id}").status_code == 404
    assert client.get(address(system_actor())).status_code == 404
    assert client.get("/report/repository/not-an-id").status_code == 404


def test_the_form_costs_few_queries(sign_in, reporter, comment, address, django_assert_max_num_queries):
    client = sign_in(reporter)
    with django_assert_max_num_queries(8):
        client.get(address(comment))
    with django_assert_max_num_queries(9):
        client.get(f"{address(comment)}?clause=spam")


def test_no_cache_keeps_the_form(sign_in, reporter, comment, address):
    assert "no-store" in sign_in(reporter).get(address(comment))["Cache-Control"]


@pytest.mark.parametrize("ended", [{"locked": True, "locked_by_team": True}, {"status": "closed"}])
def test_a_report_is_no_way_to_post_in_a_discussion_that_the_team_ended(
    ended, sign_in, reporter, author, repository, form, address
):
    sign_in(reporter).post(address(repository), form())
    Discussion.objects.filter(origin="report").update(**ended)
    assert sign_in(author).post(address(repository), form(text="Let me say it here.")).status_code == 303
    assert Report.objects.get(reporter=author).discussion.comments.count() == 1
