"""Whoever reported without an account, and then has one with the same confirmed address, finds the reports (C1, C7)."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import confirm_email, guest_for
from accounts.models import InboxMessage, User
from accounts.queries import system_actor
from moderation.intake.taking_over import take_over_all
from moderation.reports.links import address_of
from moderation.reports.models import Report, ReporterRecord
from tests.cast import PASSWORD
from tests.reports.steps import case_of, decided, reported

ADDRESS = "pim@mail.example"


@pytest.fixture
def guest(db):
    return guest_for(ADDRESS, "Pim", "en", confirmed=True)


@pytest.fixture
def sign_up(db):
    """sign_up(): an account with the same address, confirmed by the link in the mail as a browser does it."""

    def go():
        browser = Client()
        sent = {"username": "pim", "email": ADDRESS, "password1": PASSWORD, "password2": PASSWORD}
        assert browser.post("/accounts/signup/", sent).status_code == 302
        key = EmailConfirmationHMAC(EmailAddress.objects.get(email=ADDRESS)).key
        assert browser.post(f"/accounts/confirm-email/{key}/").status_code == 302
        return User.objects.get(username="pim")

    return go


def test_reports_with_their_record_become_their_own(guest, comment, discussion, moderator, sign_up, sign_in):
    first = reported(comment, guest)
    decided(case_of(first), moderator, "friendly_warning")
    second = reported(discussion, guest)
    old_link = address_of(second)
    person = sign_up()
    assert take_over_all() == 1
    assert set(Report.objects.values_list("reporter", flat=True)) == {person.pk}
    record = ReporterRecord.objects.get()
    assert (record.reporter, record.upheld, record.decided) == (person, 1, 1)
    client = sign_in(person)
    page = client.get("/reports").content.decode()
    assert all(f"/reports/{one.public_id}" in page for one in (first, second))
    response = Client().get(old_link)
    assert (response.status_code, response["Location"]) == (303, f"/reports/{second.public_id}")
    assert InboxMessage.objects.filter(recipient=person, key__startswith="taken-over:").count() == 1


def test_doing_it_again_does_nothing(guest, comment, make_user):
    reported(comment, guest)
    person = make_user("pim", email=ADDRESS)
    for _ in range(2):
        confirm_email(person, actor=system_actor())
        take_over_all()
    assert Report.objects.get().reporter == person
    assert InboxMessage.objects.filter(key__startswith="taken-over:").count() == 1


def test_what_one_reported_twice_stays_apart(guest, comment, make_user):
    reported(comment, guest)
    person = make_user("pim", email=ADDRESS)
    reported(comment, person)
    confirm_email(person, actor=system_actor())
    assert take_over_all() == 1
    assert Report.objects.filter(reporter=guest).count() == Report.objects.filter(reporter=person).count() == 1


@pytest.mark.parametrize(("email", "confirmed"), [("other@mail.example", True), (ADDRESS, False)])
def test_only_of_an_address_that_both_confirmed(email, confirmed, comment, make_user):
    """What the team read somewhere may have been sent in somebody’s name."""
    somebody = guest_for(email, "Pim", "en", confirmed=confirmed)
    reported(comment, somebody)
    person = make_user("pim", email=ADDRESS)
    confirm_email(person, actor=system_actor())
    take_over_all()
    assert Report.objects.get().reporter == somebody


def test_a_guest_adds_files_by_the_link(guest, comment, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    report = reported(comment, guest)
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    file = SimpleUploadedFile("talk.txt", b"He wrote this to me.")
    sent = {"text": "Please look at this.", "attachments": [file]}
    assert browser.post(f"{address_of(report)}/change", sent).status_code == 303
    assert report.attachments.get().name == "talk.txt"
