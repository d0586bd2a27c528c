"""Checks 10 to 14: what the team disables, and enables again."""

from repositories.actions import commit, lift, restrict
from repositories.models import Restriction

REPO = "nok/tiny-model"


def test_disabled_and_enabled_again(run, token, repository, owner, reporter, moderator):
    commit(repository, {"weights.bin": b"\x00\x01" * 500}, actor=owner, message="Add weights")
    stranger = token(reporter)
    before = run("disabled", stranger=stranger, name=REPO)
    assert (before["info"], before["listed"]) == ([False, False], [REPO])
    measure = restrict(repository, kind=Restriction.Kind.DISABLED, reason="Malware.", actor=moderator)
    during = run("disabled", stranger=stranger, name=REPO)
    assert [one["error"] for one in during["info"]] == ["DisabledRepoError", "RepositoryNotFoundError"]
    assert [during[name]["error"] for name in ("tree", "exists", "checked")] == ["DisabledRepoError"] * 3
    cold = during["download"]
    assert (cold["error"], cold["cause"]) == ("LocalEntryNotFoundError", "DisabledRepoError")
    assert "RepositoryNotFoundError" in during["download_of_nobody"].values()
    assert during["listed"] == []
    lift(measure, actor=moderator)
    assert run("disabled", stranger=stranger, name=REPO) == before
    restrict(repository, kind=Restriction.Kind.REMOVED, reason="A trick.", actor=moderator)
    # Removed looks the same to everybody, its owner included (E4).
    for person in (stranger, token(owner)):
        gone = run("disabled", stranger=person, name=REPO)
        assert [one["error"] for one in gone["info"]] == ["DisabledRepoError", "RepositoryNotFoundError"]
        assert [gone[name]["error"] for name in ("tree", "exists", "checked")] == ["DisabledRepoError"] * 3
        assert (gone["download"]["cause"], gone["listed"]) == ("DisabledRepoError", [])
