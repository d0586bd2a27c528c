"""Bringing a case into a named lane and back; a person at risk gets support, never a sanction (D4, C9, C10)."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks

from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from community.actions import add_comment
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.actions.at_risk import mark_at_risk, send_support
from moderation.cases.actions.escalate import escalate
from moderation.cases.events import words
from moderation.cases.models import Event
from moderation.cases.queries import open_to
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause, Lane
from moderation.sanctions.models import Measure
from moderation.subjects.models import Snapshot

REASON = "Somebody with more experience should decide this."


@pytest.fixture
def lane():
    return lambda code: Lane.objects.get(code=code)


@pytest.fixture
def guardian(make_user, lane):
    person = make_user("gwen", moderator=True)
    lane("minors").group.user_set.add(person)
    return person


@pytest.fixture
def at_risk(report, comment, moderator):
    case = report(comment, "self-harm")
    mark_at_risk(case, True, actor=moderator)
    return claim(case, actor=moderator)


def verdict(case, actor, *kinds, clause="harassment"):
    return decide(
        case, actor=actor, version=case.version, outcome="violation", clause=Clause.objects.get(code=clause),
        measures=[MeasureOrder(kind) for kind in kinds], explanation="We explain it in a sentence.",
    )  # fmt: skip


def test_into_a_lane_with_its_deadline_and_a_sealed_reason(claimed_case, moderator, lane):
    version, points = claimed_case.version, claimed_case.points
    escalate(claimed_case, lane("threat"), reason=REASON, actor=moderator)
    assert (claimed_case.lane.code, claimed_case.assignee, claimed_case.version) == ("threat", moderator, version + 1)
    assert claimed_case.due_at is not None
    assert claimed_case.points > points
    event = Event.objects.get(kind="case.escalated")
    assert (event.data["from"], event.data["to"], words(event)) == ("", "threat", REASON)
    assert REASON not in str(event.data)
    assert list(find_faults()) == []


def test_a_nearer_deadline_stays(report, comment, moderator, lane):
    case = report(comment, "self-harm")
    before = case.due_at
    escalate(case, lane("trusted"), reason=REASON, actor=moderator)
    assert case.due_at == before


def test_into_a_closed_lane_the_claim_ends_the_words_go_and_its_people_hear(claimed_case, moderator, guardian, lane):
    escalate(claimed_case, lane("minors"), reason=REASON, actor=moderator)
    assert (claimed_case.assignee, claimed_case.lane.code) == (None, "minors")
    assert not open_to(type(claimed_case).objects.filter(pk=claimed_case.pk), moderator).exists()
    assert Snapshot.objects.get().text == ""
    assert Measure.objects.standing().filter(kind="hold").exists()
    note = InboxMessage.objects.get(recipient=guardian)
    assert claimed_case.get_absolute_url() == note.link
    assert "idiots" not in f"{note.subject} {note.body}"
    assert REASON not in note.body


def test_its_people_bring_it_back_and_the_words_return(claimed_case, moderator, guardian, lane, comment):
    text = Snapshot.objects.get().text
    escalate(claimed_case, lane("minors"), reason=REASON, actor=moderator)
    with pytest.raises(Forbidden):
        escalate(claimed_case, None, reason=REASON, actor=moderator)
    escalate(claimed_case, None, reason="It is an ordinary insult.", actor=guardian)
    assert claimed_case.lane is None
    assert Snapshot.objects.get().text == text
    assert open_to(type(claimed_case).objects.filter(pk=claimed_case.pk), moderator).exists()
    assert Event.objects.filter(kind="evidence.released").exists()


@pytest.mark.parametrize("reason", ["", "short", "   \n  "])
def test_without_a_reason_nothing_moves(claimed_case, moderator, lane, reason):
    with pytest.raises(Refused):
        escalate(claimed_case, lane("senior"), reason=reason, actor=moderator)
    claimed_case.refresh_from_db()
    assert claimed_case.lane is None


def test_neither_to_where_it_lies_nor_once_decided(claimed_case, moderator, lane):
    with pytest.raises(Refused, match="already"):
        escalate(claimed_case, None, reason=REASON, actor=moderator)
    verdict(claimed_case, moderator, "friendly_warning")
    with pytest.raises(Refused, match="open case"):
        escalate(claimed_case, lane("senior"), reason=REASON, actor=moderator)


def test_strangers_and_those_concerned_cannot(report, discussion, author, reporter, make_user, lane):
    insider = make_user("insider", moderator=True)
    case = report(add_comment(discussion, text="Something blunt.", actor=insider))
    for person in (author, reporter, insider):
        with pytest.raises(Forbidden):
            escalate(case, lane("senior"), reason=REASON, actor=person)


def test_form_of_the_page(claimed_case, moderator, author, sign_in, guardian):
    client, address = sign_in(moderator), f"{claimed_case.get_absolute_url()}/escalate"
    assert sign_in(author).post(address, {"lane": "senior", "reason": REASON}).status_code in (403, 404)
    assert client.post(address, {"lane": "nowhere", "reason": REASON}).status_code == 422
    refused = client.post(address, {"lane": "senior", "reason": "short"})
    assert (refused.status_code, "Say in a sentence why." in refused.content.decode()) == (422, True)
    moved = client.post(address, {"lane": "senior", "reason": REASON})
    assert (moved.status_code, moved["Location"]) == (303, claimed_case.get_absolute_url())
    page = client.get(claimed_case.get_absolute_url()).content.decode()
    assert "Experienced eyes" in page
    assert "Moved into the lane “Experienced eyes”" in page
    back = client.post(address, {"lane": "ordinary", "reason": REASON})
    assert back.status_code == 303
    gone = client.post(address, {"lane": "minors", "reason": REASON})
    assert gone["Location"] == "/cases"
    assert client.get(claimed_case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", ["friendly_warning", "posting_ban", "deactivate"])
def test_no_sanction_on_a_person_at_risk(at_risk, moderator, kind):
    with pytest.raises(Refused, match="support, never a sanction"):
        verdict(at_risk, moderator, kind)
    with pytest.raises(Refused, match="support, never a sanction"):
        verdict(at_risk, moderator, "hold", kind)
    assert not Measure.objects.exists()


def test_nor_in_another_case_about_them(at_risk, report, written, moderator):
    other = claim(report(written("Some other insult of theirs."), "harassment"), actor=moderator)
    with pytest.raises(Refused, match="support, never a sanction"):
        verdict(other, moderator, "posting_ban")
    mark_at_risk(at_risk, False, actor=moderator)
    other.refresh_from_db()
    verdict(other, moderator, "posting_ban")


def test_holding_stays_possible(at_risk, moderator):
    verdict(at_risk, moderator, "hold", clause="self-harm")
    assert Measure.objects.get().kind == "hold"


def test_marking_makes_decisions_stale_and_marking_again_does_nothing(report, comment, moderator):
    case = report(comment, "self-harm")
    version = case.version
    for _time in range(2):
        mark_at_risk(case, True, actor=moderator)
    assert case.version == version + 1
    assert Event.objects.filter(kind="risk.marked").count() == 1


def test_letter_of_support_in_inbox_and_mail_once_a_day(at_risk, moderator, author, mailoutbox, pass_time):
    version = at_risk.version
    send_support(at_risk, actor=moderator)
    send_due_mail()
    letter = InboxMessage.objects.filter(recipient=author).latest("pk")
    assert letter.subject == "We thought of you"
    assert "findahelpline.com" in letter.body
    assert not [word for word in ("report", "rule", "violat", "clause", "moderat") if word in letter.body.lower()]
    assert [one.to for one in mailoutbox if one.subject.endswith("We thought of you")] == [[author.email]]
    with pytest.raises(Refused, match="within a day"):
        send_support(at_risk, actor=moderator)
    pass_time(timedelta(hours=25))
    send_support(at_risk, actor=moderator)
    at_risk.refresh_from_db()
    assert (Event.objects.filter(kind="support.sent").count(), at_risk.version) == (2, version)


def test_letter_speaks_their_language(at_risk, moderator, author):
    author.language = "th"
    author.save()
    send_support(at_risk, actor=moderator)
    assert "1323" in InboxMessage.objects.filter(recipient=author).latest("pk").body


def test_page_of_the_lane_offers_both(at_risk, moderator, author, sign_in):
    client, address = sign_in(moderator), at_risk.get_absolute_url()
    page = client.get(address).content.decode()
    assert "A person at risk: support, never a sanction." in page
    assert "Send it to inbox and mail" in page
    assert client.post(f"{address}/support").status_code == 303
    assert "We sent our letter of support" in client.get(address).content.decode()
    assert client.post(f"{address}/risk", {"at_risk": "0"}).status_code == 303
    at_risk.refresh_from_db()
    assert at_risk.at_risk is False
    for path in ("support", "risk", "escalate"):
        assert sign_in(author).post(f"{address}/{path}").status_code in (403, 404)
        assert client.get(f"{address}/{path}").status_code == 405


def test_check_for_deployment_says_that_a_lane_has_no_people(db, guardian):
    def found():
        return [one.id for one in run_checks(tags=["ombud"], include_deployment_checks=True)]

    assert "ombud.W001" not in found()
    guardian.groups.clear()
    assert "ombud.W001" in found()
