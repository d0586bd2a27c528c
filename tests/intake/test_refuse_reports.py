"""Forms that cannot be taken: a clear message, what was written is still there, and nothing is half done."""

import uuid

import pytest
from django.test import Client

from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.subjects.models import Snapshot


def nothing_was_done():
    return not (Report.objects.exists() or Case.objects.exists() or Snapshot.objects.exists())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"clause": None}, "Choose what is wrong"),
        ({"clause": "no-such-clause"}, "This choice does not exist any more"),
        ({"text": None}, "Tell us why"),
        ({"text": "  bad  "}, "Please write a sentence"),
        ({"text": "x" * 100_000}, "This text has 100000 characters"),
        ({"text": "Look here\x07 and there."}, "invisible (U+0007)"),
        ({"text": "Look here \u202egpj.exe and there."}, "invisible (U+202E)"),
        ({"text": "Look here\x00 and there."}, "Null characters are not allowed"),
        ({"ground": "opinion"}, "Select a valid choice"),
        ({"ground": "law"}, "Please confirm this"),
        ({"request_id": "once"}, "Please load the page again"),
        ({"request_id": None}, "Please load the page again"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_filed(changes, says, sign_in, reporter, repository, form, address):
    response = sign_in(reporter).post(address(repository), form(**changes))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert nothing_was_done()


def test_what_was_written_and_chosen_is_still_there(sign_in, reporter, repository, form, address):
    sent = form(clause="weapons", text="short", ground="law", confidential="on")
    response = sign_in(reporter).post(address(repository), sent)
    html = " ".join(response.content.decode().split())
    assert "> short</textarea>" in html
    assert 'name="clause" value="weapons"' in html
    assert response.context["topic"].code == "danger"
    assert sent["request_id"] in html


def test_markup_is_shown_as_it_was_written(sign_in, reporter, comment, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form(text="<script>alert(1)</script> he wrote"))
    html = client.get(f"/reports/{Report.objects.get().public_id}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; he wrote" in html
    assert "<script>alert" not in html


def test_a_retired_clause_cannot_be_chosen(sign_in, reporter, repository, form, address):
    Clause.objects.filter(code="spam").update(active=False)
    assert sign_in(reporter).post(address(repository), form()).status_code == 422
    assert nothing_was_done()


def test_an_expired_form_is_explained(reporter, repository, form, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(address(repository), form())
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()
    assert nothing_was_done()


def test_what_vanished_before_sending_is_not_reported(sign_in, reporter, repository, comment, form, address):
    client = sign_in(reporter)
    assert client.get(address(comment)).status_code == 200
    repository.visibility = "private"
    repository.save()
    response = client.post(address(comment), form())
    assert response.status_code == 404
    assert "We find nothing here" in response.content.decode()
    assert nothing_was_done()


def test_a_key_of_somebody_else_opens_nothing(sign_in, reporter, author, comment, form, address):
    key = str(uuid.uuid4())
    sign_in(author).post(address(comment), form(request_id=key))
    response = sign_in(reporter).post(address(comment), form(request_id=key))
    assert response.status_code == 409
    assert Report.objects.get().reporter == author
    assert str(Report.objects.get().public_id) not in response.content.decode()
