"""Closed or locked by a measure: beside what opener and owner chose, several at once, undone exactly (E4, E5)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import add_comment, react, set_locked, set_status
from community.actions.limits import change_end, end_limits
from community.models import Comment, Discussion
from community.pull_requests import merge_pull_request, open_pull_request
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import decide_directly
from moderation.sanctions.actions import lift
from moderation.sanctions.measures import kinds_for
from moderation.subjects.actions import subject_of
from repositories.git import Put, store_bytes

COLUMNS = ("status", "status_beneath", "locked", "locked_by_team", "locked_by_owner", "locked_by_measure",
           "lock_reason", "owner_lock_reason")  # fmt: skip


def columns(discussion):
    return Discussion.objects.values(*COLUMNS).get(pk=discussion.pk)


def fresh(discussion):
    return Discussion.objects.select_related("repository__namespace").get(pk=discussion.pk)


def kinds_of(discussion):
    return list(discussion.events.order_by("position").values_list("kind", flat=True))


def test_a_closed_discussion_takes_no_comment_and_is_open_again(take, discussion, author, owner, moderator, client):
    before = columns(discussion)
    measure = take("close_discussion", discussion)
    for person in (author, owner):
        with pytest.raises(Refused, match="Our team closed this discussion"):
            add_comment(fresh(discussion), text="One more thing.", actor=person)
        with pytest.raises(Refused, match="nobody opens it again"):
            set_status(fresh(discussion), "open", actor=person)
    page = client.get(f"{discussion.repository.get_absolute_url()}/discussions?status=closed").content.decode()
    assert discussion.title in page
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(discussion) == before
    add_comment(fresh(discussion), text="Thank you.", actor=author)
    assert kinds_of(discussion) == ["closed", "reopened"]
    assert {one.actor.is_system for one in discussion.events.all()} == {True}


@pytest.mark.parametrize("status", ["open", "closed"])
def test_it_restores_the_status_that_people_chose(take, discussion, owner, moderator, status):
    set_status(discussion, status, actor=owner)
    before = columns(discussion)
    measure = take("close_discussion", discussion)
    assert set_status(fresh(discussion), "closed", actor=owner) is None
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(discussion) == before


def test_a_draft_is_a_draft_again_and_nothing_is_merged_meanwhile(take, repository, author, owner, moderator):
    change = Put("a.txt", store_bytes(repository, b"weights").oid)
    proposal = open_pull_request(repository, [change], title="A file", text="Please.", actor=author, draft=True)
    before = columns(proposal)
    measure = take("close_discussion", proposal)
    with pytest.raises(Refused):
        merge_pull_request(fresh(proposal), actor=owner)
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(proposal) == before
    set_status(fresh(proposal), "closed", actor=owner)
    set_status(fresh(proposal), "open", actor=owner)
    assert columns(proposal)["status"] == "draft"


def test_what_is_merged_is_over(repository, author, owner):
    change = Put("a.txt", store_bytes(repository, b"weights").oid)
    proposal = open_pull_request(repository, [change], title="A file", text="Please.", actor=author)
    merge_pull_request(proposal, actor=owner)
    kinds = {kind.code for kind in kinds_for(subject_of(fresh(proposal)))}
    assert not kinds & {"close_discussion", "lock_discussion"}


def test_only_the_team_writes_in_a_locked_one(take, discussion, comment, author, owner, moderator):
    before = columns(discussion)
    measure = take("lock_discussion", discussion)
    for person in (author, owner):
        with pytest.raises(Forbidden, match="the team ended it"):
            add_comment(fresh(discussion), text="One more thing.", actor=person)
        with pytest.raises(Forbidden):
            react(Comment.objects.select_related("discussion").get(pk=comment.pk), "heart", actor=person)
        with pytest.raises(Refused):
            set_locked(fresh(discussion), False, actor=person)
    with pytest.raises(Refused, match="lifted there"):
        set_locked(fresh(discussion), False, actor=moderator)
    add_comment(fresh(discussion), text="We are looking at it.", actor=moderator)
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(discussion) == before
    add_comment(fresh(discussion), text="Thank you.", actor=author)
    assert kinds_of(discussion) == ["locked", "unlocked"]


@pytest.mark.parametrize("side", ["owner", "team"])
@pytest.mark.parametrize("order", ["before", "after"])
def test_the_lock_of_another_side_stays(take, discussion, owner, moderator, side, order):
    who = owner if side == "owner" else system_actor()
    if (side, order) == ("owner", "after"):
        take("lock_discussion", discussion)
        with pytest.raises(Forbidden):  # as while the team's own lock stands
            set_locked(fresh(discussion), True, actor=owner)
        return
    if order == "before":
        set_locked(discussion, True, actor=who, reason="heated")
    measure = take("lock_discussion", discussion)
    if order == "after":
        set_locked(fresh(discussion), True, actor=who, reason="heated")
    lift(measure, reason="It is harmless.", actor=moderator)
    found = columns(discussion)
    assert (found["locked"], found[f"locked_by_{side}"], found["lock_reason"]) == (True, True, "heated")
    set_locked(fresh(discussion), False, actor=who)
    assert columns(discussion)["locked"] is False


def test_several_stand_beside_each_other(take, discussion, moderator):
    before = columns(discussion)
    measures = [take(kind, discussion) for kind in ("close_discussion", "lock_discussion") * 2]
    for measure, left in zip(measures, ((True, True), (True, True), (False, True), (False, False)), strict=True):
        lift(measure, reason="It is harmless.", actor=moderator)
        found = columns(discussion)
        assert (found["status"] == "closed", found["locked"]) == left
    assert columns(discussion) == before


def test_one_with_an_end_ends_by_itself_and_leaves_the_other(take, discussion, moderator, pass_time):
    first, second = take("close_discussion", discussion), take("close_discussion", discussion)
    change_end(first.limit, ends_at=first.starts_at + timedelta(hours=72), actor=moderator)
    pass_time(timedelta(hours=72, seconds=1))
    assert (end_limits(), end_limits()) == (1, 0)
    assert columns(discussion)["status"] == "closed"
    lift(second, reason="It is harmless.", actor=moderator)
    assert columns(discussion)["status"] == "open"


@pytest.mark.parametrize("kind", ["close_discussion", "lock_discussion"])
def test_whoever_opened_it_hears_why(discussion, author, moderator, clause, kind):
    decide_directly(discussion, kind=kind, clause=clause("spam"), reason="It went off the rails.", actor=moderator)
    body = InboxMessage.objects.get(recipient=author, key__startswith="statement").body
    assert "The discussion is " in body
    assert "It went off the rails." in body


def test_page_offers_no_answer_box(take, discussion, author, sign_in):
    take("close_discussion", discussion)
    page = sign_in(author).get(discussion.get_absolute_url()).content.decode()
    assert 'name="text"' not in page
