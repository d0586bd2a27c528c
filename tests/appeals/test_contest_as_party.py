"""Whoever takes part in a case as somebody whom it concerns contests what we decided (D1, G2)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import InboxMessage
from foundation.errors import Forbidden
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import invite, invite_by_mail, leave
from moderation.cases.matter_links import link_for
from moderation.cases.models import Case, Decision
from tests.reports.steps import case_of, decided, reported

WHY = "It still answers with my name and my street."


@pytest.fixture
def matter(comment, reporter, moderator, make_user):
    """Ada is depicted in what was reported, and we found nothing wrong."""
    case = case_of(reported(comment, reporter))
    party = invite(case, role="depicted", person=make_user("ada"), actor=moderator)
    decided(case, moderator)
    return party


@pytest.fixture
def by_mail(comment, reporter, moderator):
    """A parent without an account."""
    case = case_of(reported(comment, reporter))
    party = invite_by_mail(
        case, role="parent", email="pim@families.example", name="Pim", language="en", actor=moderator
    )
    decided(case, moderator)
    return party


def test_the_outcome_says_until_when_and_the_page_leads_there(matter, sign_in):
    [letter] = InboxMessage.objects.filter(recipient=matter.user, key__startswith="matter-decided:")
    assert "If you think that we are wrong, you can contest it until" in letter.body
    page = sign_in(matter.user).get(f"/matters/{matter.public_id}").content.decode()
    assert f'href="/matters/{matter.public_id}/contest"' in page


def test_it_is_contested_once_and_followed(matter, sign_in):
    client = sign_in(matter.user)
    place = f"/matters/{matter.public_id}/contest"
    assert client.post(place, {"text": ""}).status_code == 422
    for _ in range(2):
        response = client.post(place, {"text": WHY})
        assert (response.status_code, response["Location"]) == (303, place)
    appeal = Appeal.objects.get()
    assert (appeal.appellant, appeal.case.kind) == (matter.user, "appeal")
    page = client.get(place).content.decode()
    assert WHY in page
    assert "We are looking at it." in page
    assert f'href="/matters/{matter.public_id}"' in client.get(f"/appeals/{appeal.public_id}").content.decode()


def test_other_words_than_those_that_began_it_are_kept(by_mail):
    place = f"{link_for(by_mail, by_mail.user)}/contest"
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert browser.post(place, {"text": WHY}).status_code == 303
    response = browser.post(place, {"text": "It answers with our telephone number too."})
    html = response.content.decode()
    assert response.status_code == 409
    assert "It answers with our telephone number too.</textarea>" in html
    assert f'action="{place}"' in html
    assert Appeal.objects.get().text == WHY


def test_upheld_it_is_taken_up_again(matter, sign_in, other_moderator):
    appeal = file_appeal(Decision.objects.get(), text=WHY, actor=matter.user)
    page = sign_in(other_moderator).get(f"/cases/{appeal.case.public_id}/appeal").content.decode()
    assert "ada (depicted person), whom it concerns, contests this" in page
    decide_appeal(appeal, state="upheld", answer="We overlooked the second page.", actor=other_moderator)
    assert Case.objects.get(kind="review").state == "open"
    [letter] = InboxMessage.objects.filter(recipient=matter.user, key__startswith="appeal:")
    assert "we take the matter up again" in letter.body


def test_a_guest_contests_by_the_link_and_reads_the_answer(by_mail, other_moderator):
    place = f"{link_for(by_mail, by_mail.user)}/contest"
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    page = browser.get(place)
    assert page["Referrer-Policy"] == "no-referrer"
    assert browser.post(place, {"text": WHY}).status_code == 303
    decide_appeal(Appeal.objects.get(), state="rejected", answer="We looked at it once more.", actor=other_moderator)
    assert "We looked at it once more." in browser.get(place).content.decode()
    [letter] = InboxMessage.objects.filter(recipient=by_mail.user, key__startswith="appeal:")
    assert "/by-mail/" in letter.link
    assert letter.link.endswith("/contest")


def test_nobody_else_and_nobody_who_left(matter, owner, moderator, sign_in):
    decision = Decision.objects.get()
    assert sign_in(owner).get(f"/matters/{matter.public_id}/contest").status_code == 404
    leave(matter, actor=matter.user)
    with pytest.raises(Forbidden):
        file_appeal(decision, text=WHY, actor=matter.user)
    assert sign_in(matter.user).get(f"/matters/{matter.public_id}/contest").status_code == 303


def test_not_before_it_is_decided_and_not_after_the_deadline(
    comment, reporter, moderator, make_user, sign_in, pass_time
):
    case = case_of(reported(comment, reporter))
    party = invite(case, role="depicted", person=make_user("ada"), actor=moderator)
    client = sign_in(party.user)
    place = f"/matters/{party.public_id}/contest"
    assert client.get(place).status_code == 303
    decided(case, moderator)
    pass_time(timedelta(days=184))
    assert "That time is over" in client.get(place).content.decode()
    assert client.post(place, {"text": WHY}).status_code == 409
    assert not Appeal.objects.exists()


def test_a_moderator_who_takes_part_sees_no_appeal_of_the_others(matter, other_moderator, moderator, reporter, sign_in):
    appeal = file_appeal(Decision.objects.get(), text=WHY, actor=reporter)
    team = sign_in(other_moderator)
    assert team.get(f"/cases/{appeal.case.public_id}/appeal").status_code == 200
    Case.objects.filter(kind="review").update(state="open")
    invite(Case.objects.get(kind="review"), role="other", person=other_moderator, actor=moderator)
    assert team.get(f"/cases/{appeal.case.public_id}/appeal").status_code == 404
