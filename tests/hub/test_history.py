"""Branches and commits on the wire."""

import pytest

from repositories.actions import change_settings, commit, create_repository
from repositories.models import Gating

PATH = "/api/models/nok/tiny-model"


def test_refs(send, repository, owner):
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.head}
    assert send("get", f"{PATH}/refs").json() == {"branches": [main], "converts": [], "tags": []}
    assert send("get", f"{PATH}/refs?include_prs=1").json()["pullRequests"] == []
    create_repository(owner.namespace, "empty", kind="model", actor=owner)
    assert send("get", "/api/models/nok/empty/refs").json()["branches"] == []


def test_commits(send, repository, owner, monkeypatch):
    monkeypatch.setattr("hub.views.history.COMMITS", 2)
    for number in range(3):
        commit(repository, {"x": str(number).encode()}, actor=owner, message=f"Change {number}\n\nBecause.")
    response, found = send("get", f"{PATH}/commits/main"), []
    while True:
        found += response.json()
        if "Link" not in response:
            break
        address, relation = response["Link"].split("; ")
        assert relation == 'rel="next"'
        assert address.startswith("<http://testserver/api/models/nok/tiny-model/commits/")
        response = send("get", address[1:-1].removeprefix("http://testserver"))
    assert [one["title"] for one in found] == ["Change 2", "Change 1", "Change 0", "Add the card"]
    first = found[0]
    assert (first["id"], first["message"], first["authors"]) == (repository.head, "Because.", [{"user": "nok"}])
    assert first["date"].endswith("Z")


@pytest.mark.parametrize(("path", "status"), [("main?p=x", 400), ("main?p=-1", 400), ("v9", 404), ("main?p=9", 200)])
def test_bad_questions(send, repository, path, status):
    assert send("get", f"{PATH}/commits/{path}").status_code == status


def test_gated(send, repository, owner, reporter):
    change_settings(repository, actor=owner, gating=Gating.AUTO)
    response = send("get", f"{PATH}/commits/main", user=reporter)
    assert (response.status_code, response["X-Error-Code"]) == (403, "GatedRepo")
    assert send("get", f"{PATH}/refs", user=reporter).status_code == 200
