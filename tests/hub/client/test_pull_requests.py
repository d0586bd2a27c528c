"""Pull requests through the client: with a commit, with commits to refs/pr/N, with a folder; merged (check 30)."""

from community.models import Discussion


def test_commits_of_a_pull_request(run, server, token, repository, owner, reporter):
    seen = run("pull_requests", owner=token(owner), stranger=token(reporter), name="nok/tiny-model")
    assert seen["opened"] == [f"{server}/nok/tiny-model/discussions/1", "refs/pr/1", 1]
    assert not seen["on_main"]
    assert seen["in_it"] == seen["at_commit"] == ["README.md", "more.txt", "proposed.txt"]
    assert seen["info"]
    assert seen["refs"] == [["refs/pr/1", True]]
    assert seen["history"][1:] == ["Propose it", "Add the card"]
    assert seen["content"] == "proposed"
    assert seen["missing"]["status"] == 404
    assert seen["refused"] == 403
    assert seen["folder"] == ["merged", True, True]
    assert seen["diff"] == ["diff --git a/data/a.csv b/data/a.csv", "new file mode 100644", "--- /dev/null"]
    assert (seen["statuses"][-1], seen["thanks"]) == ("merged", "Thank you.")
    assert seen["commits"] == [["Upload more.txt with huggingface_hub", True]]
    assert seen["after"] == ["README.md", "data/a.csv"]
    opened = Discussion.objects.order_by("number").first()
    assert (opened.is_pull_request, opened.title, opened.author) == (True, "Propose it", reporter)
