"""Handing a case over to a colleague (D4)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.actions import join_organization
from accounts.models import MODERATORS, InboxMessage
from foundation import bells, clock
from foundation.errors import Refused
from moderation.cases.actions import ask_owner, claim, claim_next, decide, hand_over, renew
from moderation.cases.actions.claims import free_claims
from moderation.cases.actions.free import ClaimedByOther
from moderation.cases.models import Case, Event
from moderation.policy.models import Lane


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


def test_offered_to_those_who_have_the_role_of_its_lane(
    sign_in, report, comment, moderator, other_moderator, make_user
):
    group = Lane.objects.get(code="minors").group
    for person in (moderator, other_moderator):
        person.groups.add(group)
    make_user("wen", moderator=True)
    case = report(comment, "minors-sexual-content")
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert '<option value="tomas"' in page
    assert '<option value="wen"' not in page


def test_by_the_page(sign_in, case, moderator, other_moderator):
    address = f"/cases/{case.public_id}/hand-over"
    client = sign_in(moderator)
    assert client.post(address, {"to": "iris"}).status_code == 422
    assert client.post(address, {"to": "tomas", "note": "You know them."}).status_code == 303
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Handed over" in page
    assert "You know them." in page


@pytest.fixture(params=["the role", "the account"])
def handed_over(request, case, moderator, other_moderator, sign_in, admin) -> Case:
    """A case of somebody who got it for a day, and then lost the role or the account."""
    hand_over(case, to=other_moderator, actor=moderator)
    if request.param == "the role":
        other_moderator.groups.remove(Group.objects.get(name=MODERATORS))
    else:
        other_moderator.is_active = False
        other_moderator.save(update_fields=["is_active"])
    return Case.objects.get(pk=case.pk)


def test_what_somebody_held_who_left_the_team_is_free_at_once(handed_over, moderator):
    claim(handed_over, actor=moderator)
    assert handed_over.assignee == moderator
    assert handed_over.lease_until < clock.now() + timedelta(minutes=11)


def test_others_work_on_it_without_a_claim(handed_over, moderator):
    ask_owner(handed_over, text="What did you mean by that?", actor=moderator)
    handed_over.refresh_from_db()
    decide(
        handed_over, actor=moderator, version=handed_over.version, outcome="no_violation",
        explanation="We saw nothing that breaks a rule.",
    )  # fmt: skip


def test_the_next_claim_finds_it(handed_over, moderator):
    assert free_claims() == 1
    assert claim_next(actor=moderator) == handed_over
    assert free_claims() == 0


def test_what_the_team_holds_stays_theirs(many_cases, moderator, other_moderator, admin):
    for person, one in zip([moderator, other_moderator, admin], many_cases(3), strict=True):
        claim(one, actor=person)
    assert free_claims() == 0


def test_the_administration_says_so_at_once(case, moderator, other_moderator, admin, sign_in, monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr(bells, "ring", rung.append)
    hand_over(case, to=other_moderator, actor=moderator)
    client, address = sign_in(admin), f"/admin/accounts/user/{other_moderator.pk}/change/"
    values = {"fullname": "", "email": "tomas@people.example", "language": "en", "time_zone": "UTC", "bio": ""}
    assert client.post(address, values).status_code == 302
    assert "free_claims" in rung
    assert free_claims() == 1
