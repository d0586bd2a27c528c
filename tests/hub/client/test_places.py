"""Moving and deleting: the former address leads on, the name stays taken (A2)."""


def test_moved_and_deleted(run, token, repository, owner, reporter, organization):
    seen = run("places", owner=token(owner), stranger=token(reporter), name="nok/tiny-model")
    assert seen["not_theirs"]["status"] == 403
    assert seen["info"] == seen["former"] == "mekong-lab/moved"
    assert (seen["former_file"], seen["upload_to_former"]) == (True, True)
    assert seen["name_stays_taken"]["status"] in (400, 409)
    assert seen["delete_of_others"]["status"] == 403
    assert seen["deleted"] is None
    assert seen["after"]["error"] == seen["again"]["error"] == "RepositoryNotFoundError"
    assert seen["missing_is_fine"] is None
