"""The same report sent twice (C7, L3)."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from foundation.errors import Refused
from moderation.cases.actions import receive_report
from moderation.cases.models import Case
from moderation.reports.details import Details
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


@pytest.mark.parametrize(
    "more",
    [
        {"links": ("https://example.org/proof",)},
        {"passage": "I am an idiot"},
        {"danger": True},
        {"ground": "law"},
        {"confidential": True},
    ],
    ids=lambda more: next(iter(more)),
)
def test_another_report_in_anything_is_no_repeat(more, repository, reporter, clause):
    """What it says more would be dropped in silence."""
    spam, key = clause("spam"), uuid.uuid4()

    def send(**said):
        kept = {name: said.pop(name) for name in ("links", "passage", "danger") if name in said}
        return receive_report(
            repository,
            clause=spam,
            text="It sells shoes.",
            actor=reporter,
            request_id=key,
            details=Details(**kept),
            **said,
        )

    first = send()
    assert send() == first
    with pytest.raises(Refused) as caught:
        send(**more)
    assert caught.value.code == "key_reused"
    assert Report.objects.get() == first


def test_nor_with_another_file(sign_in, reporter, comment, form, address):
    client, sent = sign_in(reporter), form()
    file = SimpleUploadedFile("proof.txt", b"This is a proof.", "text/plain")
    client.post(address(comment), {**sent, "attachments": [file]})
    file.seek(0)
    assert client.post(address(comment), {**sent, "attachments": [file]}).status_code == 303
    other = SimpleUploadedFile("proof.txt", b"This is another proof.", "text/plain")
    assert client.post(address(comment), {**sent, "attachments": [other]}).status_code == 409
    assert Report.objects.get().attachments.count() == 1


def test_what_had_to_be_confidential_is_the_same_report_again(comment, reporter, clause):
    said = {"clause": clause("spam"), "text": "It sells shoes.", "actor": reporter, "request_id": uuid.uuid4()}
    first = receive_report(comment, **said)
    assert first.confidential
    assert receive_report(comment, **said) == first
