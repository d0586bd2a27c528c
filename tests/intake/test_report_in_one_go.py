"""Several comments of one author reported in one go (C1, C4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from community.actions import add_comment, hide
from moderation.cases.models import Case
from moderation.reports.models import Report
from tests.conftest import concurrent
from tests.reports.steps import reported


@pytest.fixture
def others(discussion, comment, author):
    return [add_comment(discussion, text=f"Idiots, for the time number {n}!", actor=author) for n in range(3)]


def ids(comments):
    return [str(one.public_id) for one in comments]


def test_one_form_files_a_report_of_each(sign_in, reporter, comment, others, form, address):
    response = sign_in(reporter).post(address(comment), form(others=ids(others[:2])), follow=True)
    assert "You reported 2 more comments of the same person in one go" in response.content.decode()
    reports = list(Report.objects.order_by("pk"))
    assert {one.subject.comment for one in reports} == {comment, *others[:2]}
    assert len({one.batch for one in reports}) == 1
    assert reports[0].batch is not None
    assert Case.objects.count() == 3


def test_a_report_alone_has_no_batch(sign_in, reporter, comment, others, form, address):
    sign_in(reporter).post(address(comment), form())
    assert Report.objects.get().batch is None


def test_only_what_everybody_reads_of_this_author_is_offered(
    sign_in, reporter, comment, others, owner, discussion, address
):
    mine = add_comment(discussion, text="We answer tomorrow.", actor=owner)
    hide(others[0], category="abuse", actor=owner)
    reported(others[1], reporter)
    page = sign_in(reporter).get(f"{address(comment)}?clause=harassment")
    assert set(page.context["others"].found) == {others[2], first(discussion)}
    assert mine.text not in page.content.decode()


def first(discussion):
    return discussion.comments.get(position=1)


@pytest.mark.parametrize("what", ["another_person", "nonsense"])
def test_others_that_do_not_belong_here_are_refused(what, sign_in, reporter, comment, owner, discussion, form, address):
    wrong = {
        "another_person": str(add_comment(discussion, text="Mine.", actor=owner).public_id),
        "nonsense": "nonsense",
    }[what]
    response = sign_in(reporter).post(address(comment), form(others=[wrong]))
    assert response.status_code == 422
    assert not Report.objects.exists()


def test_the_form_sent_twice_is_the_same_reports(sign_in, reporter, comment, others, form, address):
    client, sent = sign_in(reporter), form(others=ids(others))
    first, second = (client.post(address(comment), sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert Report.objects.count() == 4


def test_it_counts_once_towards_the_limit(sign_in, reporter, comment, others, repository, form, address, settings):
    settings.REPORTS_PER_HOUR = 2
    client = sign_in(reporter)
    assert client.post(address(comment), form(others=ids(others))).status_code == 303
    assert client.post(address(repository), form()).status_code == 303
    assert client.post(address(repository), form(clause="malware")).status_code == 429


def test_own_reports_stand_together(sign_in, reporter, comment, others, repository, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form(others=ids(others)))
    client.post(address(repository), form())
    page = client.get("/reports")
    assert [len(group) for group in page.context["groups"]] == [1, 4]
    assert "4 reports in one go" in page.content.decode()
    own = client.get(f"/reports/{Report.objects.filter(subject__comment=comment).get().public_id}").content.decode()
    assert "Sent in one go with it" in own


def test_many_others_cost_what_one_costs_to_show(
    sign_in, reporter, comment, others, address, django_assert_max_num_queries
):
    client = sign_in(reporter)
    with django_assert_max_num_queries(9):
        client.get(f"{address(comment)}?clause=harassment")


@concurrent
def test_two_people_who_report_the_same_comments_do_not_wait_for_each_other_for_ever(
    reporter, owner, comment, others, form, address, sign_in
):
    comments = [comment, *others]

    def send(person, turned):
        rows = list(reversed(comments)) if turned else comments
        try:
            return sign_in(person).post(address(rows[0]), form(others=ids(rows[1:]))).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, [reporter, owner], [False, True]))
    assert answers == [303, 303]
    assert Report.objects.count() == 8
    assert Case.objects.count() == 4


def test_the_form_sent_again_with_others_files_nothing_more(
    sign_in, reporter, comment, others, form, address, settings
):
    settings.REPORTS_PER_HOUR = 1
    client, sent = sign_in(reporter), form()
    for one in others:
        client.post(address(comment), sent | {"others": ids([one])})
    assert Report.objects.count() == 2
