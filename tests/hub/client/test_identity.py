"""Checks 1 to 5: unknown tokens, private and missing repositories, missing files and revisions."""

from repositories.models import Visibility

REPO, PRIVATE = "nok/tiny-model", "nok/secret"


def test_who_asks(run, token, repository, make_repository, owner, reporter):
    make_repository("secret", visibility=Visibility.PRIVATE)
    seen = run("identity", owner=token(owner), stranger=token(reporter), private=PRIVATE, public=REPO)
    assert (seen["unknown_token"]["status"], seen["whoami"]) == (401, "nok")
    assert "Invalid user token" in seen["unknown_token"]["text"]
    for private, missing in zip(seen["private"], seen["missing"], strict=True):
        assert private["error"] == missing["error"] == "RepositoryNotFoundError"
        assert private["status"] == missing["status"]
    assert [seen["short_name"]["error"], seen["short_name_file"]["error"]] == ["RepositoryNotFoundError"] * 2
    assert seen["exists"] == [True, False, False]
    assert seen["info"] == [PRIVATE, True]
    assert "EntryNotFoundError" in seen["missing_file"]["error"]
    assert seen["missing_file"]["commit"] == repository.head
    assert seen["missing_file_exists"] == [True, False]
    assert seen["missing_revision"]["error"] == seen["missing_revision_info"]["error"] == "RevisionNotFoundError"
