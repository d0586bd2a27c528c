"""A claim of rights without an account: confirmed by mail, completed by the link (C1, C5)."""

import re
import uuid

import pytest
from django.test import Client

from accounts.mail import send_due_mail
from moderation.cases.actions.counter import counter
from moderation.intake.mail import send_confirmations
from moderation.reports.links import address_of
from moderation.reports.models import CounterStatement, Report, RightsClaim
from tests.intake.test_claim_rights import WHOLE
from tests.intake.test_counter_statement import ANSWER
from tests.reports.steps import case_of, decided

ADDRESS = "pim@books.example"


@pytest.fixture
def where(repository):
    return f"/report/repository/{repository.public_id}/claim"


@pytest.fixture
def particulars():
    def fill(**changes):
        filled = {**WHOLE, "email": ADDRESS, "request_id": str(uuid.uuid4()), **changes}
        return {name: value for name, value in filled.items() if value is not None}

    return fill


@pytest.fixture
def link_in(mailoutbox):
    """link_in("claim"): the path of the newest link in our mails that ends so."""

    def find(end=""):
        send_confirmations()
        send_due_mail()
        links = [one for mail in mailoutbox for one in re.findall(r"http://testserver(/\S+)", mail.body)]
        return [one for one in links if one.endswith(end)][-1]

    return find


def test_it_reaches_us_once_the_address_is_confirmed(client, where, particulars, link_in, repository):
    assert "your claim reaches us once you have opened it" in client.get(where).content.decode()
    response = client.post(where, particulars())
    assert (response.status_code, response["Location"]) == (303, "/report/check-your-mail")
    assert not Report.objects.exists()
    before = repository.card
    repository.card = "Something else."
    repository.save()
    link = link_in()
    assert "The long way" in client.get(link).content.decode()
    assert client.post(link).status_code == 303
    report = Report.objects.select_related("claim", "reporter", "clause", "snapshot").get()
    assert (report.clause.code, report.reporter.is_guest, report.claim.missing) == ("third-party-rights", True, [])
    assert report.snapshot.text == before
    assert case_of(report).lane.code == "rights"


def test_without_an_address_it_is_not_taken(client, where, particulars):
    response = client.post(where, particulars(email=None, phone="0123"))
    assert response.status_code == 422
    assert "email" in response.context["form"].errors


def test_what_is_missing_is_completed_by_the_link(client, where, particulars, link_in):
    client.post(where, particulars(holder=None, incomplete="1"))
    client.post(link_in())
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    place = link_in("/claim")
    page = browser.get(place)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "who holds the right" in page.content.decode()
    assert f'href="{place}"' in browser.get(place.removesuffix("/claim")).content.decode()
    assert browser.post(place, particulars()).status_code == 303
    assert RightsClaim.objects.get().missing == []


def test_a_guest_tells_of_a_suit_by_the_link(client, where, particulars, link_in, repository, owner, moderator, clause):
    client.post(where, particulars())
    client.post(link_in())
    report = Report.objects.select_related("claim").get()
    decided(case_of(report), moderator, "disable", clause="third-party-rights")
    counter(report.claim, ANSWER, actor=owner)
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    place = address_of(report)
    assert f'action="{place}/suit"' in browser.get(place).content.decode()
    assert browser.get(f"{place}/suit").status_code == 303
    assert browser.post(f"{place}/suit", {"suit": "Civil Court, Bangkok, 123/2037"}).status_code == 303
    assert CounterStatement.objects.get().suit_filed_at is not None
    assert "A suit was filed." in browser.get(place).content.decode()


def test_operators_may_want_an_account(client, where, settings):
    settings.GUEST_REPORTS = False
    assert "/accounts/login/" in client.get(where)["Location"]
