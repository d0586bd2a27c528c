"""What the desk shows to nobody who may not read it, and does once however often it is asked (A2, C1, C9, D1, K1)."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from community.actions import add_comment
from foundation import clock
from moderation.cases.actions import ask_owner, decide_directly, invite_by_mail
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.links import link
from moderation.cases.models import Event, Party
from moderation.cases.naming import GivesAway, NamesSomebody
from moderation.cases.overview import entries
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.subjects.models import Snapshot
from repositories.actions.inspection import inspect
from repositories.models import Repository
from tests.api.conftest import code

NEIGHBOUR = "A neighbour's private words."


@pytest.mark.parametrize("page", ["reports/report", "cases/case", "cases/event", "subjects/snapshot"])
def test_administration_says_where_a_report_stands_and_nothing_of_it(sign_in, admin, case, reporter, page):
    row = {
        "reports/report": Report.objects.get, "cases/case": lambda: case,
        "cases/event": Event.objects.get, "subjects/snapshot": Snapshot.objects.get,
    }[page]()  # fmt: skip
    client, snapshot = sign_in(admin), Snapshot.objects.get()
    detail = client.get(f"/admin/{page}/{row.pk}/change/").content.decode()
    shown = detail + client.get(f"/admin/{page}/").content.decode()
    assert f'href="{case.get_absolute_url()}"' in detail
    for secret in ("insults everybody", reporter.username, snapshot.text, snapshot.author_name):
        assert secret not in shown


def test_a_claim_of_rights_names_nobody_there(sign_in, admin, report, repository):
    from moderation.reports.models import RightsClaim

    case = report(repository, "third-party-rights")
    claim = RightsClaim.objects.create(
        report=Report.objects.get(), right="copyright", work="A secret novel", location="x", holder="Holder & Co",
        name="Iris Secret",
    )  # fmt: skip
    client = sign_in(admin)
    detail = client.get(f"/admin/reports/rightsclaim/{claim.pk}/change/").content.decode()
    shown = detail + client.get("/admin/reports/rightsclaim/").content.decode()
    assert case.get_absolute_url() in detail
    assert [word for word in ("secret novel", "Holder", "Iris Secret") if word in shown] == []


def test_what_is_private_now_opens_with_an_inspection_only(sign_in, moderator, author, discussion, case):
    add_comment(discussion, text=NEIGHBOUR, actor=author)
    Repository.objects.filter(pk=discussion.repository_id).update(visibility="private")
    client = sign_in(moderator)
    places = [case.get_absolute_url(), f"/api/v1/cases/{case.public_id}/background"]
    seen = [client.get(place).content.decode() for place in places]
    assert ["private words" in text for text in seen] == [False, False]
    assert f"/{discussion.repository.public_id}" in seen[0]  # where it is opened
    evidence = f"/api/v1/cases/{case.public_id}/evidence"
    assert client.get(evidence).json()["evidence"]["closed"] is True
    inspect(discussion.repository, reason="We look at the whole thread.", actor=moderator)
    assert ["private words" in client.get(place).content.decode() for place in places] == [True, True]
    assert client.get(evidence).json()["evidence"]["closed"] is False


def test_an_address_goes_to_no_other_party_whoever_confirms_it(report, repository, moderator):
    case = report(repository, "published-without-consent")
    who = {"role": "depicted", "email": "parent@people.example", "name": "Ana Parent", "language": "en"}
    invite_by_mail(case, actor=moderator, **who)
    with pytest.raises(GivesAway):
        ask_owner(case, text="Write to parent@people.example about it.", naming=True, actor=moderator)
    for naming in (False, True):  # of a party only its own consent counts
        with pytest.raises(NamesSomebody):
            ask_owner(case, text="Ana Parent says it is her.", naming=naming, actor=moderator)
    Party.objects.update(named=True)
    ask_owner(case, text="Ana Parent says it is her.", actor=moderator)


def test_what_is_lifted_in_a_second_go_is_told_too(moderator, make_user, clause, repository, make_repository, owner):
    one, other = (
        decide_directly(
            target, kind="downgrade", clause=clause("spam"), reason="Advertising in every section of it.",
            actor=moderator, override="They were told.", insufficient="They were asked.",
        ).measures.get(kind="downgrade")
        for target in (repository, make_repository("second"))
    )  # fmt: skip
    key = uuid.uuid4()
    for measure in (one, other, other):
        lift_together([measure.public_id], reason="It was our mistake, sorry.", actor=moderator, request_id=key)
    told = InboxMessage.objects.filter(recipient=owner, key__startswith="lifted-together:")
    assert told.count() == 2


def test_the_id_of_a_case_that_is_not_theirs_stands_in_no_event(
    sign_in, moderator, other_moderator, discussion, case, report
):
    hidden = report(add_comment(discussion, text="Of a moderator.", actor=other_moderator))
    link(case, hidden, actor=moderator)
    for who, sees in ((moderator, True), (other_moderator, False)):
        answer = sign_in(who).get(f"/api/v1/cases/{case.public_id}")
        assert (answer.status_code, hidden.public_id.hex in answer.content.decode()) == (200, sees)


def test_a_report_that_moves_a_case_says_so(report, case, comment, make_user):
    report(comment, by=make_user("dan"), details=Details(danger=True))
    routed = Event.objects.get(case=case, kind="case.routed")
    assert (routed.data["from"], routed.data["to"]) == ("", "threat")
    assert next(entry.what for entry in entries(case) if entry.event.kind == "case.routed").startswith("Moved into")
    assert list(Event.objects.filter(case=case).order_by("number").values_list("kind", flat=True))[1:3] == [
        "case.routed", "report.received",
    ]  # fmt: skip
    report(comment, by=make_user("eve"), details=Details(danger=True))
    assert Event.objects.filter(case=case, kind="case.routed").count() == 1


@pytest.mark.parametrize("verb", ["snooze", "hand-over"])
def test_the_same_key_does_it_once_and_answers_the_same(sign_in, moderator, other_moderator, case, verb):
    until = (clock.now() + timedelta(days=1)).isoformat()
    bodies = {
        "snooze": {"until": until, "reason": "We wait for it."},
        "hand-over": {"to": other_moderator.username, "note": "It is in Czech."},
    }
    client, url = sign_in(moderator), f"/api/v1/cases/{case.public_id}/{verb}"

    def send(**changes):
        body = bodies[verb] | changes
        return client.post(url, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="k1")

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    kind = {"snooze": "case.snoozed", "hand-over": "case.handed_over"}[verb]
    assert Event.objects.filter(case=case, kind=kind).count() == 1
    other = send(**({"reason": "Another one."} if verb == "snooze" else {"note": "Other."}))
    assert (other.status_code, code(other)) == (409, "sent")
