"""The team enters what arrived by mail, social media, phone, or as an order (C3)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail as outbox

from accounts.actions import guest_for
from accounts.mail import send_due_mail
from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.models import Case
from moderation.intake.team_entry import enter_report
from moderation.reports.details import SenderDetails
from moderation.reports.models import Report, Sender
from tests.intake.test_claim_rights import WHOLE
from tests.reports.steps import case_of, decided, reported


@pytest.fixture
def entry(comment):
    """entry(contact="…"): what the browser sends from the form."""

    def fill(**changes):
        filled = {
            "address": f"{comment.get_absolute_url()}",
            "channel": "mail",
            "received_at": "2026-01-05T09:30",
            "sender_name": "Ada Lovelace",
            "contact": "ada@letters.example",
            "reference": "",
            "language": "th",
            "clause": "harassment",
            "ground": "rules",
            "text": "He insults everybody who asks a question.",
            "links": "https://letters.example/1",
            "request_id": str(uuid.uuid4()),
        }
        return filled | changes

    return fill


@pytest.fixture
def page(sign_in, moderator):
    return sign_in(moderator)


def test_it_becomes_a_confidential_report_of_a_guest(page, entry, moderator, comment):
    answer = page.post("/cases/enter", entry())
    report = Report.objects.select_related("sender", "reporter").get()
    assert (answer.status_code, answer["Location"]) == (303, case_of(report).get_absolute_url())
    assert (report.confidential, report.channel, report.entered_by) == (True, "mail", moderator)
    assert report.links == ["https://letters.example/1"]
    assert (report.sender.name, report.sender.contact) == ("Ada Lovelace", "ada@letters.example")
    guest = report.reporter
    assert (guest.is_guest, guest.email, guest.mail_address) == (True, "", "ada@letters.example")
    assert not guest.has_usable_password()
    assert not hasattr(guest, "namespace")
    assert report.address == ""


def test_the_case_shows_who_sent_it_and_how(page, entry):
    response = page.post("/cases/enter", entry(reference="AZ 7/26"), follow=True)
    text = " ".join(response.content.decode().split())
    for words in ("E-mail", "Ada Lovelace", "ada@letters.example", "AZ 7/26", "Entered by us: e-mail", "no account"):
        assert words in text


def test_the_outcome_goes_to_the_sender_by_mail(page, entry, moderator):
    page.post("/cases/enter", entry(language="en"))
    decided(case_of(Report.objects.get()), moderator, "friendly_warning")
    send_due_mail()
    (letter,) = [one for one in outbox.outbox if one.to == ["ada@letters.example"]]
    assert letter.subject == "What became of your report"


def test_without_an_address_nobody_hears_and_everybody_is_somebody_else(page, entry, moderator):
    for text in ("He insults everybody here.", "He insulted me on the phone."):
        page.post("/cases/enter", entry(contact="+66 2 123", channel="phone", text=text))
    assert Report.objects.values("reporter").distinct().count() == 2
    decided(case_of(Report.objects.first()), moderator, "friendly_warning")
    send_due_mail()
    assert not [one for one in outbox.outbox if "quentin" not in one.to[0]]


def test_the_same_address_is_the_same_sender_but_never_a_confirmed_guest_or_an_account(page, entry, make_user, comment):
    make_user("ada", email="ada@letters.example")
    confirmed = guest_for("Ada@letters.example", "Ada", "en", confirmed=True)
    page.post("/cases/enter", entry())
    page.post("/cases/enter", entry(contact="ADA@letters.example", clause="spam"))
    reporters = set(Report.objects.values_list("reporter", flat=True))
    assert len(reporters) == 1
    assert confirmed.pk not in reporters
    assert User.objects.filter(is_guest=True).count() == 2


def test_the_same_again_is_said(page, entry):
    page.post("/cases/enter", entry())
    answer = page.post("/cases/enter", entry())
    assert answer.status_code == 409
    assert "was entered for this sender before" in answer.content.decode()


def test_a_form_sent_twice_is_one_report(page, entry):
    form = entry(contact="")
    assert {page.post("/cases/enter", form).status_code for _ in range(2)} == {303}
    assert Report.objects.count() == 1
    assert User.objects.filter(is_guest=True).count() == 1


def test_an_order_goes_to_the_legal_lane_and_names_its_sender(page, entry):
    refused = page.post("/cases/enter", entry(channel="authority", sender_name=""))
    assert refused.status_code == 422
    assert "which authority" in refused.content.decode()
    page.post("/cases/enter", entry(channel="authority", sender_name="District Court", reference="7 O 12/26"))
    case = Case.objects.select_related("lane").get()
    assert case.lane.code == "legal"
    text = page.get(case.get_absolute_url()).content.decode()
    assert "Order of an authority" in text
    assert "District Court" in text


def test_an_order_about_children_stays_where_it_is_most_urgent(page, entry):
    order = {"channel": "authority", "sender_name": "District Court", "reference": "7 O 12/26"}
    page.post("/cases/enter", entry(clause="children-data", **order))
    assert Case.objects.select_related("lane").get().lane.code == "children"


def test_time_counts_from_when_it_arrived(page, entry, moderator):
    page.post("/cases/enter", entry(clause="non-consensual-sexual-content"))
    report = Report.objects.select_related("sender").get()
    assert report.noticed_at == report.sender.received_at < report.created_at
    assert Case.objects.get().due_at == report.sender.received_at + timedelta(hours=48)


def test_another_of_the_same_sender_is_filled_in(page, entry):
    answer = page.post("/cases/enter", entry(channel="social", another="1"))
    assert answer["Location"] == f"/cases/enter?like={Report.objects.get().public_id}"
    text = page.get(answer["Location"]).content.decode()
    for words in ('value="Ada Lovelace"', 'value="ada@letters.example"', 'value="2026-01-05T09:30"'):
        assert words in text
    assert "He insults everybody" not in text
    assert 'value="social"' in text


@pytest.mark.parametrize("like", ["nonsense", "00000000-0000-4000-8000-000000000000"], ids=["none", "unknown"])
def test_an_unknown_sender_fills_nothing_in(page, like):
    assert page.get("/cases/enter", {"like": like, "about": like}).status_code == 200


def test_what_somebody_else_entered_fills_nothing_in(page, entry, sign_in, other_moderator):
    page.post("/cases/enter", entry())
    text = sign_in(other_moderator).get(f"/cases/enter?like={Report.objects.get().public_id}").content.decode()
    assert "Ada Lovelace" not in text


def test_it_can_be_opened_from_a_thing(page, repository):
    text = page.get(f"/cases/enter?about=repository:{repository.public_id}").content.decode()
    assert f'value="{repository.get_absolute_url()}"' in text


def test_what_does_not_fit_is_said_beside_the_field(page, entry):
    wrong = [
        ("address", "/nobody/nothing"), ("address", "https://elsewhere.example/x"), ("received_at", "2099-01-01T00:00"),
        ("received_at", "soon"), ("channel", "form"), ("clause", "nonsense"), ("language", "xx"), ("text", "short"),
        ("contact", "a\u202eb"), ("request_id", "x"),
    ]  # fmt: skip
    for field, value in wrong:
        answer = page.post("/cases/enter", entry(**{field: value}))
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [field])
        assert "errorlist" in answer.content.decode()
    assert not Report.objects.exists()


def test_what_is_about_oneself_is_entered_and_left_to_others(page, entry, moderator):
    answer = page.post("/cases/enter", entry(address=f"/{moderator.username}"))
    assert answer["Location"].startswith("/cases/enter")
    assert Report.objects.get().subject.user == moderator


def test_who_entered_it_may_decide_it_and_is_not_limited(page, entry, moderator, settings):
    settings.REPORTS_PER_HOUR = 0
    page.post("/cases/enter", entry())
    assert decided(case_of(Report.objects.get()), moderator).actor == moderator


def test_the_chain_says_who_entered_it(page, entry, moderator):
    page.post("/cases/enter", entry())
    events = list(Case.objects.get().events.order_by("number").values_list("kind", "actor__username"))
    assert events[-1] == ("report.entered", "mira")


def test_the_page_costs_few_queries(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page.get("/cases/enter")


def test_it_is_for_the_team_alone(client, sign_in, reporter, entry, comment, clause):
    assert client.get("/cases/enter").status_code == 302
    assert sign_in(reporter).get("/cases/enter").status_code == 404
    assert sign_in(reporter).post("/cases/enter", entry()).status_code == 404
    sender = SenderDetails("", "", "", clock.now())
    with pytest.raises(Forbidden):
        enter_report(
            comment, clause=clause("spam"), text="x", channel="mail", sender=sender, language="en", actor=reporter
        )
    assert not Sender.objects.exists()


def test_a_guests_report_weighs_as_a_newcomers(page, entry, comment, reporter):
    from moderation.reports.reliability import weight_of

    page.post("/cases/enter", entry())
    reported(comment, reporter)
    assert weight_of(Report.objects.all()) == pytest.approx(1.0)


@pytest.fixture
def claim(entry, repository):
    """claim(work=None): what the browser sends from the form for claims, here without the work."""

    def fill(sent=None, **changes):
        stated = {f"claim-{name}": value for name, value in {**WHOLE, **changes}.items() if value is not None}
        filled = entry(address=repository.get_absolute_url(), sender_name="Books Inc.", contact="rights@books.example")
        return (
            {name: filled[name] for name in filled if name not in ("clause", "ground", "text")} | stated | (sent or {})
        )

    return fill


def test_rights_are_never_entered_without_their_particulars(page, entry, repository):
    """The ordinary form leads on to the one for claims, with everything that was filled in (C5)."""
    sent = entry(clause="third-party-rights", address=repository.get_absolute_url(), text="They sell my novel here.")
    answer = page.post("/cases/enter", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "need the particulars of a claim" in text
    assert 'action="/cases/enter/claim"' in text
    for words in (
        'value="Ada Lovelace"',
        repository.get_absolute_url(),
        "They sell my novel here.",
        sent["request_id"],
    ):
        assert words in text
    assert not Report.objects.exists()


def test_no_way_in_takes_rights_without_particulars(comment, clause, moderator):
    sender = SenderDetails("Ada", "", "", clock.now())
    with pytest.raises(Refused, match="particulars of a claim"):
        enter_report(
            comment, clause=clause("third-party-rights"), text="They sell my novel here.", channel="mail",
            sender=sender, language="en", actor=moderator,
        )  # fmt: skip


def test_a_claim_by_mail_is_entered_whole(page, claim, moderator):
    answer = page.post("/cases/enter/claim", claim())
    report = Report.objects.select_related("sender", "claim", "reporter").get()
    assert (answer.status_code, answer["Location"]) == (303, case_of(report).get_absolute_url())
    assert (report.clause.code, report.ground, report.channel) == ("third-party-rights", "law", "mail")
    assert (report.entered_by, report.reporter.is_guest, report.confidential) == (moderator, True, True)
    assert (report.sender.name, report.sender.contact) == ("Books Inc.", "rights@books.example")
    assert (report.claim.missing, report.claim.email) == ([], "iris@books.example")
    assert Case.objects.select_related("lane").get().lane.code == "rights"
    text = " ".join(page.get(answer["Location"]).content.decode().split())
    for words in ("Entered by us: e-mail", "Claim of rights", "lines 1 to 400", "rights@books.example"):
        assert words in text


def test_an_incomplete_claim_is_entered_when_asked_and_its_sender_completes_it(page, claim, client):
    sent = claim(signature=None, good_faith=None)
    answer = page.post("/cases/enter/claim", sent)
    assert answer.status_code == 422
    for words in ("What is missing:", "the claimant’s signature", 'name="incomplete"', "The long way"):
        assert words in answer.content.decode()
    assert not Report.objects.exists()
    assert page.post("/cases/enter/claim", sent | {"incomplete": "1"}).status_code == 303
    assert len(Report.objects.get().claim.missing) == 2
    send_due_mail()
    (letter,) = [one for one in outbox.outbox if one.to == ["rights@books.example"]]
    (link,) = re.findall(r"http://testserver(/reports/guest/\S+/claim)", str(letter.body))
    assert "The long way" in client.get(link).content.decode()


def test_what_is_wrong_with_a_claim_is_said_beside_the_field(page, claim):
    for name, value in {"work": "short", "right": "none", "email": "x"}.items():
        answer = page.post("/cases/enter/claim", claim(**{name: value}))
        assert (answer.status_code, [*answer.context["claim"].errors]) == (422, [name])
    answer = page.post("/cases/enter/claim", claim({"address": "/nobody/nothing"}, work="short"))
    assert ([*answer.context["form"].errors], [*answer.context["claim"].errors]) == (["address"], ["work"])
    assert not Report.objects.exists()


def test_another_claim_of_the_same_sender_is_filled_in(page, claim):
    answer = page.post("/cases/enter/claim", claim({"another": "1"}))
    assert answer["Location"] == f"/cases/enter/claim?like={Report.objects.get().public_id}"
    text = page.get(answer["Location"]).content.decode()
    assert 'value="rights@books.example"' in text
    assert "The long way" not in text


def test_a_form_that_says_something_else_the_second_time_is_refused_with_a_new_id(page, entry, claim):
    """Nothing that somebody entered is dropped: the same id is the same entry only with the same words."""
    for place, sent, other in (
        ("/cases/enter", entry(), {"reference": "AZ 9/26"}),
        ("/cases/enter/claim", claim(), {"claim-holder": "Somebody Else"}),
    ):
        assert {page.post(place, sent).status_code for _ in range(2)} == {303}
        answer = page.post(place, sent | other)
        assert answer.status_code == 409
        assert answer.context["form"]["request_id"].value() != sent["request_id"]
    assert Report.objects.count() == 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Bangkok"])
def test_a_moment_that_nobody_can_read_later_is_refused(page, entry, moderator, zone):
    User.objects.filter(pk=moderator.pk).update(time_zone=zone)
    assert page.post("/cases/enter", entry(received_at="0001-01-01T00:00")).status_code == 422
    assert not Report.objects.exists()
