"""list_repo_tree, list_repo_files, auth_check (K2)."""

import pytest
from huggingface_hub.errors import GatedRepoError, RemoteEntryNotFoundError, RevisionNotFoundError

from repositories.actions import change_settings, commit
from repositories.models import Gating

REPO = "nok/tiny-model"
FILES = {"config.json": b"{}", "weights/a.bin": b"\x00" * 10, "weights/deep/b.bin": b"\x01" * 20}


@pytest.fixture
def repository(repository, owner):
    commit(repository, FILES, actor=owner, message="Add files")
    return repository


def paths(found) -> list[str]:
    return [one.path for one in found]


def test_top(hub, repository):
    assert paths(hub().list_repo_tree(REPO)) == ["README.md", "config.json", "weights"]


def test_folder(hub, repository):
    (file, folder) = hub().list_repo_tree(REPO, "weights")
    assert (file.path, file.size) == ("weights/a.bin", 10)
    assert folder.path == "weights/deep"
    assert len(folder.tree_id) == 40


def test_everything(hub, repository):
    assert set(hub().list_repo_files(REPO)) == {"README.md", *FILES}


def test_what_is_not_there(hub, repository):
    for folder in ("nothing", "config.json"):
        with pytest.raises(RemoteEntryNotFoundError):
            list(hub().list_repo_tree(REPO, folder))
    with pytest.raises(RevisionNotFoundError):
        list(hub().list_repo_tree(REPO, revision="v9"))


def test_gated(hub, repository, owner, reporter):
    change_settings(repository, actor=owner, gating=Gating.AUTO)
    with pytest.raises(GatedRepoError):
        list(hub(reporter).list_repo_tree(REPO))


def test_auth_check(hub, repository, owner, reporter):
    hub(reporter).auth_check(REPO)
    hub(owner).auth_check(REPO, write=True)
    with pytest.raises(Exception, match="cannot write"):
        hub(reporter).auth_check(REPO, write=True)
