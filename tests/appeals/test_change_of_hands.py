"""Who contests after a change of hands: whoever manages now what a measure restricts, and each party once (G1, G2)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage, Membership
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.queries import affected_among
from moderation.cases.verify import find_faults
from moderation.sanctions.models import Measure
from repositories.actions.move import move_repository
from tests.api.conftest import program
from tests.reports.steps import case_of, decided, reported

__all__ = ["program"]

WHY = "We disagree with this, all of us."
ANSWER = "It advertises, so the decision stands."


@pytest.fixture
def admin_of(make_user, organization):
    """admin_of("ann"): somebody new who is an admin of the organization from now on."""

    def make(name):
        person = make_user(name)
        Membership.objects.create(organization=organization, user=person, role="admin")
        return person

    return make


@pytest.fixture
def shared(organization, make_repository, reporter):
    return case_of(reported(make_repository("shared", owner=organization), reporter, "spam"))


def downgraded(case, moderator):
    return decided(case, moderator, "downgrade", clause="spam")


def test_who_stepped_down_contests_no_second_time(shared, moderator, other_moderator, owner, admin_of):
    ann = admin_of("ann")
    decision = downgraded(shared, moderator)
    first = file_appeal(decision, text=WHY, actor=owner)
    decide_appeal(first, state="rejected", answer=ANSWER, actor=other_moderator)
    Membership.objects.filter(user=ann).update(role="write")
    with pytest.raises(Refused) as caught:
        file_appeal(decision, text=WHY, actor=ann)
    assert caught.value.code == "exists"


def test_who_stepped_down_leaves_it_to_the_admins(shared, moderator, owner, admin_of, sign_in):
    ann = admin_of("ann")
    decision = downgraded(shared, moderator)
    Membership.objects.filter(user=ann).update(role="write")
    with pytest.raises(Forbidden, match="mekong-lab"):
        file_appeal(decision, text=WHY, actor=ann)
    page = sign_in(ann).get(f"/appeal/{ann.statements.get().public_id}").content.decode()
    assert "<textarea" not in page
    assert "Its admins can contest this." in page
    assert "That time is over" not in page
    assert file_appeal(decision, text=WHY, actor=owner).organization.name == "mekong-lab"


def test_the_list_offers_nothing_to_who_stepped_down(shared, moderator, owner, admin_of, sign_in):
    ann = admin_of("ann")
    downgraded(shared, moderator)
    assert "possible until" in sign_in(ann).get("/standing").content.decode()
    Membership.objects.filter(user=ann).update(role="write")
    page = sign_in(ann).get("/standing").content.decode()
    assert "Its admins can contest this." in page
    assert "possible until" not in page
    assert "possible until" in sign_in(owner).get("/standing").content.decode()


@pytest.fixture
def new_admin(shared, moderator, owner, admin_of, organization):
    """A decision about a repository of the organization, and its only admin, who came after that."""
    decision = downgraded(shared, moderator)
    ann = admin_of("ann")
    Membership.objects.filter(organization=organization, user=owner).delete()
    return decision, ann


@pytest.fixture
def new_owner(repository, reporter, moderator, owner, organization, admin_of):
    """A decision about a repository, and an admin of the organization to which it moved."""
    decision = downgraded(case_of(reported(repository, reporter, "spam")), moderator)
    ann = admin_of("ann")
    move_repository(repository, namespace=organization.namespace, name=repository.name, actor=owner)
    return decision, ann


@pytest.mark.parametrize("hands", ["new_admin", "new_owner"])
def test_whoever_manages_it_now_reads_why_and_contests_it(
    hands, request, sign_in, program, other_moderator, django_assert_max_num_queries
):
    decision, ann = request.getfixturevalue(hands)
    client = sign_in(ann)
    html = client.get("/standing").content.decode()
    assert "What holds now" in html
    (found,) = program(ann).get("/api/v1/standing").json()["holding"]
    place = f"/appeal/{found['statement']}"
    assert f'href="{place}"' in html
    with django_assert_max_num_queries(20):
        page = client.get(place).content.decode()
    assert "We looked at the whole thread" in page
    assert "What we wrote to you" not in page
    assert client.post(place, {"text": WHY, "attachments": []}).status_code == 303
    appeal = decision.appeals.get()
    assert (appeal.appellant, appeal.organization.name) == (ann, "mekong-lab")
    assert affected_among([appeal]) == {appeal.pk}
    decide_appeal(appeal, state="upheld", answer="It does not advertise at all.", actor=other_moderator)
    assert not Measure.objects.standing().exists()
    heard = InboxMessage.objects.get(recipient=ann, key=f"appeal:{appeal.public_id}")
    assert "What was before" in heard.body or "holds no more" in heard.body
    assert list(find_faults()) == []


def test_whoever_contested_before_the_move_does_not_after_it(new_owner, owner):
    decision, ann = new_owner
    file_appeal(decision, text=WHY, actor=owner)
    assert file_appeal(decision, text=WHY, actor=ann).organization is not None
    for person in (owner, ann):
        with pytest.raises(Refused) as caught:
            file_appeal(decision, text=WHY, actor=person)
        assert caught.value.code == "exists"


def test_what_was_decided_about_a_person_too_stays_theirs(
    repository, reporter, moderator, owner, organization, admin_of, sign_in
):
    """A ban is private: no later owner of the repository reads of it, or contests it for somebody else (F1)."""
    decision = decided(
        case_of(reported(repository, reporter, "spam")), moderator, "downgrade", "posting_ban", clause="spam"
    )
    ann = admin_of("ann")
    move_repository(repository, namespace=organization.namespace, name=repository.name, actor=owner)
    client = sign_in(ann)
    html = client.get("/standing").content.decode()
    assert "Downgrade" in html
    assert "No posting" not in html
    assert client.get(f"/appeal/{owner.statements.get().public_id}").status_code == 404
    with pytest.raises(Forbidden):
        file_appeal(decision, text=WHY, actor=ann)


def test_it_is_no_strangers(new_owner, make_user, sign_in):
    decision, _ann = new_owner
    stranger = make_user("stranger")
    with pytest.raises(Forbidden):
        file_appeal(decision, text=WHY, actor=stranger)
    assert "Nothing holds" in sign_in(stranger).get("/standing").content.decode()


def row_of(sign_in, program, person):
    """What the page of all that holds for `person` offers, and what programs read of it."""
    html = sign_in(person).get("/standing/holding").content.decode()
    (row,) = program(person).get("/api/v1/standing/holding").json()["results"]
    assert "Read why" in html
    return "contest it" in html, row["open"]


def test_contesting_is_offered_only_to_whom_it_is_open(
    shared, moderator, other_moderator, owner, admin_of, sign_in, program
):
    ann, ben = admin_of("ann"), admin_of("ben")
    decision = downgraded(shared, moderator)
    Membership.objects.filter(user=ben).update(role="write")
    late = admin_of("late")  # got no letter, and manages it now
    assert row_of(sign_in, program, ben) == (False, False)
    for person in (owner, ann, late):
        assert row_of(sign_in, program, person) == (True, True)
    file_appeal(decision, text=WHY, actor=ann)
    for person in (owner, ann, late, ben):
        assert row_of(sign_in, program, person) == (False, False)


def test_contesting_is_offered_while_there_is_time(shared, moderator, owner, sign_in, program, set_clock):
    decision = downgraded(shared, moderator)
    statement = owner.statements.get()
    set_clock(max(decision.contest_until, statement.contest_until) + timedelta(seconds=1))
    assert row_of(sign_in, program, owner) == (False, False)
