"""Looking into files: leased work for every new content, and who reads what it found (A8)."""

import json
import pickle

import pytest

from repositories import git
from repositories.actions import commit
from repositories.models import Repository, Scan
from repositories.scanning import scan_due_files, state_of

PAGE = "/nok/tiny-model"


class Harmful:
    def __reduce__(self):
        import os

        return os.system, ("true",)


@pytest.fixture
def harmful() -> bytes:
    return pickle.dumps(Harmful())


def levels() -> dict[str, str]:
    return dict(Scan.objects.values_list("path", "level"))


def test_every_new_content_is_looked_into_once(repository, owner, harmful):
    commit(repository, {"model.pkl": harmful, "notes.txt": b"All is well."}, actor=owner, message="Add weights")
    assert set(levels().values()) == {"queued"}
    assert not state_of(repository).done
    assert scan_due_files() == 3
    assert levels() == {"README.md": "safe", "model.pkl": "unsafe", "notes.txt": "safe"}
    state = state_of(repository)
    assert (state.done, [path for path, _scan in state.issues]) == (True, ["model.pkl"])
    commit(repository, {"copy.pkl": harmful, "notes.txt": None}, actor=owner, message="Copy")
    assert scan_due_files() == 0
    assert [path for path, _scan in state_of(repository).issues] == ["copy.pkl", "model.pkl"]
    commit(repository, {"copy.pkl": None, "model.pkl": None}, actor=owner, message="Clean up")
    assert state_of(repository).issues == ()


def test_secrets_are_named_and_never_stored(repository, owner):
    secret = "ghp_" + "a1B2" * 9
    commit(repository, {"train.py": f"token = '{secret}'\n".encode()}, actor=owner, message="Train")
    scan_due_files()
    scan = Scan.objects.get(path="train.py")
    assert scan.level in ("caution", "unsafe")
    assert secret not in json.dumps(scan.findings)


def test_large_files_are_looked_into_too(repository, owner, harmful):
    commit(repository, {"big.pkl": harmful + b"\0" * git.LARGE}, actor=owner, message="Add weights")
    scan_due_files()
    assert levels()["big.pkl"] == "unsafe"


def test_owner_and_team_read_what_was_found_and_others_do_not(sign_in, repository, owner, moderator, reporter, harmful):
    index = {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None]}
    files = {"model.pkl": harmful, "model_index.json": json.dumps(index).encode()}
    commit(repository, files, actor=owner, message="Add a pipeline")
    page = sign_in(owner).get(PAGE).content.decode()
    assert "switches its safety checker off" in page
    assert "still looking" in page
    scan_due_files()
    for person in (owner, moderator):
        page = sign_in(person).get(PAGE).content.decode()
        assert "can run harmful code" in page
        assert "model.pkl" in page
    assert "safety checker" not in sign_in(reporter).get(PAGE).content.decode()
    assert Repository.objects.get().signals[0] == {
        "kind": "safety_checker",
        "value": "null",
        "path": "model_index.json",
    }


def test_that_a_file_is_on_a_list_is_told_to_the_team_alone(sign_in, repository, owner, moderator):
    commit(repository, {"notes.txt": b"All is well."}, actor=owner, message="Add")
    scan_due_files()
    scan = Scan.objects.get(path="notes.txt")
    listed = {"kind": "hash", "level": "unsafe", "code": "known_bad", "detail": "", "line": None}
    pages = (PAGE, f"{PAGE}/files", f"{PAGE}/file/notes.txt", "/api/models/nok/tiny-model?securityStatus=true")

    def read(person) -> list[str]:
        client = sign_in(person)
        return [client.get(page).content.decode() for page in pages]

    def words(seen: list[str]) -> list[list[bool]]:
        return [[word in page for word in ("known to do harm", "unsafe", "caution", "nothing found")] for page in seen]

    clean = words(read(owner))
    Scan.objects.filter(pk=scan.pk).update(level="unsafe", findings=scan.findings | {"findings": [listed]})
    assert words(read(owner)) == clean
    page, folder, file, _ = read(moderator)
    assert "known to do harm" in page
    assert "known to do harm" in file
    assert "unsafe" in folder
    both = [listed, listed | {"kind": "secret", "level": "caution", "code": "hub_token"}]
    Scan.objects.filter(pk=scan.pk).update(findings=scan.findings | {"findings": both})
    page, folder, file, info = read(owner)
    assert "known to do harm" not in page + folder + file
    assert "A hub token" in file
    assert '"caution"' in info
    assert '"unsafe"' not in info


def test_a_content_that_is_gone_waits_with_its_error(repository):
    Scan.objects.update(oid="0" * 40)
    assert scan_due_files() == 0
    assert "is not in" in Scan.objects.get().last_error
