"""The profile of a person or an organization (A1): shows strangers nothing that lists do not show them."""

import pytest
from django.db import connection

from accounts.actions import join_organization
from accounts.models import Namespace
from repositories.actions import restrict


@pytest.fixture
def private(make_repository):
    return make_repository("secret-model", visibility="private")


def names(response) -> set[str]:
    return {row.name for row in response.context["page"].rows}


def test_everybody_sees_what_is_public(client, repository, private):
    assert names(client.get("/nok")) == {"tiny-model"}


def test_the_person_sees_the_own_private_ones(sign_in, owner, repository, private):
    page = sign_in(owner).get("/nok")
    assert names(page) == {"tiny-model", "secret-model"}
    assert "Edit the profile" in page.content.decode()


def test_not_even_the_team_sees_private_ones(sign_in, moderator, repository, private):
    assert names(sign_in(moderator).get("/nok")) == {"tiny-model"}


def test_downgraded_ones_are_only_there_for_owner_and_team(sign_in, client, owner, moderator, repository):
    restrict(repository, kind="downgraded", reason="Spam.", ends_at=None, actor=moderator)
    assert names(client.get("/nok")) == set()
    for user in (owner, moderator):
        page = sign_in(user).get("/nok")
        assert names(page) == {"tiny-model"}
        assert '<span class="tag downgraded">' in page.content.decode()


def test_organization_shows_its_members_and_its_repositories(client, organization, owner, author, make_repository):
    join_organization(author, organization, role="write", actor=owner)
    make_repository("shared-model", owner=organization)
    page = client.get("/mekong-lab")
    assert names(page) == {"shared-model"}
    assert 'href="/quentin"' in page.content.decode()
    assert f"/report/organization/{organization.public_id}" in page.content.decode()


def test_person_can_be_reported_by_others_and_not_by_themselves(sign_in, client, owner):
    address = f"/report/user/{owner.public_id}"
    assert address in client.get("/nok").content.decode()
    assert address not in sign_in(owner).get("/nok").content.decode()


def test_name_in_another_case_leads_to_the_one_address(client, owner):
    answer = client.get("/NOK")
    assert answer.status_code == 301
    assert answer["Location"] == "/nok"


def test_closed_account_shows_no_words_of_the_person(client, make_user):
    make_user("gone", bio="My words.", is_active=False)
    page = client.get("/gone").content.decode()
    assert "closed account" in page
    assert "My words." not in page


def test_fixed_words_are_nobodys_name(db, client):
    for word in ("settings", "moderation", "dashboard"):
        assert client.get(f"/{word}").status_code == 404


def test_profile_asks_few_queries(client, owner, make_repository, django_assert_max_num_queries):
    for number in range(5):
        make_repository(f"model-{number}")
    with django_assert_max_num_queries(4):
        client.get("/nok")


def test_a_name_is_found_by_its_index(owner):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Namespace.objects.named("NOK")
    assert rows.get().user == owner
    assert "namespace_unique_any_case" in rows.explain()
