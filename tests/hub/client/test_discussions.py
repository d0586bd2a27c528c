"""Checks 19 to 26: lists, reports, renaming, hiding, locks, and who is kept from posting."""

import pytest

from accounts.queries import system_actor
from community.actions import add_comment, open_discussion, set_locked, set_status
from community.actions.posts import write_discussion
from community.pull_requests import open_pull_request
from moderation.cases.actions import decide_directly, receive_report

NAME = "nok/tiny-model"


@pytest.fixture
def many(make_repository, author, reporter):
    """120 discussions by two people: of the last ones two are closed, and one is a pull request."""
    made = make_repository("many")
    for number in range(119):
        by = (author, reporter)[number % 2]
        opened = write_discussion(made, title=f"Number {number}", text="Text.", actor=by, quiet=True)
        if number > 116:
            set_status(opened, "closed", actor=opened.author)
    open_pull_request(made, [], title="Notes", text="Text.", actor=reporter)
    return "nok/many"


@pytest.fixture
def own(repository, make_user, make_repository, moderator, clause):
    """own("name", "posting_ban"): a person with that sanction, and what is theirs."""

    def of(name, kind):
        person = make_user(name)
        discussion = open_discussion(repository, title="Me", text="Here I am.", actor=person)
        comment = add_comment(discussion, text="You people are idiots.", actor=person)
        make_repository("mine", owner=person)
        draft = open_pull_request(repository, [], title="Notes", text="Text.", actor=person)
        decide_directly(comment, kind=kind, clause=clause("harassment"), reason="You insulted people.", actor=moderator)
        numbers = {"number": discussion.number, "draft": draft.number}
        return person, {**numbers, "comment": comment.public_id.hex, "repository": f"{name}/mine"}

    return of


def test_the_community_tab(run, token, many, repository, own, owner, reporter, moderator, make_user, clause):
    banned, of_banned = own("bernd", "posting_ban")
    deactivated, of_deactivated = own("dora", "deactivate")
    report = receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=make_user("rita"))
    locked = open_discussion(repository, title="Heated", text="No!", actor=owner)
    set_locked(locked, True, reason="heated", actor=system_actor())
    seen = run(
        "discussions",
        people=[token(one) for one in (owner, reporter, banned, deactivated)],
        name=NAME,
        many=many,
        locked=locked.number,
        report=report.discussion.number,
        banned=of_banned,
        deactivated=of_deactivated,
    )
    assert seen["all"] == list(range(120, 0, -1))
    assert (seen["open"], seen["closed"], seen["proposed"], seen["by_author"]) == (118, [119, 118], [120], 59)
    assert seen["report"][0] == ["comment", "rita"]
    assert seen["report"][1][0] == "reported"
    assert seen["renamed"] == ["A question", "Another question", "Another question"]
    assert seen["refused_rename"]["status"] == 403
    assert seen["edited"] == ["It does, in secret.", True, 1]
    words = "This comment has been hidden"
    assert (seen["hidden"], seen["left"]) == ([words, True, [], words], False)
    assert seen["closed_by"] == ["closed", "nok", True]
    kinds = ["comment", "title-change", "comment", "hidden", "comment", "status-change"]
    assert seen["timeline"] == list(map(list, zip(kinds, ["iris"] * 3 + ["nok"] * 3, strict=True)))
    assert seen["locked"]["status"] == 403
    assert "Reason: too heated." in seen["locked"]["text"]
    for kind, why in (("banned", "You can post again on"), ("deactivated", "You cannot post in community tabs")):
        posts = seen[kind]["posts"]
        assert [(one["status"], why in one["text"]) for one in posts] == [(403, True)] * 8
        assert seen[kind]["reads"][1] == 120
        assert len(seen[kind]["own"]) == 40
