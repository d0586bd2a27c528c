"""What the owner chooses: visibility and gating (A2, E5)."""

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from repositories.actions import lift, restrict

ADDRESS = "/nok/tiny-model/settings"


def test_owner_changes_both(sign_in, owner, repository, client):
    response = sign_in(owner).post(ADDRESS, {"visibility": "private", "gating": "manual"})
    assert (response.status_code, response["Location"]) == (303, ADDRESS)
    repository.refresh_from_db()
    assert (repository.visibility, repository.gating, repository.listed) == ("private", "manual", False)
    assert client.get("/nok/tiny-model").status_code == 404


def test_choice_made_under_a_restriction_holds_afterwards(sign_in, owner, repository):
    restriction = restrict(repository, kind="downgraded", reason="Why.", actor=system_actor())
    client = sign_in(owner)
    assert "exactly your choice holds" in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"visibility": "private", "gating": "none"})
    client.post(ADDRESS, {"visibility": "public", "gating": "auto"})
    repository.refresh_from_db()
    assert not repository.listed
    lift(restriction, actor=system_actor())
    repository.refresh_from_db()
    assert (repository.listed, repository.gating) == (True, "auto")


@pytest.mark.parametrize("values", [{}, {"visibility": "secret", "gating": "none"}, {"visibility": "public"}])
def test_forged_choice_changes_nothing(sign_in, owner, repository, values):
    assert sign_in(owner).post(ADDRESS, values).status_code == 422
    repository.refresh_from_db()
    assert (repository.visibility, repository.gating) == ("public", "none")


@pytest.mark.parametrize(("role", "status"), [("read", 403), ("contributor", 403), ("write", 403), ("admin", 200)])
def test_by_role(organization, make_repository, sign_in, owner, reporter, role, status):
    make_repository("ours", owner=organization)
    join_organization(reporter, organization, role=role, actor=owner)
    assert sign_in(reporter).get("/mekong-lab/ours/settings").status_code == status


def test_visitors_strangers_and_the_team_do_not(client, sign_in, reporter, moderator, repository):
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    for person in (reporter, moderator):
        response = sign_in(person).post(ADDRESS, {"visibility": "private", "gating": "none"})
        assert response.status_code == 403
    repository.refresh_from_db()
    assert repository.visibility == "public"
