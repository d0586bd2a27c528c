"""Made private by the team: only whoever manages it sees it, beside what its owner chose; undone exactly (E3, E5)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import create_token, join_organization
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import open_discussion
from community.models import Notification
from community.notifying import notify
from community.subscribing import choose_level
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import decide_directly
from moderation.sanctions.actions import lift
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from moderation.subjects.lookup import find_target
from repositories.access import access
from repositories.actions import change_settings, commit, restrict
from repositories.actions.restrictions import change_end
from repositories.models import Reader, Repository, Stage
from repositories.queries import find, listed_for

PAGES = ("", "/files", "/file/a.txt", "/raw/a.txt", "/history", "/discussions", "/moderation", "/resolve/main/a.txt")


@pytest.fixture
def ours(make_repository, organization, owner, make_user):
    """A repository of an organization, with a member in each role; `owner` made the organization."""
    people = {}
    for role in ("read", "write", "admin"):
        people[role] = join_organization(make_user(f"member-{role}"), organization, role=role, actor=owner).user
    repository = make_repository("ours", owner=organization, actor=owner)
    commit(repository, {"a.txt": b"weights"}, actor=owner, message="Add a file")
    return repository, people


def as_stored(repository):
    return Repository.objects.select_related("namespace").get(pk=repository.pk)


def statuses(repository, viewer=None):
    client = Client()
    if viewer is not None:
        client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    return {client.get(f"{repository.get_absolute_url()}{one}").status_code for one in PAGES}


def asked(repository, viewer):
    """What the hub's protocol answers to a token of `viewer`."""
    headers = {"authorization": f"Bearer {create_token(viewer, scope='write', actor=viewer)}"}
    name = repository.full_name
    ways = (f"/api/models/{name}", f"/api/models/{name}/tree/main", f"/{name}/resolve/main/a.txt")
    return {Client().get(one, headers=headers).status_code for one in ways}


def test_only_admins_see_it_on_any_way(ours, take, reporter, moderator, owner):
    repository, people = ours
    take("private", repository)
    for person in (None, reporter, moderator, people["read"], people["write"]):
        found = access(as_stored(repository), person)
        assert (found.see, found.files, found.edit, found.manage, found.owner_side) == (False,) * 5
        assert statuses(repository, person) == ({404} if person else {401, 404})
        assert repository not in listed_for(person)
        with pytest.raises(Refused):
            find("model", repository.namespace.name, repository.name, person)
    for person in (reporter, people["write"]):
        assert asked(repository, person) == {404}
    for person in (owner, people["admin"]):
        assert statuses(repository, person) == {200}
        assert asked(repository, person) == {200}
        assert repository in listed_for(person)


def test_its_owner_goes_on_working_on_it(repository, take, owner, sign_in):
    take("private", repository)
    commit(repository, {"README.md": b"# Better\n"}, actor=owner, message="Rewrite the card")
    page = sign_in(owner).get(repository.get_absolute_url()).content.decode()
    assert "We made this repository private: nobody but whoever manages it sees it." in page
    assert '<span class="tag private">' in page


def test_nobody_finds_what_lies_in_it(repository, comment, take, reporter, author):
    take("private", repository)
    for kind, thing in (("repository", repository), ("discussion", comment.discussion), ("comment", comment)):
        with pytest.raises(Refused):
            find_target(kind, thing.public_id, reporter)
    with pytest.raises(Refused):
        open_discussion(repository, title="Where is it?", text="I was reading it.", actor=author)


def test_readers_of_a_stage_are_shut_out_too(repository, take, reporter, owner):
    change_settings(repository, actor=owner, visibility="private")
    stage = Stage.objects.create(repository=repository, kind="people", position=1, reached_at=repository.created_at)
    Reader.objects.create(stage=stage, user=reporter)
    assert access(as_stored(repository), reporter).files
    measure = take("private", repository)
    assert not access(as_stored(repository), reporter).see
    assert repository not in listed_for(reporter)
    lift(measure, reason="It is harmless.", actor=measure.actor)
    assert access(as_stored(repository), reporter).files


def test_its_discussion_tells_those_who_see_it(ours, take, reporter, owner):
    repository, people = ours
    for person in (reporter, people["write"], people["admin"]):
        choose_level(repository, "watch", actor=person)
    take("private", repository)
    notify()
    told = set(Notification.objects.values_list("recipient__username", flat=True))
    assert told == {people["admin"].username, owner.username}


def test_lifting_restores_what_the_owner_chose_meanwhile(repository, take, owner, reporter, moderator):
    measure = take("private", repository)
    change_settings(repository, actor=owner, gating="manual")
    lift(measure, reason="It is harmless.", actor=moderator)
    row = as_stored(repository)
    assert (row.visibility, row.gating, row.listed, row.kept_private, row.kept_private_until) == (
        "public", "manual", True, False, None,
    )  # fmt: skip
    found = access(row, reporter)
    assert (found.see, found.files) == (True, False)
    assert repository in listed_for(reporter)


def test_what_its_owner_keeps_private_stays_so(repository, take, owner, reporter, moderator):
    measure = take("private", repository)
    change_settings(repository, actor=owner, visibility="private")
    lift(measure, reason="It is harmless.", actor=moderator)
    assert not access(as_stored(repository), reporter).see


def test_lifting_one_of_two_leaves_the_other(repository, take, reporter, moderator):
    first, second = take("private", repository), take("disable", repository)
    lift(first, reason="It may be seen.", actor=moderator)
    found = access(as_stored(repository), reporter)
    assert (found.see, found.files) == (True, False)
    lift(second, reason="And had.", actor=moderator)
    assert access(as_stored(repository), reporter).files


def test_it_ends_when_it_is_read_after_its_end(repository, reporter, take, moderator, pass_time):
    measure = take("private", repository)
    change_end(measure.restriction, ends_at=measure.starts_at + timedelta(hours=24), actor=moderator)
    pass_time(timedelta(hours=23, minutes=59))
    assert statuses(repository) == {401, 404}
    assert repository not in listed_for(reporter)
    pass_time(timedelta(minutes=2))
    assert access(as_stored(repository), reporter).files
    assert repository in listed_for(reporter)
    assert Client().get(repository.get_absolute_url()).status_code == 200
    assert find_target("repository", repository.public_id, reporter) == repository
    open_discussion(repository, title="There it is", text="Again.", actor=reporter)


def test_the_statement_says_what_it_means(repository, owner, moderator, clause):
    decide_directly(
        repository, kind="private", clause=clause("spam"), reason="The card advertises a shop.", actor=moderator
    )
    body = InboxMessage.objects.get(recipient=owner).body
    assert "**make private: only the owner sees it**" in body
    assert "Nobody but you sees this repository, its files and its discussions" in body
    assert Measure.objects.get().subject == subject_of(repository)


@pytest.mark.parametrize("kind", ["private", "disabled", "downgraded"])
def test_of_a_confidential_one_only_whoever_manages_it_reads_what_it_is(repository, owner, reporter, kind, sign_in):
    """The banner, its tag, and when it ends: nobody else learns more than that it is restricted (E3)."""
    words = "We restricted this repository under our content policy."
    ends_at = clock.now() + timedelta(days=7)
    restrict(repository, kind=kind, reason=words, actor=system_actor(), ends_at=ends_at, confidential=True)
    page = sign_in(owner).get(repository.get_absolute_url()).content.decode()
    assert "This ends by itself on" in page
    assert f'class="tag {kind}"' in page
    if kind == "private":
        return
    page = sign_in(reporter).get(repository.get_absolute_url()).content.decode()
    assert "This repository is restricted." in page
    for telling in ("This ends by itself", f'class="tag {kind}"', "We disabled", "We left this repository", "stop"):
        assert telling not in page.partition("<main")[2], telling
