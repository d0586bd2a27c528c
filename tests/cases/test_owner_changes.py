"""What a case is about gets another owner: the earlier one's words stay theirs, the new one is asked anew (D1, D2)."""

import pytest

from accounts.actions import create_organization, join_organization
from accounts.models import InboxMessage
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, answer, ask_owner, decide, hand_over, invite
from moderation.cases.actions.windows import OwnerNotHeard
from moderation.cases.models import Case, Event, Party
from moderation.cases.queries import open_to
from moderation.cases.related import people_of
from moderation.cases.reprioritise import work_through
from repositories.actions.move import move_repository

QUESTION = "What is this model meant for, and who may use it?"
ANSWER = "Our customer asked us to build it; please keep that to yourselves."


@pytest.fixture
def ruth(make_user):
    """An admin of the organization that gets the repository, and of nothing else."""
    return make_user("ruth")


@pytest.fixture
def lab(owner, ruth):
    found = create_organization("delta-works", actor=owner)
    join_organization(ruth, found, role="admin", actor=owner)
    return found


@pytest.fixture
def sam(make_user, organization, owner):
    """The other admin of the organization that had the repository."""
    person = make_user("sam")
    join_organization(person, organization, role="admin", actor=owner)
    return person


@pytest.fixture
def of_organization(organization, sam, owner, make_repository):
    return make_repository("shared", owner=organization, actor=owner)


@pytest.fixture
def asked(of_organization, report, moderator, sam) -> Party:
    """The earlier organization, which was asked and answered."""
    party = ask_owner(report(of_organization, "strong-dual-use"), text=QUESTION, actor=moderator).party
    answer(party, text=ANSWER, actor=sam)
    return Party.objects.get(pk=party.pk)


def moved(repository, to, owner, *, followed=True):
    move_repository(repository, namespace=to.namespace, name=repository.name, actor=owner)
    if followed:
        work_through()


@pytest.mark.parametrize("followed", [False, True], ids=["before a worker came", "afterwards"])
def test_the_new_owner_reads_nothing_of_the_earlier_one(sign_in, asked, of_organization, lab, owner, ruth, followed):
    moved(of_organization, lab, owner, followed=followed)
    client = sign_in(ruth)
    assert str(asked.public_id) not in client.get("/matters").content.decode()
    assert client.get(f"/matters/{asked.public_id}").status_code == 404
    assert ruth not in people_of(Party.objects.get(pk=asked.pk))
    with pytest.raises(Forbidden):
        answer(asked, text="It is ours now.", actor=ruth)


def test_the_earlier_owner_reads_its_thread_and_writes_no_more(sign_in, asked, of_organization, lab, owner, sam):
    moved(of_organization, lab, owner)
    page = sign_in(sam).get(f"/matters/{asked.public_id}").content.decode()
    assert ANSWER in page
    with pytest.raises(Refused, match="left the case"):
        answer(asked, text="One more thing.", actor=sam)
    event = Event.objects.get(kind="party.left")
    assert (event.actor, event.data["party"]) == (owner, asked.public_id.hex)


def test_nor_does_the_earlier_owner_learn_where_it_is_in_private(sign_in, asked, of_organization, lab, owner, sam):
    moved(of_organization, lab, owner)
    of_organization.refresh_from_db()
    of_organization.visibility = "private"
    of_organization.save(update_fields=["visibility"])
    page = sign_in(sam).get(f"/matters/{asked.public_id}").content.decode()
    assert "delta-works" not in page
    assert "a repository" in page


@pytest.mark.parametrize("followed", [False, True], ids=["before a worker came", "afterwards"])
def test_the_new_owner_is_asked_in_a_thread_of_its_own(
    sign_in, asked, of_organization, lab, owner, ruth, sam, moderator, followed
):
    moved(of_organization, lab, owner, followed=followed)
    case = Case.objects.get()
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert ANSWER in page
    InboxMessage.objects.all().delete()
    anew = ask_owner(case, text="And what do you say?", actor=moderator).party
    assert anew != asked
    assert anew.organization == lab
    assert {one.recipient for one in InboxMessage.objects.all()} == {owner, ruth}
    page = sign_in(ruth).get(f"/matters/{anew.public_id}").content.decode()
    assert "And what do you say?" in page
    assert ANSWER not in page
    assert QUESTION not in page
    assert sign_in(sam).get(f"/matters/{anew.public_id}").status_code == 404
    answer(anew, text="We look at it.", actor=ruth)
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    for words in (ANSWER, "We look at it.", "takes part no more", "delta-works"):
        assert words in page


@pytest.mark.parametrize("followed", [False, True], ids=["before a worker came", "afterwards"])
def test_a_measure_waits_until_the_new_owner_was_heard(asked, of_organization, lab, owner, moderator, clause, followed):
    moved(of_organization, lab, owner, followed=followed)
    case = Case.objects.get()
    with pytest.raises(OwnerNotHeard, match="has not been asked"):
        decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause("strong-dual-use"),
            measures=[MeasureOrder("disable")], explanation="It needs a warning before anybody uses it.",
        )  # fmt: skip


def test_nobody_waits_for_the_earlier_owner(of_organization, report, moderator, lab, owner):
    case = report(of_organization, "strong-dual-use")
    ask_owner(case, text=QUESTION, actor=moderator)
    assert Case.objects.get().parked == "owner"
    moved(of_organization, lab, owner)
    assert Case.objects.get().parked == ""
    assert not case.deadlines.filter(kind="window", settled_at=None).exists()


def test_a_new_name_changes_nothing(asked, of_organization, organization, owner, sam):
    move_repository(of_organization, namespace=organization.namespace, name="renamed", actor=owner)
    work_through()
    assert Party.objects.get().left_at is None
    answer(asked, text="It has another name now.", actor=sam)


def test_whoever_has_it_again_goes_on_in_the_thread_they_had(
    asked, of_organization, organization, lab, owner, moderator, sam
):
    moved(of_organization, lab, owner)
    moved(of_organization, organization, owner)
    case = Case.objects.get()
    again = ask_owner(case, text="It is yours again?", actor=moderator).party
    assert again == asked
    answer(again, text="It is.", actor=sam)
    assert Party.objects.count() == 1


def test_the_thread_of_a_person_stays_with_them(sign_in, report, repository, lab, owner, ruth, moderator):
    party = ask_owner(report(repository, "strong-dual-use"), text=QUESTION, actor=moderator).party
    answer(party, text=ANSWER, actor=owner)
    moved(repository, lab, owner)
    assert ANSWER in sign_in(owner).get(f"/matters/{party.public_id}").content.decode()
    anew = ask_owner(Case.objects.get(), text="And what do you say?", actor=moderator).party
    assert anew.organization == lab
    assert sign_in(ruth).get(f"/matters/{party.public_id}").status_code == 404
    with pytest.raises(Refused, match="left the case"):
        answer(party, text="It was mine.", actor=owner)


def test_a_person_who_was_no_admin_before_gets_a_thread_of_their_own(
    sign_in, asked, of_organization, lab, owner, ruth, moderator
):
    """From one organization to another, and on to a person, before a worker came."""
    moved(of_organization, lab, owner, followed=False)
    moved(of_organization, ruth, ruth)
    assert sign_in(ruth).get(f"/matters/{asked.public_id}").status_code == 404
    assert ask_owner(Case.objects.get(), text="And you?", actor=moderator).party.user == ruth


def test_whoever_was_invited_before_goes_on_in_that_thread(
    sign_in, asked, of_organization, owner, moderator, make_user
):
    """They were invited before it became theirs: that thread is the one they have."""
    case, ada = Case.objects.get(), make_user("ada")
    own = invite(case, role="depicted", person=ada, actor=moderator)
    join_organization(ada, asked.organization, role="admin", actor=owner)
    moved(of_organization, ada, ada)
    assert ask_owner(case, text="And you?", actor=moderator).party == own
    assert "And you?" in sign_in(ada).get(f"/matters/{own.public_id}").content.decode()
    assert Party.objects.get(pk=asked.pk).left_at is not None


def test_a_decided_case_keeps_its_thread_from_the_new_owner(
    sign_in, asked, of_organization, lab, owner, ruth, sam, moderator
):
    case = Case.objects.get()
    decide(
        case, actor=moderator, version=case.version, outcome="no_violation",
        explanation="We saw nothing that breaks a rule.",
    )  # fmt: skip
    moved(of_organization, lab, owner)
    assert sign_in(ruth).get(f"/matters/{asked.public_id}").status_code == 404
    assert ANSWER in sign_in(sam).get(f"/matters/{asked.public_id}").content.decode()


def test_the_earlier_owners_do_not_decide_about_it(asked, of_organization, lab, owner, moderator, other_moderator):
    """Whoever of us belongs to the organization that wrote there: it took part."""
    join_organization(other_moderator, asked.organization, role="read", actor=owner)
    moved(of_organization, lab, owner)
    case = Case.objects.get()
    assert not open_to(Case.objects.all(), other_moderator).exists()
    with pytest.raises(Refused, match="cannot decide"):
        hand_over(case, to=other_moderator, actor=moderator)
