"""The same report sent twice (C7, L3)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from moderation.cases.models import Case
from moderation.reports.models import Report
from tests.conftest import concurrent
from tests.reports.steps import case_of, decided


def test_a_double_click_is_one_report(sign_in, reporter, comment, form, address):
    client, sent = sign_in(reporter), form()
    first, second = (client.post(address(comment), sent) for _ in range(2))
    assert first.url == second.url == f"/reports/{Report.objects.get().public_id}/sent"
    assert Case.objects.get().report_count == 1


def test_the_same_reason_again_leads_to_the_own_report(sign_in, reporter, comment, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form())
    response = client.post(address(comment), form())
    html = response.content.decode()
    assert response.status_code == 409
    assert "You reported this for the same reason before" in html
    assert f"/reports/{Report.objects.get().public_id}" in html


def test_the_form_shows_what_is_reported_already(sign_in, reporter, author, comment, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form())
    own = f"/reports/{Report.objects.get().public_id}"
    assert own in client.get(address(comment)).content.decode()
    assert own not in sign_in(author).get(address(comment)).content.decode()


def test_another_reason_and_a_decided_report_are_no_repeat(sign_in, reporter, moderator, comment, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form())
    assert client.post(address(comment), form(clause="harassment")).status_code == 303
    decided(case_of(Report.objects.earliest("pk")), moderator)
    assert client.post(address(comment), form()).status_code == 303
    assert Report.objects.count() == 3


@concurrent
@pytest.mark.parametrize("clicks", [6])
def test_clicks_at_the_same_moment_are_one_report(clicks, reporter, comment, form, address):
    sent, where = form(), address(comment)

    def click(_number):
        client = Client()
        client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
        try:
            return client.post(where, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(clicks) as pool:
        assert set(pool.map(click, range(clicks))) == {303}
    assert Report.objects.count() == 1


def test_another_report_from_a_form_that_was_sent_is_asked_for_again(sign_in, reporter, comment, form, address):
    client, sent = sign_in(reporter), form()
    client.post(address(comment), sent)
    other = {**sent, "clause": "harassment", "text": "And he threatens people, too."}
    answer = client.post(address(comment), other)
    assert answer.status_code == 409
    assert "Please send this one again" in answer.content.decode()
    again = answer.context["form"]
    assert again["text"].value() == "And he threatens people, too."
    assert client.post(address(comment), {**other, "request_id": again["request_id"].value()}).status_code == 303
    assert Report.objects.count() == 2
