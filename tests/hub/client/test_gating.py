"""Checks 6 to 9 and 27: a gated repository before and after its owner decides."""

from repositories.actions import commit
from repositories.models import Gating


def test_gated(run, token, make_repository, owner, reporter, author):
    for name, gating in (("manual", Gating.MANUAL), ("auto", Gating.AUTO), ("open", Gating.NONE)):
        made = make_repository(name, gating=gating)
        commit(made, {"weights.bin": name.encode()}, actor=owner, message="Add weights")
    names = {name: f"nok/{name}" for name in ("manual", "auto", "open")}
    seen = run("gating", owner=token(owner), stranger=token(reporter, "write"), nobody=False, **names)
    assert seen["info"] == ["manual", "auto", False]
    assert [one["error"] for one in seen["before"]] == ["GatedRepoError"] * 3
    assert (seen["card"], seen["asked"]) == ("open", 200)
    assert seen["waiting"]["error"] == "GatedRepoError"
    assert seen["pending"] == [["iris", "iris@people.example", "pending"]]
    assert seen["not_writer"]["status"] == 403
    assert ([one[2] for one in seen["accepted"]], seen["after"]) == (["accepted"], "manual")
    assert ([one[2] for one in seen["rejected"]], seen["after_rejection"]["error"]) == (["rejected"], "GatedRepoError")
    assert [seen[name]["status"] for name in ("rejected_twice", "unknown_person", "never_asked")] == [404] * 3
    assert [one[2] for one in seen["cancelled"]] == ["pending"]
    assert [seen[name]["status"] for name in ("granted_twice", "not_gated", "not_gated_decision")] == [400] * 3
    assert (seen["asked_auto"], seen["after_auto"]) == (200, "auto")
