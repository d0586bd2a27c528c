"""hf_hub_download, file_exists and their errors (A2; checks 4, 7, 11, 12, 14)."""

import pytest
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    LocalEntryNotFoundError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from repositories.actions import change_settings, commit, lift, restrict
from repositories.models import Gating, Restriction, Visibility


@pytest.fixture
def repository(make_repository, owner):
    made = make_repository()
    commit(made, {"weights/model.bin": b"\x00\x01" * 500, "README.md": made.card.encode()}, actor=owner, message="Add")
    return made


def test_bytes_and_count(hub, download, repository):
    assert download(hub(), repository, "weights/model.bin") == b"\x00\x01" * 500
    repository.refresh_from_db()
    assert repository.downloads == 1


@pytest.mark.parametrize("kind", ["dataset", "space"])
def test_other_kinds(hub, download, make_repository, kind):
    made = make_repository("things", kind=kind)
    assert download(hub(), made, "README.md", repo_type=kind) == made.card.encode()


def test_revision(hub, download, repository, owner):
    first = repository.head
    commit(repository, {"README.md": b"# New"}, actor=owner, message="Again")
    assert download(hub(), repository, "README.md") == b"# New"
    assert download(hub(), repository, "README.md", revision=first) != b"# New"
    with pytest.raises(RevisionNotFoundError):
        download(hub(), repository, "README.md", revision="v9")


def test_missing_file(hub, download, repository):
    with pytest.raises(RemoteEntryNotFoundError) as raised:
        download(hub(), repository, "nothing.bin")
    assert raised.value.response.headers["X-Repo-Commit"] == repository.head
    assert not hub().file_exists("nok/tiny-model", "nothing.bin")
    assert hub().file_exists("nok/tiny-model", "weights/model.bin")


@pytest.mark.parametrize("path", ["weights", "weights/", "../secret", "a//b", "weights/model.bin/x", "ไฟล์"])
def test_odd_paths(client, repository, path):
    response = client.head(f"/nok/tiny-model/resolve/main/{path}")
    assert (response.status_code, response["X-Error-Code"]) == (404, "EntryNotFound")


def test_private(hub, download, repository, owner, reporter):
    change_settings(repository, actor=owner, visibility=Visibility.PRIVATE)
    for api in (hub(), hub(reporter)):
        with pytest.raises((RepositoryNotFoundError, LocalEntryNotFoundError)):
            download(api, repository, "weights/model.bin")
        with pytest.raises(RepositoryNotFoundError):
            api.get_hf_file_metadata(url=f"{api.endpoint}/nok/tiny-model/resolve/main/README.md")
    assert download(hub(owner, "read"), repository, "weights/model.bin")


def test_gated(hub, download, repository, owner, reporter):
    change_settings(repository, actor=owner, gating=Gating.MANUAL)
    for api in (hub(), hub(reporter)):
        with pytest.raises(GatedRepoError):
            download(api, repository, "weights/model.bin")
        with pytest.raises(GatedRepoError):
            api.auth_check("nok/tiny-model")
    assert download(hub(reporter), repository, "README.md")
    assert download(hub(owner), repository, "weights/model.bin")


def test_earlier_cards_of_a_gated_repository(hub, download, repository, owner):
    first = repository.head
    commit(repository, {"README.md": b"# New"}, actor=owner, message="Again")
    change_settings(repository, actor=owner, gating=Gating.AUTO)
    with pytest.raises(GatedRepoError):
        download(hub(), repository, "README.md", revision=first)


def test_disabled(hub, download, repository, owner, reporter, moderator):
    restrict(repository, kind=Restriction.Kind.DISABLED, reason="Malware.", actor=moderator)
    with pytest.raises(LocalEntryNotFoundError) as raised:
        download(hub(reporter), repository, "weights/model.bin")
    assert isinstance(raised.value.__cause__, DisabledRepoError)
    with pytest.raises(DisabledRepoError):
        hub(reporter).file_exists("nok/tiny-model", "weights/model.bin")
    with pytest.raises((RepositoryNotFoundError, EntryNotFoundError)):
        download(hub(), repository, "weights/model.bin")
    assert download(hub(owner), repository, "weights/model.bin")


def test_etag_is_the_same_after_a_restriction(client, repository, moderator):
    path = "/nok/tiny-model/resolve/main/weights/model.bin"
    before = client.head(path)["ETag"]
    restriction = restrict(repository, kind=Restriction.Kind.DISABLED, reason="Malware.", actor=moderator)
    assert client.head(path).status_code == 401
    lift(restriction, actor=moderator)
    assert client.head(path)["ETag"] == before


def test_nothing_runs_in_a_browser(client, repository):
    response = client.get("/nok/tiny-model/resolve/main/README.md")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_warning_for_not_for_all_audiences(hub, download, make_repository, caplog):
    made = make_repository("adult", card="---\ntags: [not-for-all-audiences]\n---\n# {name}\n")
    download(hub(), made, "README.md")
    assert "not for all audiences" in caplog.text
