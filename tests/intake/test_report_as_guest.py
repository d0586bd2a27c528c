"""Reporting without an account: the address is confirmed by mail, then it is a report (C1, C7)."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.actions import confirm_email
from accounts.mail import send_due_mail
from accounts.models import Namespace, User
from accounts.queries import people_named, system_actor
from community.models import Discussion
from moderation.automation.screening import forget_prints
from moderation.cases.models import Case
from moderation.intake.guests import forget_unconfirmed, token_of
from moderation.intake.mail import send_confirmations
from moderation.intake.models import PendingReport
from moderation.reports.models import Attachment, Report
from moderation.subjects.models import Snapshot, Subject
from tests.conftest import concurrent
from tests.reports.steps import case_of, decided, reported

ADDRESS = "pim@mail.example"


@pytest.fixture
def guest_form(form):
    """guest_form(clause=…): what the browser of a guest sends."""
    return lambda **changes: form(**{"email": ADDRESS, **changes})


@pytest.fixture
def send(client, comment, guest_form, address):
    """send(clause=…): reports the comment as a guest, by default."""
    return lambda target=None, **changes: client.post(address(target or comment), guest_form(**changes))


@pytest.fixture
def link_in(mailoutbox):
    """The path of the link in the newest mail."""

    def find():
        send_confirmations()
        send_due_mail()
        return re.search(r"http://testserver(/\S+)", mailoutbox[-1].body)[1]

    return find


@pytest.fixture
def guest_report(send, link_in, client):
    """A confirmed report of a guest, and where the guest follows it."""
    send()
    client.post(link_in())
    return Report.objects.get(), link_in()


def test_nothing_happens_before_the_address_is_confirmed(send, client, mailoutbox):
    response = send()
    assert response.status_code == 303
    assert "look into your mailbox" in client.get(response.url).content.decode()
    assert ADDRESS not in response.url
    assert not [rows for rows in (Report, Case, Subject, Snapshot) if rows.objects.exists()]
    assert not User.objects.filter(is_guest=True).exists()
    assert send_confirmations() == 1
    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert "It advertises a shop" not in f"{mail.body}{mail.alternatives}"


def test_the_link_shows_with_get_and_reports_with_post(send, link_in, client, comment):
    send()
    link = link_in()
    page = client.get(link)
    assert "It advertises a shop" in page.content.decode()
    assert comment.get_absolute_url() in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert not Report.objects.exists()
    page = client.post(link, follow=True)
    assert "We have your report" in page.content.decode()
    report = Report.objects.get()
    assert (report.subject.comment, report.confidential, report.reporter.is_guest) == (comment, True, True)
    assert report.text == "It advertises a shop in every section."


def test_a_browser_that_sends_no_origin_confirms_follows_and_speaks_another_language(send, link_in):
    """What a page without a referrer sends with its forms: `Origin: null`."""
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    send()
    confirm = link_in()
    switched = browser.post("/language", {"language": "th", "next": confirm})
    assert switched["Location"] == confirm
    assert browser.post(confirm).status_code == 303
    place = link_in()
    assert browser.post(f"{place}/change", {"text": "It advertises two shops."}).status_code == 303
    assert browser.post(f"{place}/withdraw").status_code == 303
    assert Report.objects.get().state == "withdrawn"


def test_confirming_twice_files_one_report(send, link_in, client):
    send()
    link = link_in()
    for _ in range(2):
        assert client.post(link).status_code == 303
    assert Report.objects.count() == Case.objects.count() == 1
    assert PendingReport.objects.get().values == {}


def test_what_was_reported_is_what_was_there_then(send, link_in, client, comment):
    before = comment.text
    send()
    comment.versions.update(text="All is well.")
    client.post(link_in())
    assert Report.objects.get().snapshot.text == before


def test_evidence_words_and_others_come_along(send, link_in, client, comment, discussion):
    first = discussion.comments.get(position=1)
    send(links="https://example.org/a", passage="idiots", danger="on", others=[str(first.public_id)])
    client.post(link_in())
    assert Report.objects.count() == 2
    report = Report.objects.get(subject__comment=comment)
    assert (report.links, report.passage, report.danger) == (["https://example.org/a"], "idiots", True)
    assert report.batch
    assert len(report.address) == 64


def test_files_of_strangers_are_not_kept(client, send, comment, address):
    assert 'type="file"' not in client.get(f"{address(comment)}?clause=spam").content.decode()
    assert send(attachments=[SimpleUploadedFile("a.txt", b"Look at this.")]).status_code == 303
    assert not Attachment.objects.exists()


def test_strangers_are_told_when_files_can_be_added(client, comment, address, sign_in, reporter):
    said = "Pictures and documents you can add once you have confirmed your report."
    assert said in client.get(f"{address(comment)}?clause=spam").content.decode()
    assert said not in client.get(f"{address(comment)}?clause=minors-sexual-content").content.decode()
    assert said not in sign_in(reporter).get(f"{address(comment)}?clause=spam").content.decode()


def test_a_guest_has_no_name_here(guest_report, client, sign_in, moderator, comment):
    guest = Report.objects.get().reporter
    assert not Namespace.objects.filter(user=guest).exists()
    assert not guest.has_usable_password()
    assert not list(people_named([guest.username]))
    for path in (f"/{guest.username}", f"/report/user/{guest.public_id}"):
        assert client.get(path).status_code == 404
    assert not EmailAddress.objects.filter(user=guest).exists()


def test_the_same_address_is_the_same_guest(send, link_in, client, repository):
    send()
    client.post(link_in())
    send(repository, email=ADDRESS.upper())
    client.post(link_in())
    assert Report.objects.values("reporter").distinct().count() == 1
    assert User.objects.filter(is_guest=True).count() == 1


def test_a_guest_may_take_the_address_into_an_account_later(guest_report, client):
    sign_up = {"email": ADDRESS, "username": "pim", "password1": "a long test password", "password2": ""}
    client.post("/accounts/signup/", {**sign_up, "password2": sign_up["password1"]})
    assert User.objects.filter(username="pim", is_guest=False).exists()


def test_nobody_signs_in_as_a_guest(guest_report, client, mailoutbox):
    mailoutbox.clear()
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    assert not [mail for mail in mailoutbox if "/password/reset/key/" in mail.body]


def test_a_registered_persons_address_makes_it_their_report(send, link_in, client, reporter, mailoutbox):
    confirm_email(reporter, actor=system_actor())
    send(email=reporter.email.upper())
    client.post(link_in())
    assert Report.objects.get().reporter == reporter
    assert not User.objects.filter(is_guest=True).exists()


def test_an_address_that_an_account_only_claims_is_not_that_accounts(send, link_in, client, reporter):
    send(email=reporter.email)
    client.post(link_in())
    assert Report.objects.get().reporter != reporter


def test_a_guests_report_is_never_public(send, link_in, client, repository):
    assert (
        ">public</span>"
        not in client.get(f"/report/repository/{repository.public_id}?about=deception").content.decode()
    )
    send(repository, clause="spam")
    client.post(link_in())
    assert Report.objects.get().confidential
    assert not Discussion.objects.filter(origin="report").exists()


def test_the_law_wants_a_name(send):
    law = {"ground": "law", "good_faith": "on"}
    assert "Please tell us your name" in send(**law).content.decode()
    assert send(**law, name="Pim Example").status_code == 303
    assert PendingReport.objects.get().name == "Pim Example"


def test_nobody_is_asked_for_a_name_about_children(send):
    sent = send(clause="minors-sexual-content", ground="law", good_faith="on")
    assert sent.status_code == 303
    pending = PendingReport.objects.get()
    assert pending.values["seen"] is None


@pytest.mark.parametrize("email", [None, "", "nonsense", "a@b\r\nBcc: c@d.example"])
def test_an_address_is_needed(email, send):
    assert send(email=email).status_code == 422
    assert not PendingReport.objects.exists()


def test_what_only_its_owner_sees_is_not_there(client, send, repository, comment, address):
    repository.visibility = "private"
    repository.save()
    assert client.get(address(comment)).status_code == 404
    assert send().status_code == 404


def test_what_became_private_meanwhile_is_not_reported(send, link_in, client, repository):
    send()
    repository.visibility = "private"
    repository.save()
    assert client.post(link_in()).status_code == 404
    assert not Report.objects.exists()


def test_a_form_sent_twice_is_one_mail(send):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(request_id=key).status_code == 303
    assert send_confirmations() == 1


def test_nobody_floods_a_strangers_mailbox(send, link_in, client):
    answers = [send().status_code for _ in range(5)]
    assert answers == [303, 303, 303, 429, 429]
    assert send_confirmations() == 3
    assert "Retry-After" in send()
    client.post(link_in())
    assert send().status_code == 303


def test_one_network_does_not_flood_many_mailboxes(send):
    answers = [send(email=f"somebody-{n}@mail.example").status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2


@pytest.mark.parametrize("hours", [47, 49])
def test_a_link_is_good_for_two_days(hours, send, link_in, client, pass_time):
    send()
    link = link_in()
    pass_time(timedelta(hours=hours))
    assert client.get(link).status_code == (200 if hours < 48 else 404)
    assert forget_unconfirmed() == (0 if hours < 48 else 1)
    assert client.post(link).status_code == (303 if hours < 48 else 404)


def test_no_mail_goes_out_for_what_is_over(send, pass_time, mailoutbox):
    send()
    pass_time(timedelta(hours=49))
    assert send_confirmations() == 0
    assert not mailoutbox


def test_a_stranger_whose_address_was_used_deletes_it(send, link_in, client):
    send()
    link = link_in()
    assert "We deleted it" in client.post(link, {"discard": "yes"}).content.decode()
    assert not PendingReport.objects.exists()
    assert client.get(link).status_code == 404


def test_a_link_opens_its_own_purpose_only(guest_report, client, send, link_in):
    _report, place = guest_report
    token = place.rpartition("/")[2]
    assert client.get(f"/report/confirm/{token}").status_code == 404
    send(clause="harassment")
    confirming = link_in().rpartition("/")[2]
    assert client.get(f"/reports/guest/{confirming}").status_code == 404
    assert client.get(f"/reports/guest/{token[:-1]}x").status_code == 404
    assert client.get("/reports/guest/nonsense").status_code == 404


def test_a_guest_follows_changes_and_withdraws(guest_report, client):
    report, place = guest_report
    page = client.get(place)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "A moderator will look at it" in page.content.decode()
    client.post(f"{place}/change", {"text": "It advertises two shops."})
    assert "It advertises two shops." in client.get(place).content.decode()
    assert "You cannot undo this" in client.get(f"{place}/withdraw").content.decode()
    client.post(f"{place}/withdraw")
    report.refresh_from_db()
    assert report.state == "withdrawn"
    assert client.get(f"/reports/{report.public_id}").status_code == 302


def test_a_guest_hears_the_outcome_and_contests_it(guest_report, client, moderator, link_in):
    report, _place = guest_report
    decided(case_of(report), moderator)
    place = link_in()
    assert place.startswith("/reports/guest/")
    assert "does not break our rules" in client.get(place).content.decode()
    assert client.get(f"{place}/contest").status_code == 200
    response = client.post(f"{place}/contest", {"text": "You overlooked the second page."}, follow=True)
    assert "You contested this" in response.content.decode()
    assert Case.objects.filter(kind="appeal").count() == 1


def test_a_link_ends(guest_report, client, pass_time):
    _report, place = guest_report
    pass_time(timedelta(days=364))
    assert client.get(place).status_code == 200
    pass_time(timedelta(days=2))
    assert client.get(place).status_code == 404


def test_a_revoked_link_opens_nothing(guest_report, client):
    report, place = guest_report
    report.reporter.set_unusable_password()
    report.reporter.save()
    assert client.get(place).status_code == 404


def test_the_mails_speak_the_language_of_the_form(send, client, link_in):
    client.cookies["django_language"] = "th"
    send()
    assert PendingReport.objects.get().language == "th"
    client.post(link_in())
    assert Report.objects.get().reporter.language == "th"


def test_the_form_costs_few_queries(client, comment, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(f"{address(comment)}?clause=spam")


@concurrent
def test_clicks_at_the_same_moment_are_one_mail_and_one_report(comment, guest_form, address, mailoutbox):
    sent, where = guest_form(), address(comment)

    def post(path, data):
        try:
            return Client().post(path, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _n: post(where, sent), range(4))) == {303}
        assert send_confirmations() == 1
        link = re.search(r"http://testserver(/\S+)", mailoutbox[-1].body)[1]
        assert set(pool.map(lambda _n: post(link, {}), range(4))) == {303}
    assert Report.objects.count() == 1


def test_thrown_away_after_it_was_confirmed_says_what_is_true(send, link_in, client):
    send()
    link = link_in()
    client.post(link)
    answer = client.post(link, {"discard": "1"})
    assert (answer.status_code, answer["Location"]) == (303, link)
    assert Report.objects.count() == 1


def test_what_is_locked_away_meanwhile_is_kept_in_no_form(send, link_in, client, comment, reporter):
    send(passage="people are idiots")
    send(comment.discussion, request_id=str(uuid.uuid4()))
    reported(comment, reporter, clause="minors-sexual-content")
    forget_prints()
    send(passage="should shut up", doubted="should shut up", request_id=str(uuid.uuid4()))
    first, other, late = PendingReport.objects.order_by("pk")
    for one in (first, late):
        assert (one.values["seen"], one.values["passage"]) == (None, "")
    assert other.values["seen"] is not None
    for one in (first, late):
        client.post(f"/report/confirm/{token_of(one)}")
    assert set(Snapshot.objects.filter(subject__comment=comment).values_list("text", flat=True)) == {""}


def test_a_corrected_address_gets_the_mail(send, link_in, client, mailoutbox):
    key = str(uuid.uuid4())
    send(request_id=key, email="wrong@mail.example")
    for _ in range(2):
        assert send(request_id=key, email="right@mail.example").status_code == 303
    link = link_in()
    assert [mail.to for mail in mailoutbox] == [["wrong@mail.example"], ["right@mail.example"]]
    client.post(link)
    assert PendingReport.objects.get(email="right@mail.example").report == Report.objects.get()


def test_corrected_words_are_what_is_reported(send, link_in, client):
    key = str(uuid.uuid4())
    send(request_id=key)
    send(request_id=key, text="It advertises two shops in every section.")
    client.post(link_in())
    assert Report.objects.get().text == "It advertises two shops in every section."


def test_one_form_sent_again_and_again_floods_no_mailbox(send):
    key = str(uuid.uuid4())
    answers = [send(request_id=key, text=f"It advertises {n} shops.").status_code for n in range(2, 6)]
    assert answers == [303, 303, 303, 429]
