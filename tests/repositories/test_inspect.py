"""The team opens what an owner keeps to few: with a reason that the owner reads, for a while, changing nothing (A2)."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.actions import join_organization
from accounts.models import MODERATORS, InboxMessage
from accounts.queries import system_actor
from foundation.errors import Forbidden, Refused
from repositories.access import access
from repositories.actions import change_settings, restrict
from repositories.actions.inspection import inspect
from repositories.actions.move import delete_repository
from repositories.models import Inspection, Repository
from repositories.queries import listed_for
from tests.conftest import concurrent
from tests.repositories.reading import text_of

REASON = "A report says that the files hold a private address."
BELOW = ("", "/files", "/history", "/discussions", "/raw/README.md")


@pytest.fixture
def secret(make_repository):
    return make_repository("secret", visibility="private")


def address(repository):
    return f"/inspect/{repository.public_id}"


def test_moderator_opens_it_and_reads_but_changes_nothing(sign_in, moderator, secret):
    client = sign_in(moderator)
    assert client.get("/nok/secret").status_code == 404
    assert "We write to its owner at once" in text_of(client.get(address(secret)))
    response = client.post(address(secret), {"reason": f"  {REASON}\r\n"})
    assert (response.status_code, response["Location"]) == (303, "/nok/secret")
    for below in BELOW:
        assert client.get(f"/nok/secret{below}").status_code == 200, below
    for below in ("/settings", "/settings/release", "/card/edit"):
        assert client.get(f"/nok/secret{below}").status_code == 403, below
    found = access(secret, moderator)
    assert (found.see, found.files, found.inspecting) == (True, True, True)
    assert (found.edit, found.manage, found.owner_side) == (False, False, False)
    assert Inspection.objects.get().reason == REASON
    assert not listed_for(moderator).filter(pk=secret.pk).exists()


def test_every_page_says_so_and_closes_it(sign_in, moderator, secret):
    inspect(secret, reason=REASON, actor=moderator)
    client = sign_in(moderator)
    for below in ("", "/files", "/discussions", "/moderation"):
        page = text_of(client.get(f"/nok/secret{below}"))
        assert "You opened this repository for the team" in page, below
        assert REASON in page
    response = client.post(f"{address(secret)}/close")
    assert (response.status_code, response["Location"]) == (303, address(secret))
    assert client.get("/nok/secret").status_code == 404
    assert client.post(f"{address(secret)}/close").status_code == 303  # clicked twice


def test_it_closes_by_itself_by_the_clock(sign_in, moderator, secret, pass_time):
    inspect(secret, reason=REASON, actor=moderator)
    client = sign_in(moderator)
    pass_time(timedelta(hours=4) - timedelta(minutes=1))
    assert client.get("/nok/secret/raw/README.md").status_code == 200
    pass_time(timedelta(minutes=1))
    assert client.get("/nok/secret/raw/README.md").status_code == 404


@pytest.mark.parametrize("state", ["disabled", "gated"])
def test_files_that_are_closed_to_the_team_are_opened_the_same_way(sign_in, moderator, owner, repository, state):
    if state == "gated":
        change_settings(repository, gating="manual", actor=owner)
    else:
        restrict(repository, kind="disabled", reason="Attack code.", actor=system_actor())
    client = sign_in(moderator)
    page = text_of(client.get("/nok/tiny-model"))
    assert f'href="{address(repository)}"' in page
    assert client.get("/nok/tiny-model/raw/README.md").status_code == 403
    client.post(address(repository), {"reason": REASON})
    assert client.get("/nok/tiny-model/raw/README.md").status_code == 200


def test_strangers_see_no_way_to_open_it(sign_in, reporter, repository, owner):
    change_settings(repository, gating="manual", actor=owner)
    assert "/inspect/" not in text_of(sign_in(reporter).get("/nok/tiny-model"))


def test_nobody_else_learns_whether_there_is_anything(sign_in, client, reporter, owner, secret):
    unknown = f"/inspect/{uuid.uuid4()}"
    for person in (reporter, owner):
        answers = [sign_in(person).get(path) for path in (address(secret), unknown)]
        assert [one.status_code for one in answers] == [404, 404]
        bodies = [re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', "", text_of(one)) for one in answers]
        assert bodies[0].replace(str(secret.public_id), "ID") == bodies[1].replace(unknown.rpartition("/")[2], "ID")
    for path in (address(secret), unknown):
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
    with pytest.raises(Forbidden):
        inspect(secret, reason=REASON, actor=reporter)
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(("reason", "status"), [("", 422), ("too short", 422), (" " * 20, 422), ("x" * 2001, 422)])
def test_reason_is_needed(sign_in, moderator, secret, reason, status):
    assert sign_in(moderator).post(address(secret), {"reason": reason}).status_code == status
    assert not Inspection.objects.exists()
    with pytest.raises(Refused):
        inspect(secret, reason="short", actor=moderator)


def test_owner_side_hears_of_it_in_its_language_and_reads_why(
    sign_in, moderator, owner, organization, make_repository, make_user
):
    ours = make_repository("ours", owner=organization, visibility="private")
    people = {role: make_user(f"member-{role}") for role in ("read", "write", "admin")}
    for role, person in people.items():
        join_organization(person, organization, role=role, actor=owner)
    inspect(ours, reason=f"{REASON}\nSecond line.", actor=moderator)
    messages = InboxMessage.objects.order_by("recipient")
    assert {message.recipient for message in messages} == {owner, people["admin"]}
    assert f"> {REASON}\n> Second line." in messages[0].body
    assert messages[0].link == "/mekong-lab/ours/settings/inspections"
    assert moderator.username not in messages[0].body
    page = text_of(sign_in(owner).get(messages[0].link))
    assert REASON in page
    assert "open now" in page
    assert moderator.username not in page
    assert sign_in(people["write"]).get(messages[0].link).status_code == 403
    assert sign_in(people["write"]).get("/mekong-lab/ours").status_code == 200


def test_one_that_is_open_stays_as_it_is(moderator, other_moderator, secret, pass_time):
    first = inspect(secret, reason=REASON, actor=moderator)
    pass_time(timedelta(hours=1))
    assert inspect(secret, reason="Another reason altogether.", actor=moderator) == first
    inspect(secret, reason=REASON, actor=other_moderator)
    assert Inspection.objects.count() == 2
    first.refresh_from_db()
    assert (first.reason, first.ends_at - first.starts_at) == (REASON, timedelta(hours=4))


def test_nothing_to_open_where_everybody_has_the_files(sign_in, moderator, repository):
    client = sign_in(moderator)
    assert "There is nothing to open" in text_of(client.get(address(repository)))
    assert client.post(address(repository), {"reason": REASON}).status_code == 409
    assert not Inspection.objects.exists()


def test_deleted_one_is_not_there(sign_in, moderator, owner, secret):
    inspect(secret, reason=REASON, actor=moderator)
    delete_repository(secret, actor=owner)
    client = sign_in(moderator)
    assert client.get(address(secret)).status_code == 404
    assert client.get("/nok/secret").status_code == 404


def test_whoever_leaves_the_team_keeps_nothing_open(sign_in, moderator, secret):
    inspect(secret, reason=REASON, actor=moderator)
    moderator.groups.filter(name=MODERATORS).first().user_set.remove(moderator)
    assert sign_in(moderator).get("/nok/secret").status_code == 404


def test_looking_at_files_is_no_download(sign_in, moderator, secret):
    inspect(secret, reason=REASON, actor=moderator)
    before = Repository.objects.values_list("downloads", "trending").get(pk=secret.pk)
    sign_in(moderator).get("/nok/secret/raw/README.md")
    assert Repository.objects.values_list("downloads", "trending").get(pk=secret.pk) == before


def test_owner_reads_a_page_at_a_time(sign_in, owner, moderator, secret, pass_time, django_assert_num_queries):
    for _number in range(51):
        inspect(secret, reason=REASON, actor=moderator)
        pass_time(timedelta(hours=5))
    client = sign_in(owner)
    # session, person, repository, restrictions, inspections, clock, two permissions, unread messages
    with django_assert_num_queries(8):
        page = text_of(client.get("/nok/secret/settings/inspections"))
    assert page.count(REASON) == 50
    following = re.search(r'href="(\?after=[^"]+)"', page)[1]
    assert text_of(client.get(f"/nok/secret/settings/inspections{following}")).count(REASON) == 1


@concurrent
def test_two_clicks_at_once_open_it_once(moderator, secret):
    def click(_number):
        try:
            return inspect(secret, reason=REASON, actor=moderator).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert InboxMessage.objects.count() == 1
