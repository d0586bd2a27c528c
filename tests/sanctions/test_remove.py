"""Removed by the team: gone from every way in but a notice in its place; undone exactly (E4, E5, K2)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import create_token
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from community.models import Notification
from community.notifying import notify
from community.subscribing import choose_level
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import decide_directly
from moderation.sanctions.actions import lift
from moderation.subjects.lookup import find_by_address, find_target
from repositories.access import access
from repositories.actions import change_settings, commit, like, restrict
from repositories.actions.inspection import inspect
from repositories.actions.move import move_repository
from repositories.errors import Removed
from repositories.models import Repository
from repositories.queries import find, listed_for

PAGES = (
    "", "/files", "/file/a.txt", "/raw/a.txt", "/history", "/discussions", "/discussions/1", "/moderation",
    "/settings", "/settings/danger", "/upload",
)  # fmt: skip
CANARY = "quokkaword"


@pytest.fixture
def ours(make_repository, owner, author):
    """A repository with a word in everything that can be read of it."""
    card = f"---\ntags: [{CANARY}]\n---\n# {CANARY}\n\nWords about {CANARY}.\n"
    repository = make_repository("plain-model", card=card)
    commit(repository, {"a.txt": CANARY.encode()}, actor=owner, message=f"Add {CANARY}")
    discussion = open_discussion(repository, title=f"About {CANARY}", text=f"What is {CANARY}?", actor=author)
    like(repository, actor=author)
    return repository, discussion


def as_stored(repository):
    return Repository.objects.select_related("namespace").get(pk=repository.pk)


def body_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_every_page_of_it_is_a_notice(ours, take, owner, moderator, reporter, sign_in):
    repository, _discussion = ours
    take("remove", repository)
    for client in (Client(), *(sign_in(person) for person in (owner, reporter, moderator))):
        for below in PAGES:
            response = client.get(f"{repository.get_absolute_url()}{below}")
            if response.status_code == 302 and "_auth_user_id" not in client.session:
                continue  # asked to sign in first
            body = body_of(response)
            assert response.status_code == 410, below
            assert "We removed this repository under our content policy." in body
            assert response["X-Robots-Tag"] == "noindex"
            assert "no-store" in response["Cache-Control"]
            assert CANARY not in body


def test_nobody_has_any_right_there(ours, take, owner, moderator, reporter):
    repository, _discussion = ours
    take("remove", repository)
    for person in (None, owner, reporter, moderator):
        found = access(as_stored(repository), person)
        assert (found.see, found.files, found.edit, found.manage, found.owner_side) == (False,) * 5
        assert repository not in listed_for(person)
        with pytest.raises(Removed):
            find("model", repository.namespace.name, repository.name, person)
    with pytest.raises(Refused):
        commit(repository, {"a.txt": b"new"}, actor=owner, message="Change it")
    with pytest.raises(Refused):
        change_settings(repository, actor=owner, visibility="private")


def test_lists_searches_and_programs_say_nothing_of_it(ours, take, owner, reporter, author, sign_in):
    repository, discussion = ours
    take("remove", repository)
    token = create_token(reporter, scope="write", actor=reporter)
    headers = {"authorization": f"Bearer {token}"}
    pages = ("/", "/models", f"/{owner}", f"/{author}", f"/search?q={CANARY}", "/search?q=plain-model",
             f"/api/models?search={CANARY}", f"/api/models?author={owner}", f"/api/users/{author}/likes",
             f"/api/v1/repositories/{repository.public_id}/discussions",
             f"/api/v1/discussions/{discussion.public_id}")  # fmt: skip
    for path in pages:
        for client, more in ((Client(), {}), (Client(), headers), (sign_in(owner), {})):
            body = body_of(client.get(path, headers=more))
            assert repository.full_name not in body, path
            # A search says again what was looked for.
            assert CANARY not in body or CANARY in path, path
    for kind, thing in (("repository", repository), ("discussion", discussion)):
        with pytest.raises(Refused):
            find_target(kind, thing.public_id, reporter)
    with pytest.raises(Refused):
        find_by_address(repository.get_absolute_url(), reporter)


def test_the_clients_of_the_hub_are_told_that_it_is_disabled(ours, take, owner, reporter):
    """An error that they know; without a token it looks as if nothing were there (design/hub-protocol.md, trap 1)."""
    repository, _discussion = ours
    take("remove", repository)
    name, disabled = repository.full_name, "Access to this resource is disabled."
    ways = (f"/api/models/{name}", f"/api/models/{name}/tree/main", f"/api/models/{name}/refs",
            f"/api/models/{name}/discussions", f"/{name}/resolve/main/a.txt", f"/{name}/resolve/main/README.md",
            f"/api/models/{name}/auth-check")  # fmt: skip
    for person in (owner, reporter):
        headers = {"authorization": f"Bearer {create_token(person, scope='write', actor=person)}"}
        for way in ways:
            response = Client().get(way, headers=headers)
            assert (response.status_code, response.get("X-Error-Message")) == (403, disabled), way
    for way in ways:
        response = Client().get(way)
        assert (response.status_code, response["X-Error-Code"]) == (401, "RepoNotFound"), way


def test_what_its_owner_kept_private_looks_like_nothing(ours, take, owner, reporter, sign_in):
    repository, _discussion = ours
    change_settings(repository, actor=owner, visibility="private")
    take("remove", repository)
    assert sign_in(reporter).get(repository.get_absolute_url()).status_code == 404
    assert sign_in(owner).get(repository.get_absolute_url()).status_code == 410


def test_its_former_address_leads_to_the_notice(ours, take, owner, sign_in):
    repository, _discussion = ours
    before = repository.get_absolute_url()
    move_repository(repository, namespace=repository.namespace, name="other-name", actor=owner)
    take("remove", repository)
    assert sign_in(owner).get(before, follow=True).status_code == 410


def test_nobody_hears_of_what_lies_in_it(ours, take, reporter, author):
    repository, discussion = ours
    choose_level(repository, "watch", actor=reporter)
    add_comment(discussion, text="One more word.", actor=author)
    take("remove", repository)
    notify()
    assert not Notification.objects.filter(recipient=reporter).exists()


def test_the_owner_reads_why_and_contests(ours, owner, reporter, moderator, clause, sign_in):
    repository, _discussion = ours
    decide_directly(
        repository, kind="remove", clause=clause("gambling-plagiarism"), reason="The card sells a betting scheme.",
        actor=moderator,
    )  # fmt: skip
    page = sign_in(owner).get(repository.get_absolute_url()).content.decode()
    assert "The card sells a betting scheme." in page
    letter = InboxMessage.objects.get(recipient=owner)
    assert "Nobody sees this repository any more" in letter.body
    assert f'href="{letter.link}"' in page
    assert sign_in(owner).get(letter.link).status_code == 200
    page = sign_in(reporter).get(repository.get_absolute_url()).content.decode()
    assert "The card sells a betting scheme." in page
    assert letter.link not in page


def test_of_a_confidential_clause_it_says_restricted_and_no_more(ours, owner, reporter, moderator, clause, sign_in):
    repository, _discussion = ours
    decide_directly(
        repository, kind="remove", clause=clause("fraud-phishing"), reason="It copies a bank’s sign-in page.",
        actor=moderator,
    )  # fmt: skip
    page = sign_in(reporter).get(repository.get_absolute_url()).content.decode()
    assert "This repository is restricted." in page
    for telling in ("removed", "phishing", "bank", str(clock.now().year)):
        assert telling not in page.partition("<main")[2].partition("</main")[0], telling
    assert "Read why, or contest it" in sign_in(owner).get(repository.get_absolute_url()).content.decode()


def test_lifting_brings_everything_back_as_it_was(ours, take, owner, moderator, reporter):
    repository, _discussion = ours
    before = Repository.objects.filter(pk=repository.pk).values().get()
    etag = Client().head(f"/{repository.full_name}/resolve/main/a.txt")["ETag"]
    first, second = take("remove", repository), take("remove", repository)
    lift(first, reason="One was wrong.", actor=moderator)
    assert not access(as_stored(repository), owner).see
    lift(second, reason="So was the other.", actor=moderator)
    assert Repository.objects.filter(pk=repository.pk).values().get() == before
    assert access(as_stored(repository), reporter).files
    assert Client().get(f"/{repository.full_name}/resolve/main/a.txt")["ETag"] == etag


def test_it_ends_by_itself_when_it_has_an_end(ours, reporter, pass_time):
    repository, _discussion = ours
    restrict(repository, kind="removed", reason="Why.", actor=system_actor(), ends_at=clock.now() + timedelta(hours=1))
    assert Client().get(repository.get_absolute_url()).status_code == 410
    pass_time(timedelta(hours=1, minutes=1))
    assert Client().get(repository.get_absolute_url()).status_code == 200
    assert repository in listed_for(reporter)
    assert find_target("repository", repository.public_id, reporter) == repository


def test_the_team_opens_it_by_an_inspection(ours, take, moderator, sign_in):
    repository, _discussion = ours
    take("remove", repository)
    inspect(repository, reason="To answer an appeal.", actor=moderator)
    page = sign_in(moderator).get(f"{repository.get_absolute_url()}/file/a.txt")
    assert page.status_code == 200
    assert "We removed this repository: nobody sees it but who opened it to look." in page.content.decode()


def test_the_notice_costs_few_queries(ours, django_assert_num_queries):
    """The address, whether it is seen even so, what removed it, and the measures."""
    repository, _discussion = ours
    restrict(repository, kind="removed", reason="Why.", actor=system_actor())
    Client().get(repository.get_absolute_url())
    with django_assert_num_queries(4):
        assert Client().get(f"{repository.get_absolute_url()}/files").status_code == 410
