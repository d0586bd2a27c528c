"""Trees by pages, paths by name, and what we found in the files (A8)."""

import pickle
from urllib.parse import quote

import pytest

from repositories import scanning
from repositories.actions import commit, create_repository

PATH = "/api/models/nok/tiny-model"
SECRET = b'token = "ghp_' + b"A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8" + b'"\n'


class Harm:
    def __reduce__(self):
        return eval, ("1 + 1",)


FILES = {"a/b.bin": b"b", "a/c.bin": b"c", "harm.pkl": pickle.dumps(Harm()), "secret.py": SECRET}


@pytest.fixture
def repository(repository, owner):
    commit(repository, FILES, actor=owner, message="Add files")
    return repository


def paths_info(client, paths, path=PATH, revision="main", **more):
    return client.post(f"{path}/paths-info/{revision}", {"paths": paths, **more})


@pytest.mark.parametrize("recursive", ["true", "True", "false"])
def test_pages(send, repository, monkeypatch, recursive):
    monkeypatch.setattr("hub.views.tree.PAGE", 2)
    response, found = send("get", f"{PATH}/tree/main?recursive={recursive}"), []
    while True:
        found += [one["path"] for one in response.json()]
        if "Link" not in response:
            break
        address = response["Link"].removeprefix("<http://testserver").removesuffix('>; rel="next"')
        assert f"/tree/{repository.head}?" in address  # the same commit, whatever is committed meanwhile
        response = send("get", address)
    deep = ["a/b.bin", "a/c.bin"] if recursive != "false" else []
    assert found == ["README.md", "a", *deep, "harm.pkl", "secret.py"]


def test_pages_of_a_folder(send, repository, owner, monkeypatch):
    commit(repository, {f"โฟลเดอร์ a+b?/{number}": b"x" for number in range(3)}, actor=owner, message="Odd")
    monkeypatch.setattr("hub.views.tree.PAGE", 2)
    response = send("get", f"{PATH}/tree/main/{quote('โฟลเดอร์ a+b?', safe='')}")
    address = response["Link"].removeprefix("<http://testserver").removesuffix('>; rel="next"')
    assert [one["path"] for one in send("get", address).json()] == ["โฟลเดอร์ a+b?/2"]


def test_empty(send, owner, client):
    create_repository(owner.namespace, "tiny-model", kind="model", actor=owner)
    assert send("get", f"{PATH}/tree/main?recursive=True&expand=True").json() == []
    assert send("get", f"{PATH}/tree/main/folder").status_code == 404
    assert paths_info(client, ["a", ""]).json() == []
    assert send("get", f"{PATH}/commits/main").json() == []
    assert send("get", f"{PATH}/resolve/main/a").status_code == 404


def test_paths_info(client, repository):
    found = paths_info(client, ["a", "a/b.bin", "README.md/x", "nothing", "", "../x", "a/b.bin"]).json()
    assert [(one["type"], one["path"], one["size"]) for one in found] == [("directory", "a", 0), ("file", "a/b.bin", 1)]
    assert paths_info(client, "a").json()[0]["type"] == "directory"
    assert paths_info(client, "a", revision="v9").status_code == 404
    assert paths_info(client, ["x"] * 1_001).status_code == 413


def test_last_commits(send, repository, owner):
    commit(repository, {"a/b.bin": b"new"}, actor=owner, message="Change b\n\nBecause.")
    found = {one["path"]: one for one in send("get", f"{PATH}/tree/main?recursive=1&expand=1").json()}
    titles = {path: one["lastCommit"]["title"] for path, one in found.items()}
    assert (titles["a"], titles["a/b.bin"], titles["a/c.bin"]) == ("Change b", "Change b", "Add files")
    assert found["a"]["lastCommit"]["id"] == repository.head
    assert found["a"]["lastCommit"]["date"].endswith("Z")


def _security(client, **headers):
    found = client.get(f"{PATH}/tree/main?expand=1", **headers).json()
    return {one["path"]: one["securityFileStatus"] for one in found if one["type"] == "file"}


def test_security_before_anybody_looked(client, repository):
    waits = {"status": "queued", "avScan": None, "pickleImportScan": None}
    assert set(map(str, _security(client).values())) == {str(waits)}
    info = client.get(f"{PATH}?securityStatus=true").json()
    assert info["securityRepoStatus"] == {"scansDone": False, "filesWithIssues": []}


def test_security(client, sign_in, repository, owner):
    """Strangers are warned of what harms who loads it; that a secret leaked is for the owner to read."""
    while scanning.scan_due_files():
        pass
    stranger, own = _security(client), _security(sign_in(owner))
    assert (stranger["harm.pkl"]["status"], own["harm.pkl"]["status"]) == ("unsafe", "unsafe")
    (imported,) = stranger["harm.pkl"]["pickleImportScan"]["pickleImports"]
    assert (imported["name"], imported["safety"]) == ("eval", "dangerous")
    assert stranger["secret.py"]["status"] == stranger["README.md"]["status"] == "safe"
    assert own["secret.py"]["status"] in ("caution", "unsafe")
    issues = [one.get(f"{PATH}?securityStatus=true").json()["securityRepoStatus"] for one in (client, sign_in(owner))]
    assert [[issue["path"] for issue in one["filesWithIssues"]] for one in issues] == [
        ["harm.pkl"],
        ["harm.pkl", "secret.py"],
    ]
    assert issues[0]["scansDone"]


def test_query_count(client, repository, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(f"{PATH}/tree/main?recursive=1&expand=1")
