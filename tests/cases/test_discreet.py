"""What a confidential reporter is called, where they are reached, what they wrote: in no words to others (C2, G1)."""

import uuid
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from accounts.actions import guest_for
from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import (
    MeasureOrder,
    RequestOrder,
    claim,
    decide,
    lift_measure,
    receive_report,
    request_of_owner,
)
from moderation.cases.actions.bulk import InTheWay
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.undo import undo_bulk, undo_decision
from moderation.cases.models import BulkDecision, Case, Decision
from moderation.cases.naming import GivesAway, NamesSomebody, can_be_confirmed
from moderation.cases.quotes import quoted
from moderation.sanctions.models import Measure, StatementOfReasons

NAME, FULLNAME, ADDRESS = "zephyrine", "Zéphyrine Okonkwo", "zephyrine@harbour.example"
SAID = "My sister saw this at the kindergarten in Lampang and was afraid of him."
WORDS = "You called people idiots and told them to shut up."


@pytest.fixture
def teller(make_user):
    return make_user(NAME, fullname=FULLNAME, email=ADDRESS)


@pytest.fixture
def told(report, comment, teller):
    """A case about a comment of quentin's that zephyrine reported, in confidence."""
    return report(comment, by=teller, text=SAID)


@pytest.fixture
def conclude(told, moderator, clause):
    """conclude("words", naming=True): a posting ban, by mira."""

    def run(words: str = WORDS, **options):
        case = Case.objects.get(pk=told.pk)
        return decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
            measures=[MeasureOrder("posting_ban")], explanation=words, **options,
        )  # fmt: skip

    return run


def test_every_way_to_people_asks_and_takes_the_same_answer(told, conclude, moderator, sign_in):
    """Taking back and lifting many, and the command on the server: refused first, and told once it is confirmed."""
    words = f"{NAME} told us something that was not so."
    taken = conclude()
    measure = taken.measures.get()
    bulk = BulkDecision.objects.create(actor=moderator)
    taken.bulk = bulk
    taken.save(update_fields=["bulk"])
    client, place = sign_in(moderator), f"/cases/bulk/{bulk.public_id}"
    many: dict[str, Any] = {"reason": words, "actor": moderator, "request_id": uuid.uuid4()}
    ways = [
        lambda **more: lift_together([measure.public_id], **many, **more),
        lambda **more: lift_measure(measure, reason=words, actor=moderator, **more),
        lambda **more: call_command("lift", str(measure.public_id), reason=words, **{"as": "mira", **more}),
        lambda **more: undo_bulk(bulk, reason=words, actor=moderator, **more),
    ]
    for way in ways:
        with transaction.atomic():
            with pytest.raises((NamesSomebody, InTheWay, CommandError)) as refusal, transaction.atomic():
                way()
            assert NAME in str(getattr(refusal.value, "obstacles", refusal.value))
            assert Measure.objects.standing().exists()
            way(naming=True)
            assert not Measure.objects.standing().exists()
            transaction.set_rollback(True)
    answer = client.post(f"{place}/undo", {"reason": words})
    assert answer.status_code == 409
    html = " ".join(answer.content.decode().split())
    assert 'name="naming"' in html
    assert 'form="undo" checked' not in html  # what can be confirmed is not left out by itself
    assert client.post(f"{place}/undo", {"reason": words, "naming": "on"}).status_code == 303
    assert not Measure.objects.standing().exists()


# Which words are refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [f"{NAME} told us about your words.", f"We heard it from {FULLNAME.upper()}, politely."]
)
def test_a_name_is_refused_and_can_be_confirmed(conclude, words):
    with pytest.raises(NamesSomebody):
        conclude(words)
    assert not Decision.objects.exists()
    assert conclude(words, naming=True).measures.exists()


def test_an_address_is_refused_whoever_confirms_it(conclude):
    with pytest.raises(GivesAway, match=ADDRESS) as refusal:
        conclude(f"Write to {ADDRESS} and say sorry.", naming=True)
    assert refusal.value.status == 422
    assert not refusal.value.confirmable
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "Somebody saw this at the KINDERGARTEN in  Lampang, and we agree.",
        f"They wrote: {SAID}",
    ],
)
def test_words_of_the_report_are_refused_and_can_be_confirmed(conclude, words):
    with pytest.raises(GivesAway) as refusal:
        conclude(words)
    assert refusal.value.confirmable
    assert "kindergarten" in str(refusal.value)
    assert conclude(words, naming=True).measures.exists()


@pytest.mark.parametrize("words", [f"{NAME} told us about it.", f"They wrote: {SAID}"])
def test_in_public_nobody_confirms_it(repository, teller, moderator, clause, words):
    receive_report(repository, clause=clause("spam"), text=SAID, actor=teller, confidential=True)
    case = Case.objects.get()
    ask = {"orders": [RequestOrder("request_gating")], "text": words, "naming": True, "actor": moderator}
    with pytest.raises((NamesSomebody, GivesAway)) as refusal:
        request_of_owner(case, **ask)
    assert not can_be_confirmed(refusal.value)
    order = {"outcome": "violation", "clause": clause("spam"), "measures": [MeasureOrder("downgrade")]}
    with pytest.raises((NamesSomebody, GivesAway)) as refusal:
        decide(case, actor=moderator, version=case.version, explanation=words, naming=True, **order)
    assert not can_be_confirmed(refusal.value)
    assert not Measure.objects.exists()


def test_what_they_wrote_themselves_may_be_quoted(report, comment, teller, moderator, clause):
    quote = "You people are idiots and should shut up."
    case = report(comment, by=teller, text=f"He wrote: {quote}")
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("friendly_warning")], explanation=f"You wrote “{quote}” to people who had asked you.",
    )  # fmt: skip
    assert decision.measures.exists()


def test_what_was_said_in_public_is_no_secret_but_for_the_address(repository, teller, moderator, clause):
    receive_report(repository, clause=clause("spam"), text=SAID, actor=teller, confidential=False)
    case = Case.objects.get()
    words = {"outcome": "violation", "clause": clause("spam"), "measures": [MeasureOrder("downgrade")]}
    with pytest.raises(GivesAway):
        decide(case, actor=moderator, version=case.version, explanation=f"Ask {ADDRESS} about it.", **words)
    decide(case, actor=moderator, version=case.version, explanation=f"As {NAME} says: {SAID}", **words)


def test_a_guest_and_a_sender_are_kept_secret_too(report, comment, moderator, conclude, told):
    from moderation.reports.models import Report, Sender

    report(comment, by=guest_for("pim@mail.example", name="Pim Suwan", confirmed=True), text="Please look at it.")
    letter = Report.objects.first()
    Sender.objects.create(report=letter, name="Harbour School", contact="+66 53 555 01", received_at=letter.created_at)
    for words in ("Pim Suwan told us of it.", "The Harbour School wrote to us."):
        with pytest.raises(NamesSomebody):
            conclude(words)
    for words in ("Answer to pim@mail.example please.", "Call +66 53 555 01 to talk."):
        with pytest.raises(GivesAway):
            conclude(words, naming=True)


def test_whoever_withdrew_a_report_is_kept_secret(told, teller, conclude, report, comment, make_user):
    from moderation.cases.actions.changed_reports import withdraw_own_report
    from moderation.reports.models import Report

    report(comment, by=make_user("olga"))
    withdraw_own_report(Report.objects.get(reporter=teller), actor=teller)
    with pytest.raises(NamesSomebody):
        conclude(f"{NAME} told us.")


def test_no_violation_is_read_by_the_team_only(told, moderator):
    decision = decide(
        told, actor=moderator, version=told.version, outcome="no_violation", explanation=f"{NAME} misread it."
    )
    assert decision.pk


def test_lifting_taking_back_and_answering_are_looked_at(conclude, author, moderator, other_moderator):
    decision = conclude()
    with pytest.raises(NamesSomebody):
        undo_decision(decision, actor=moderator, reason=f"{NAME} was wrong about it.")
    with pytest.raises(NamesSomebody):
        lift_measure(Measure.objects.get(), actor=moderator, reason=f"{NAME} was wrong about it.")
    appeal = file_appeal(decision, text="I was provoked by them.", actor=author)
    with pytest.raises(GivesAway):
        decide_appeal(
            appeal,
            state="upheld",
            answer=f"Nobody at the kindergarten in Lampang was afraid. {SAID}",
            actor=other_moderator,
        )
    assert Measure.objects.standing().exists()
    decide_appeal(appeal, state="upheld", answer=f"{NAME} is a word of yours.", actor=other_moderator, naming=True)
    assert not Measure.objects.standing().exists()


def test_reports_that_say_little_stop_nobody():
    assert quoted("This is spam, and we hid it for that.", ["This is spam"]) == ""
    assert quoted("เราซ่อนความคิดเห็นนี้เพราะคุณด่าคนอื่น", ["เขาด่าคนอื่นทุกวัน"]) == ""
    thai = "น้องสาวของฉันเห็นเรื่องนี้ที่โรงเรียนอนุบาลในลำปางและกลัวเขามาก"
    assert quoted(f"มีคนบอกว่า {thai[8:48]}", [thai]) != ""
    assert quoted("It links to https://evil.example/a/b/c as they say.", ["https://evil.example/a/b/c"]) != ""


# On pages and by API ------------------------------------------------------------------------------------------------


def test_the_form_comes_back_with_a_box_to_confirm(sign_in, moderator, told, decide_form):
    claim(told, actor=moderator)
    told.refresh_from_db()
    client, form = sign_in(moderator), decide_form(told, explanation=f"{NAME} told us.")
    answer = client.post(f"{told.get_absolute_url()}/decide", form)
    assert answer.status_code == 422
    assert "Take it out, or confirm" in answer.content.decode()
    assert 'name="naming"' in answer.content.decode()
    preview = client.post(f"{told.get_absolute_url()}/preview", form, headers={"HX-Request": "true"})
    assert (preview.status_code, 'name="naming"' in preview.content.decode()) == (422, True)
    address = client.post(f"{told.get_absolute_url()}/decide", decide_form(told, explanation=f"Ask {ADDRESS}."))
    assert 'name="naming"' not in address.content.decode()
    assert client.post(f"{told.get_absolute_url()}/decide", {**form, "naming": "on"}).status_code == 303


def test_the_forms_that_lift_and_take_back_too(sign_in, moderator, conclude, told):
    decision, client = conclude(), sign_in(moderator)
    measure, reason = Measure.objects.get(), {"reason": f"{NAME} was wrong about it."}
    for place in (
        f"{told.get_absolute_url()}/lift/{measure.public_id}",
        f"/cases/people/{measure.person.public_id}/lift/{measure.public_id}",
        f"{told.get_absolute_url()}/undo/{decision.public_id}",
    ):
        answer = client.post(place, reason)
        text = answer.content.decode()
        assert (answer.status_code, 'name="naming"' in text, reason["reason"] in text) == (422, True, True)
    assert client.post(place, {**reason, "naming": "on"}).status_code == 303
    assert not Measure.objects.standing().exists()


def test_the_form_that_answers_an_appeal_too(sign_in, other_moderator, conclude, author):
    appeal = file_appeal(conclude(), text="I was provoked by them.", actor=author)
    client, place = sign_in(other_moderator), f"/cases/{appeal.case.public_id}/appeal"
    form = {"appeal": str(appeal.public_id), "state": "rejected", "answer": f"{NAME} was right about you."}
    answer = client.post(place, form)
    assert (answer.status_code, 'name="naming"' in answer.content.decode()) == (422, True)
    assert client.post(place, {**form, "naming": "on"}).status_code == 303


def test_programs_are_told_the_same(sign_in, moderator, other_moderator, told, author):
    client = sign_in(moderator)
    asked = {
        "version": told.version, "outcome": "violation", "clause": "harassment", "measures": [{"kind": "posting_ban"}],
        "explanation": f"{NAME} told us of it.",
    }  # fmt: skip

    def post(where, sent, by=client):
        answer = by.post(f"/api/v1/{where}", sent, content_type="application/json")
        return answer.status_code, answer.json().get("errors", [{}])[0].get("code")

    assert post(f"cases/{told.public_id}/decisions", asked) == (422, "names_somebody")
    assert post(f"cases/{told.public_id}/preview", asked) == (422, "names_somebody")
    hidden = {**asked, "explanation": f"Ask {ADDRESS} about it.", "naming": True}
    assert post(f"cases/{told.public_id}/decisions", hidden) == (422, "gives_away")
    assert post(f"cases/{told.public_id}/decisions", {**asked, "naming": True})[0] == 201
    measure = Measure.objects.get()
    lift = {"reason": f"{NAME} was wrong about it."}
    assert post(f"measures/{measure.public_id}/lift", lift) == (422, "names_somebody")
    assert post(f"decisions/{Decision.objects.get().public_id}/undo", lift) == (422, "names_somebody")
    appeal = file_appeal(Decision.objects.get(), text="I was provoked by them.", actor=author)
    answer = {"state": "rejected", "answer": f"{NAME} was right about you."}
    assert post(f"appeals/{appeal.public_id}/answer", answer, sign_in(other_moderator)) == (422, "names_somebody")
    assert post(f"measures/{measure.public_id}/lift", {**lift, "naming": True})[0] == 200


# The canary ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "th"])
def test_nothing_of_the_reporter_reaches_whom_it_affects(
    language, told, conclude, author, teller, moderator, other_moderator, sign_in, mailoutbox, discussion, repository
):
    """Decided, lifted in part by an appeal, talked about: every page, letter and answer that quentin can open."""
    author.language = teller.language = language
    author.save()
    teller.save()
    decision = conclude()
    statement = StatementOfReasons.objects.get(recipient=author)
    appeal = file_appeal(decision, text="I was provoked by them.", actor=author)
    client = sign_in(author)
    pages = [
        "/standing", "/inbox", f"/appeal/{statement.public_id}", f"/appeals/{appeal.public_id}", "/matters",
        discussion.get_absolute_url(), repository.get_absolute_url(), f"{repository.get_absolute_url()}/log",
        "/transparency", f"/{author.username}", "/notifications", "/reports",
        "/api/v1/statements", f"/api/v1/statements/{statement.public_id}", "/api/v1/inbox",
        f"/api/v1/appeals/{appeal.public_id}", f"/api/v1/appeals/{appeal.public_id}/messages", "/api/v1/reports",
    ]  # fmt: skip
    decide_appeal(appeal, state="upheld", answer="You were provoked, and we missed it.", actor=other_moderator)
    for letter in InboxMessage.objects.filter(recipient=author):
        pages += [f"/inbox/{letter.public_id}", f"/api/v1/inbox/{letter.public_id}"]
    secrets = (NAME, FULLNAME, ADDRESS, "kindergarten", "Lampang", "sister")
    opened = 0
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in {200, 404}, page
        opened += answer.status_code == 200
        text = answer.content.decode()
        assert not [secret for secret in secrets if secret in text], page
    assert opened > len(pages) - 4
    send_due_mail()
    mine = [mail for mail in mailoutbox if mail.to == [author.email]]
    assert len(mine) == InboxMessage.objects.filter(recipient=author).count() >= 2
    for mail in mine:
        text = mail.subject + mail.body + str(mail.alternatives)
        assert not [secret for secret in secrets if secret in text]
    with translation.override(language):
        assert InboxMessage.objects.filter(recipient=teller, key__startswith="outcome:").exists()
