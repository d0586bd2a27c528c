"""Moving and deleting on the wire (A2)."""

import pytest

from repositories.models import FormerAddress, Repository

MOVE, DELETE = "/api/repos/move", "/api/repos/delete"


def test_move(send, repository, owner):
    response = send("post", MOVE, {"fromRepo": "nok/tiny-model", "toRepo": "nok/big", "type": "model"}, user=owner)
    assert response.json() == {"url": "http://testserver/nok/big", "name": "nok/big"}
    assert FormerAddress.objects.get().repository == repository


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fromRepo": "nok/tiny-model", "toRepo": "big"}, 400),
        ({"fromRepo": "tiny-model", "toRepo": "nok/big"}, 404),
        ({"fromRepo": "nok/tiny-model", "toRepo": "nobody-here/big"}, 404),
        ({"fromRepo": "nok/tiny-model", "toRepo": "iris/big"}, 403),
        ({"fromRepo": "nok/tiny-model", "toRepo": "nok/.."}, 400),
        ({"fromRepo": "nok/tiny-model", "toRepo": "nok/tiny-model"}, 409),
        ({"fromRepo": "nok/tiny-model", "toRepo": "nok/x", "type": "kernel"}, 400),
        ({"fromRepo": ["x"], "toRepo": "nok/x"}, 400),
        ({}, 400),
    ],
)
def test_bad_moves(send, repository, owner, reporter, body, status):
    assert send("post", MOVE, body, user=owner).status_code == status


@pytest.mark.parametrize("body", [{"name": "tiny-model"}, {"name": "TINY-model", "organization": "nok", "type": None}])
def test_delete(send, repository, owner, body):
    assert send("delete", DELETE, body, user=owner).status_code == 200
    assert Repository.objects.get().deleted_at
    assert send("delete", DELETE, body, user=owner).json() == {"error": "Repository not found"}


def test_delete_under_a_former_name(send, repository, owner):
    """Whoever deletes must name what it is called now."""
    send("post", MOVE, {"fromRepo": "nok/tiny-model", "toRepo": "nok/big"}, user=owner)
    response = send("delete", DELETE, {"name": "tiny-model"}, user=owner)
    assert (response.status_code, response["X-Error-Code"]) == (404, "RepoNotFound")
    assert "nok/big" in response.json()["error"]
    assert Repository.objects.get().deleted_at is None


def test_who_may(send, repository, reporter):
    assert send("delete", DELETE, {"name": "tiny-model", "organization": "nok"}, user=reporter).status_code == 403
    assert send("delete", DELETE, {"name": "tiny-model", "organization": "nok"}).status_code == 401
    assert send("post", MOVE, {"fromRepo": "nok/tiny-model", "toRepo": "iris/x"}, user=reporter).status_code == 403
