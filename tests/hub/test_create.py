"""Creating repositories and changing their settings on the wire, as older and newer clients do (A1, A2)."""

import pytest

from accounts.actions import join_organization
from repositories.actions import change_settings
from repositories.actions.move import delete_repository, move_repository
from repositories.models import Gating, Repository, Visibility

CREATE, SETTINGS = "/api/repos/create", "/api/models/nok/tiny-model/settings"


@pytest.mark.parametrize(
    ("body", "url", "visibility"),
    [
        ({"name": "a", "organization": None}, "/nok/a", "public"),
        ({"name": "a", "organization": "NOK", "type": "dataset", "private": True}, "/datasets/nok/a", "private"),
        ({"name": "a", "type": "space", "sdk": "static", "visibility": "private"}, "/spaces/nok/a", "private"),
        ({"name": "a", "organization": "mekong-lab", "private": False}, "/mekong-lab/a", "public"),
    ],
)
def test_create(send, owner, organization, body, url, visibility):
    response = send("post", CREATE, body, user=owner)
    assert response.json() == {
        "url": f"http://testserver{url}",
        "name": url.removeprefix("/").partition("s/")[2] or url[1:],
    }
    assert Repository.objects.get().visibility == visibility


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"name": ""}, 400),
        ({"name": "a b"}, 400),
        ({"name": "a\x00"}, 400),
        ({"name": ["a"]}, 400),
        ({"name": "a", "type": "bucket"}, 400),
        ({"name": "a", "visibility": "protected"}, 400),
        ({"name": "a", "organization": "nobody-here"}, 404),
        ({"name": "a", "organization": "nok"}, 403),
        ({"name": "a", "organization": "mekong-lab"}, 403),
    ],
)
def test_bad_ones(send, reporter, owner, organization, body, status):
    join_organization(reporter, organization, role="read", actor=owner)
    assert send("post", CREATE, body, user=reporter).status_code == status


def test_there_already(send, repository, owner, organization):
    response = send("post", CREATE, {"name": "Tiny-Model"}, user=owner)
    assert (response.status_code, response.json()["url"]) == (409, "http://testserver/nok/tiny-model")
    move_repository(repository, namespace=organization.namespace, name="moved", actor=owner)
    response = send("post", CREATE, {"name": "tiny-model"}, user=owner)
    assert (response.status_code, response.json()["url"]) == (409, "http://testserver/mekong-lab/moved")
    delete_repository(repository, actor=owner)
    response = send("post", CREATE, {"name": "tiny-model"}, user=owner)
    # Not 409: the client would go on with an address where nothing is.
    assert (response.status_code, "url" in response.json()) == (400, False)


@pytest.mark.parametrize(
    ("body", "visibility", "gating"),
    [
        ({"gated": "auto"}, "private", "auto"),
        ({"gated": False}, "private", "none"),
        ({"gated": None, "private": False}, "public", "manual"),
        ({"visibility": "public", "gated": "auto"}, "public", "auto"),
        ({}, "private", "manual"),
    ],
)
def test_settings(send, repository, owner, body, visibility, gating):
    change_settings(repository, actor=owner, visibility=Visibility.PRIVATE, gating=Gating.MANUAL)
    assert send("put", SETTINGS, body, user=owner).status_code == 200
    repository.refresh_from_db()
    assert (repository.visibility, repository.gating) == (visibility, gating)


@pytest.mark.parametrize("body", [{"gated": True}, {"gated": 0}, {"gated": "x"}, {"gated": []}, {"visibility": "x"}])
def test_bad_settings(send, repository, owner, body):
    assert send("put", SETTINGS, body, user=owner).status_code == 400


def test_settings_of_others(send, repository, reporter):
    assert send("put", SETTINGS, {"gated": "auto"}, user=reporter).status_code == 403
    assert send("put", SETTINGS, {"gated": "auto"}).status_code == 401
