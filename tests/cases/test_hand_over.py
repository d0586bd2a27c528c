"""Handing a case over to a colleague (D4)."""

from datetime import timedelta

import pytest

from accounts.actions import join_organization
from accounts.models import InboxMessage
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import claim, hand_over, renew
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.models import Event


def test_the_colleague_has_it_for_a_day_and_a_message(case, moderator, other_moderator):
    claim(case, actor=moderator)
    version = case.version
    hand_over(case, to=other_moderator, note="You know this person.", actor=moderator)
    assert (case.assignee, case.version) == (other_moderator, version)
    assert case.lease_until == pytest.approx(clock.now() + timedelta(hours=24), abs=timedelta(minutes=1))
    assert InboxMessage.objects.get(recipient=other_moderator).link == case.get_absolute_url()
    assert Event.objects.get(kind="case.handed_over").data["to"] == other_moderator.public_id.hex


def test_opening_the_page_does_not_shorten_the_day(case, moderator, other_moderator):
    hand_over(case, to=other_moderator, actor=moderator)
    assert renew(case, actor=other_moderator)
    claim(case, actor=other_moderator)
    assert case.lease_until > clock.now() + timedelta(hours=23)


def test_not_to_oneself_a_stranger_or_somebody_with_a_stake(
    report, make_repository, organization, owner, moderator, other_moderator, reporter
):
    join_organization(other_moderator, organization, role="read", actor=owner)
    case = report(make_repository(owner=organization, actor=owner), "spam")
    for nobody in (moderator, reporter, other_moderator):
        with pytest.raises(Refused, match="cannot decide"):
            hand_over(case, to=nobody, actor=moderator)


def test_not_away_from_somebody_who_works_on_it(case, moderator, other_moderator, make_user):
    claim(case, actor=other_moderator)
    with pytest.raises(ClaimedByOther):
        hand_over(case, to=make_user("wen", moderator=True), actor=moderator)


def test_by_the_page(sign_in, case, moderator, other_moderator):
    address = f"/cases/{case.public_id}/hand-over"
    client = sign_in(moderator)
    assert client.post(address, {"to": "iris"}).status_code == 422
    assert client.post(address, {"to": "tomas", "note": "You know them."}).status_code == 303
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Handed over" in page
    assert "You know them." in page
