"""A name that breaks a rule is replaced by a neutral one; its holder chooses another (B4, E5)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions import choose_name, create_organization, register
from accounts.models import InboxMessage, NameReset, Namespace, User
from accounts.queries import system_actor
from community.actions import add_comment, edit_comment
from community.renaming import follow_names
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure, receive_report
from moderation.cases.models import Case
from moderation.sanctions.actions import impose, lift
from moderation.sanctions.measures import kinds_for
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from repositories.actions.move import move_repository
from repositories.models import Repository

BAD = "quentin"


@pytest.fixture
def published(make_repository, author):
    """A repository of the person, with a commit under the name."""
    return make_repository("their-model", owner=author)


def names(user: User) -> tuple[str, str]:
    """The name in both of its rows."""
    user = User.objects.get(pk=user.pk)
    return user.username, Namespace.objects.get(user=user).name


def test_a_neutral_name_stands_in_its_place(take, author):
    given = take("username_reset", author, "harassment").name_reset.given
    assert given.startswith("user-")
    assert names(author) == (given, given)


def test_nothing_public_says_the_old_name(take, author, published, comment, reporter, client, make_repository):
    add_comment(comment.discussion, text=f"Stop it, @{BAD}, please.\n\n> as @{BAD} said", actor=reporter)
    given = take("username_reset", author, "harassment").name_reset.given
    follow_names()
    assert client.get(f"/{BAD}").status_code == 404
    assert client.get(f"/{BAD}/their-model").status_code == 404
    discussion = "/nok/tiny-model/discussions/1"
    api = f"/api/v1/discussions/{comment.discussion.public_id}"
    repository, hub = f"/{given}/their-model", f"/api/models/{given}/their-model"
    for address in (
        f"/{given}", repository, f"{repository}/history", f"{repository}/commit/{published.head}", discussion,
        "/nok/tiny-model/discussions", api, f"{api}/timeline", f"/api/v1/comments/{comment.public_id}", hub,
        f"{hub}/commits/main", "/api/models/nok/tiny-model/discussions/1", f"/api/models?author={given}", "/models",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        assert BAD not in response.content.decode().lower(), address
    for found in (client.get(f"/search?q={BAD}"), client.get(f"/api/models?search={BAD}")):
        assert "their-model" not in found.content.decode()


def test_nothing_leads_on_from_it(take, author, published, client, organization):
    before = f"/{BAD}/their-model"
    move_repository(published, namespace=Namespace.objects.get(user=author), name="renamed", actor=author)
    assert client.get(before).status_code == 301
    measure = take("username_reset", author, "harassment")
    assert client.get(before).status_code == 404
    lift(measure, reason="It is their own name.", actor=measure.actor)
    assert client.get(before).status_code == 301


def test_nobody_takes_it(take, author, make_user):
    take("username_reset", author, "harassment")
    with pytest.raises(ValidationError, match="taken"):
        register(User(username=BAD.upper()))
    with pytest.raises(ValidationError, match="taken"):
        create_organization(BAD, actor=system_actor())


def test_lifted_it_comes_back_exactly(take, author, published, comment, reporter):
    said = add_comment(comment.discussion, text=f"Stop it, @{BAD}.", actor=reporter)
    search = list(Repository.objects.order_by("pk").values_list("search_text", "search"))
    measure = take("username_reset", author, "harassment")
    follow_names()
    said.refresh_from_db()
    assert said.text == f"Stop it, @{measure.name_reset.given}."
    lift(measure, reason="It is their own name.", actor=measure.actor)
    follow_names()
    said.refresh_from_db()
    assert (names(author), said.text) == ((BAD, BAD), f"Stop it, @{BAD}.")
    assert list(Repository.objects.order_by("pk").values_list("search_text", "search")) == search


def test_another_that_was_chosen_stays(take, author, comment, reporter):
    said = add_comment(comment.discussion, text=f"Stop it, @{BAD}.", actor=reporter)
    measure = take("username_reset", author, "harassment")
    choose_name(Namespace.objects.get(user=author), "kindly", actor=User.objects.get(pk=author.pk))
    follow_names()
    said.refresh_from_db()
    assert (names(author), said.text) == (("kindly", "kindly"), "Stop it, @kindly.")
    lift(measure, reason="It was their own name.", actor=measure.actor)
    assert names(author) == ("kindly", "kindly")
    said.refresh_from_db()
    edit_comment(said, text="Stop it, all of you.", actor=reporter)


def test_one_after_the_other_each_undone_by_itself(take, author):
    first = take("username_reset", author, "harassment")
    person = User.objects.get(pk=author.pk)
    choose_name(Namespace.objects.get(user=author), "worse", actor=person)
    second = take("username_reset", User.objects.get(pk=author.pk), "harassment")
    lift(first, reason="The first was an error.", actor=first.actor)
    assert names(author)[0] == second.name_reset.given
    lift(second, reason="And so was this.", actor=first.actor)
    assert names(author) == ("worse", "worse")


def test_what_we_made_ourselves_breaks_no_rule(take, author):
    take("username_reset", author, "harassment")
    fresh = subject_of(User.objects.get(pk=author.pk))
    assert "username_reset" not in [kind.code for kind in kinds_for(fresh)]
    with pytest.raises(Refused):
        take("username_reset", User.objects.get(pk=author.pk), "harassment")


def test_it_is_chosen_once_and_by_its_holder(take, author, owner):
    namespace = Namespace.objects.get(user=author)
    with pytest.raises(Refused, match="no name to choose"):
        choose_name(namespace, "early", actor=author)
    take("username_reset", author, "harassment")
    with pytest.raises(Forbidden):
        choose_name(namespace, "stolen", actor=owner)
    for name in (BAD, "nok", "x"):
        with pytest.raises(ValidationError):
            choose_name(namespace, name, actor=author)
    choose_name(namespace, "kindly", actor=author)
    with pytest.raises(Refused, match="no name to choose"):
        choose_name(namespace, "another", actor=author)


def test_the_page_takes_another(take, author, owner, sign_in, client):
    given = take("username_reset", author, "harassment").name_reset.given
    them = sign_in(User.objects.get(pk=author.pk))
    assert "/settings/name" in them.get("/settings/profile").content.decode()
    page = them.get("/settings/name").content.decode()
    assert given in page
    assert BAD not in page
    refused = them.post("/settings/name", {"for": given, "name": "nok"})
    assert (refused.status_code, "taken" in refused.content.decode()) == (422, True)
    assert them.post("/settings/name", {"for": given, "name": "kindly"}).status_code == 302
    assert client.get("/kindly").status_code == 200
    assert "no name to choose" in them.get("/settings/name").content.decode()
    assert client.get("/settings/name").status_code == 302


def test_an_organizations_admins_choose(take, organization, owner, author, sign_in):
    measure = take("username_reset", organization, "harassment")
    given = measure.name_reset.given
    assert given.startswith("organization-")
    assert given not in sign_in(author).get("/settings/name").content.decode()
    sign_in(owner).post("/settings/name", {"for": given, "name": "river-lab"})
    organization.refresh_from_db()
    assert (organization.name, organization.namespace.name) == ("river-lab", "river-lab")


def test_by_a_decision_the_person_is_told_and_the_case_says_the_new_name(author, reporter, moderator, clause, sign_in):
    report = receive_report(author, clause=clause("harassment"), text="That name!", actor=reporter)
    case = Case.objects.get(case_reports__report=report)
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("username_reset")], explanation="The name insults a person.",
    )  # fmt: skip
    given = NameReset.objects.get().given
    letter = InboxMessage.objects.get(recipient=author).body
    assert BAD in letter
    assert given in letter
    assert given in sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert Measure.objects.get().name_reset.former == BAD


def test_nothing_to_choose_is_one_query_on_the_profile_page(author, sign_in):
    page = sign_in(author).get("/settings/profile").content.decode()
    assert "/settings/name" not in page


def test_guests_and_our_own_actor_have_no_name_to_replace(db):
    guest = User.objects.create(username="guest-123", is_guest=True)
    for person in (guest, system_actor()):
        assert "username_reset" not in [kind.code for kind in kinds_for(subject_of(person))]


def test_no_rule_replaces_a_name(author, clause):
    """It has no end: nobody could give it back once an interim measure is over (I1)."""
    about = clause("harassment")
    about.automation = ["username_reset"]
    about.save()
    with pytest.raises(Refused, match="never replaces"), transaction.atomic():
        impose("username_reset", subject_of(author), clause=about, reason="Rude.", actor=system_actor(), automated=True)
    assert not NameReset.objects.exists()


def test_whoever_chose_another_reads_that_the_old_one_stays_away(take, author, organization):
    lifted = take("username_reset", author, "harassment")
    stays = take("username_reset", organization, "harassment")
    choose_name(Namespace.objects.get(user=author), "kindly", actor=User.objects.get(pk=author.pk))
    for measure in (lifted, stays):
        lift_measure(measure, reason="It was their own name.", actor=system_actor())
    letters = InboxMessage.objects.filter(key=f"lifted:{lifted.public_id}").values_list("body", flat=True)
    assert ["does not come back" in body and "holds again" not in body for body in letters] == [True]
    assert "What was before holds again." in InboxMessage.objects.get(key=f"lifted:{stays.public_id}").body
