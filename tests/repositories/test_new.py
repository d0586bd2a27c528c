"""Making a repository (A1)."""

import pytest

from accounts.actions import join_organization
from accounts.models import Namespace
from repositories.models import Repository


def form(owner, **changes):
    values = {"owner": Namespace.objects.get(name=str(owner)).pk, "name": "fresh", "kind": "dataset"}
    return {**values, "visibility": "private", "gating": "auto", **changes}


def test_owner_makes_one_and_goes_on_to_its_card(sign_in, owner):
    response = sign_in(owner).post("/new", form(owner))
    assert (response.status_code, response["Location"]) == (303, "/datasets/nok/fresh/card/edit")
    made = Repository.objects.get()
    assert (made.visibility, made.gating, made.listed, made.created_by) == ("private", "auto", False, owner)


def test_visitor_signs_in_first(client, db):
    assert client.get("/new")["Location"] == "/accounts/login/?next=/new"


@pytest.mark.parametrize("name", ["", "a b", "../x", "x.git", "-x", "a--b", "ก", "a" * 97, "a\u202eb", "a\x00b"])
def test_name_that_cannot_be_an_address(sign_in, owner, name):
    response = sign_in(owner).post("/new", form(owner, name=name))
    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()
    assert not Repository.objects.exists()


def test_name_that_is_taken_in_any_case(sign_in, owner, repository):
    response = sign_in(owner).post("/new", form(owner, name="Tiny-Model", kind="model"))
    assert response.status_code == 422
    assert "You already have a repository of this name and kind." in response.content.decode()


@pytest.mark.parametrize(("role", "status"), [("read", 422), ("contributor", 422), ("write", 303), ("admin", 303)])
def test_members_publish_by_role(sign_in, organization, owner, reporter, role, status):
    join_organization(reporter, organization, role=role, actor=owner)
    assert sign_in(reporter).post("/new", form(organization)).status_code == status
    assert Repository.objects.exists() == (status == 303)


def test_nobody_publishes_under_the_name_of_another(sign_in, owner, reporter):
    assert sign_in(reporter).post("/new", form(owner)).status_code == 422
    assert not Repository.objects.exists()


@pytest.mark.parametrize("field", ["kind", "visibility", "gating", "owner"])
def test_forged_choice(sign_in, owner, field):
    assert sign_in(owner).post("/new", {**form(owner), field: "nonsense"}).status_code == 422
    assert sign_in(owner).post("/new", {"name": "fresh"}).status_code == 422
    assert not Repository.objects.exists()


def test_kind_of_the_address_is_chosen_already(sign_in, owner):
    assert '<option value="space" selected>' in sign_in(owner).get("/new?kind=space").content.decode()
