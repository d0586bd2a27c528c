"""The whole life of a repository: created, filled, read, changed, moved, deleted (A1, K2)."""

import hashlib
from urllib.request import urlopen

from accounts.actions import join_organization
from repositories.actions import like

LARGE = bytes(range(256)) * 4096 * 12
SHA256 = hashlib.sha256(LARGE).hexdigest()
FILES = {
    "README.md": 46,
    "config.json": 2,
    "empty.txt": 0,
    "logs/1.txt": 3,
    "weights/large.bin": len(LARGE),
    "weights/ไฟล์ a%20+#?.txt": 8,
}


def test_repository(run, server, token, repository, owner, reporter, author, organization):
    like(repository, actor=reporter)
    like(repository, actor=author)
    join_organization(reporter, organization, role="read", actor=owner)
    seen = run("repositories", owner=token(owner), stranger=token(reporter), liked="nok/tiny-model")
    _created(seen, server)
    _filled(seen, server)
    _read(seen)
    _changed(seen)
    assert seen["likers"] == ["quentin", "iris"]
    assert (seen["unliked"], seen["likes"]) == (["quentin"], ["nok/tiny-model"])
    assert (seen["person"], seen["nobody"]["status"]) == (["iris", 1], 404)
    assert sorted(seen["members"]) == ["iris", "nok"]
    assert urlopen(seen["avatar"]).status == 200


def _created(seen, server):
    assert (seen["created"], seen["again"]["status"]) == (f"{server}/nok/made", 409)
    assert seen["again_is_fine"] == "nok/made"
    assert (seen["not_theirs"]["status"], seen["bad_name"]["status"]) == (403, 400)
    assert seen["empty"] == [[], [], None]
    assert (seen["dataset"], seen["space"]) == (f"{server}/datasets/nok/data", f"{server}/spaces/nok/room")
    assert (seen["private"][0], seen["private"][1]["error"]) == (True, "RepositoryNotFoundError")
    assert seen["settings"] == [False, "manual"]
    assert seen["settings_of_others"]["status"] == 403


def _filled(seen, server):
    assert seen["url"].startswith(f"{server}/nok/made/commit/")
    assert seen["is_head"]
    assert seen["card"] == "mit"
    assert seen["security"] == ["filesWithIssues", "scansDone"]
    assert {path: size for path, (size, _sha256) in seen["files"].items()} == FILES
    assert seen["files"]["weights/large.bin"][1] == SHA256
    assert seen["unchanged"]
    assert seen["by_stranger"]["status"] == 403
    assert seen["bad_card"]["error"] == "ValueError"
    assert (seen["snapshot"], seen["same"]) == (True, True)


def _read(seen):
    assert seen["tree"] == sorted([*FILES, "logs", "weights"])
    assert seen["last_commits"] == ["Fill it"]
    assert seen["large"] == [len(LARGE), len(LARGE), SHA256, True]
    assert seen["paths"] == {"config.json": "RepoFile", "weights": "RepoFolder", "weights/large.bin": "RepoFile"}
    assert seen["refs"] == [["main", "refs/heads/main", True]]
    assert seen["history"] == [["Fill it", ["nok"]]]
    assert seen["file_exists"] == [True, False]
    assert seen["checked"] == [None, None]
    assert seen["slice"]
    assert seen["listed"] == ["nok/made/weights/large.bin", "nok/made/weights/ไฟล์ a%20+#?.txt"]
    assert seen["read"]


def _changed(seen):
    assert seen["changed"] == ["README.md", "added.txt", "copied.bin", "copied.json", "empty.txt", "logs/1.txt"]
    assert seen["copied"] == SHA256
    assert seen["before"] == sorted(FILES)
    assert seen["stale"]["status"] == 412
    assert "A file with this name doesn't exist" in seen["missing"]["text"]
    assert seen["missing_folder"]["status"] == 404
    assert seen["branch"]["status"] == 404
    assert seen["to_branch"]["error"] == "RevisionNotFoundError"
    assert seen["left"] == ["README.md", "added.txt", "copied.bin", "copied.json", "empty.txt"]
