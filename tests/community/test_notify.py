"""Who hears of what was posted, and why (B2, A2)."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Namespace, User
from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, hide, open_discussion, rename, set_pinned, set_status, unhide
from community.models import Block, Digest, Notification, Reason, Subscription, TabSettings
from community.notifying import notify
from community.pull_requests import merge_pull_request, open_draft, open_pull_request
from community.subscribing import choose_level, subscribe_all, subscription_of
from foundation.models import Change
from repositories import git
from repositories.models import Reader, Repository, Stage
from tests.conftest import concurrent


@pytest.fixture(autouse=True)
def _nothing_else_waits(request):
    """Only what a test posts itself is told of."""
    if "discussion" in request.fixturenames:
        request.getfixturevalue("discussion")
        Change.objects.all().delete()


def told(thing):
    """Who heard of a comment or event, and why."""
    rows = (
        Notification.objects.filter(comment=thing)
        if hasattr(thing, "text")
        else Notification.objects.filter(event=thing)
    )
    return {row.recipient.username: row.reason for row in rows.select_related("recipient")}


def say(discussion, actor, text="News."):
    comment = add_comment(discussion, text=text, actor=actor)
    notify()
    return comment


def test_a_new_discussion_reaches_the_owner_and_whoever_watches_the_repository(repository, owner, author, reporter):
    choose_level(repository, "watch", actor=reporter)
    discussion = open_discussion(repository, title="A question", text="How?", actor=author)
    notify()
    assert told(discussion.comments.get()) == {"nok": "owner", "iris": "repository"}


def test_admins_of_an_organization_hear_and_other_members_do_not(make_repository, organization, make_user, author):
    Membership.objects.create(organization=organization, user=make_user("ada"), role="admin")
    Membership.objects.create(organization=organization, user=make_user("wim"), role="write")
    discussion = open_discussion(make_repository(owner=organization), title="A question", text="How?", actor=author)
    notify()
    assert told(discussion.comments.get()) == {"nok": "owner", "ada": "owner"}


def test_whoever_took_part_hears_of_what_follows(discussion, owner, author, reporter, make_user):
    assert told(say(discussion, reporter)) == {"nok": "owner", "quentin": "opened"}
    assert told(say(discussion, make_user("zoe"))) == {"nok": "owner", "quentin": "opened", "iris": "commented"}


def test_mentioned_people_hear_and_watch_from_then_on(discussion, author, reporter):
    assert told(say(discussion, author, "What does @iris think?"))["iris"] == "mentioned"
    assert subscription_of(reporter, discussion).reason == Reason.MENTIONED
    assert told(say(discussion, author))["iris"] == "mentioned"


def test_quotes_and_code_call_nobody(discussion, author, reporter):
    assert "iris" not in told(say(discussion, author, "> @iris said so\n\n`@iris`"))


@pytest.mark.parametrize("level", ["discussion", "repository"])
def test_muting_beats_a_mention(discussion, author, reporter, level):
    choose_level(
        discussion.repository, "mute", discussion=discussion if level == "discussion" else None, actor=reporter
    )
    assert "iris" not in told(say(discussion, author, "@iris?"))


def test_a_moderator_steps_out_of_a_discussion(discussion, author, moderator):
    add_comment(discussion, text="Please stay friendly.", actor=moderator)
    choose_level(discussion.repository, "mute", discussion=discussion, actor=moderator)
    assert "mira" not in told(say(discussion, author, "@mira, you are wrong."))


def test_a_mention_by_somebody_one_blocked_tells_nobody(discussion, author, reporter):
    Block.objects.create(namespace=reporter.namespace, user=author, actor=reporter)
    assert "iris" not in told(say(discussion, author, "@iris!"))
    assert subscription_of(reporter, discussion) is None


def test_closed_accounts_and_the_system_hear_nothing(discussion, author, reporter, make_user):
    gone = make_user("gone")
    subscribe_all([gone.pk, system_actor().pk], discussion, Reason.COMMENTED)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert told(say(discussion, reporter, "@gone")) == {"nok": "owner", "quentin": "opened"}


REASONS = ("repository", "owner", "opened", "mentioned")


@pytest.mark.parametrize("reasons", [c for n in range(1, 5) for c in itertools.combinations(REASONS, n)], ids="-".join)
@pytest.mark.parametrize("muted", [None, "discussion", "repository"])
@pytest.mark.parametrize("visible", [True, False])
def test_every_reason_with_muting_and_visibility(make_repository, make_user, author, reasons, muted, visible):
    """One person has the reasons, the most personal counts; unless they muted it, or do not see it any more."""
    person = make_user("pia")
    repository = make_repository(owner=person) if "owner" in reasons else make_repository()
    opener = person if "opened" in reasons else author
    discussion = open_discussion(repository, title="A question", text="How?", actor=opener)
    if "repository" in reasons:
        choose_level(repository, "watch", actor=person)
    if muted:
        choose_level(repository, "mute", discussion=discussion if muted == "discussion" else None, actor=person)
    Change.objects.all().delete()
    comment = add_comment(discussion, text="@pia" if "mentioned" in reasons else "News.", actor=make_user("zoe"))
    if not visible:
        Repository.objects.update(visibility="private")
    notify()
    # One choice for a repository: muting it takes the place of watching it.
    hears = not muted and (visible or "owner" in reasons)
    assert told(comment).get("pia") == (reasons[-1] if hears else None)


def test_a_private_repository_tells_its_readers_and_no_strangers(discussion, owner, author, reporter, make_user):
    subscribe_all([reporter.pk, make_user("rea").pk], discussion, Reason.COMMENTED)
    stage = Stage.objects.create(
        repository=discussion.repository, kind="people", position=1, reached_at="2026-01-01T00Z"
    )
    Reader.objects.create(stage=stage, user=User.objects.get(username="rea"))
    add = add_comment(discussion, text="@iris, it is private now.", actor=owner)
    Repository.objects.update(visibility="private")
    notify()
    assert told(add) == {"rea": "commented"}


def test_members_hear_of_a_private_repository_of_their_organization(make_repository, organization, owner, make_user):
    Membership.objects.create(organization=organization, user=make_user("rob"), role="read")
    repository = make_repository(owner=organization)
    subscribe = open_discussion(repository, title="A plan", text="@rob @zoe", actor=owner)
    make_user("zoe")
    Repository.objects.update(visibility="private")
    say_more = add_comment(subscribe, text="@rob and @zoe?", actor=owner)
    notify()
    assert told(say_more) == {"rob": "mentioned"}


def test_a_deleted_repository_tells_nobody(discussion, author, reporter):
    comment = add_comment(discussion, text="Gone.", actor=reporter)
    Repository.objects.update(deleted_at="2026-01-01T00:00Z")
    notify()
    assert told(comment) == {}


def test_a_tab_that_is_off_tells_the_owner_side_only(discussion, owner, author, reporter):
    comment = add_comment(discussion, text="Last words.", actor=reporter)
    TabSettings.objects.create(repository=discussion.repository, on=False, changed_by=owner)
    notify()
    assert told(comment) == {"nok": "owner"}


def test_a_comment_hidden_before_it_was_told_tells_nobody(discussion, owner, author, reporter):
    comment = add_comment(discussion, text="Spam for @quentin", actor=reporter)
    hide(comment, category="spam", actor=owner)
    notify()
    assert told(comment) == {}


@pytest.mark.parametrize("person", ["owner", ""])
def test_hiding_and_showing_again_reach_the_author_of_the_comment_only(request, discussion, author, reporter, person):
    # The team hides by a decision, which the system carries out.
    comment, actor = say(discussion, reporter), request.getfixturevalue(person) if person else system_actor()
    hide(comment, category="abuse", actor=actor)
    unhide(comment, actor=actor)
    notify()
    hidden, shown = discussion.events.order_by("position")
    assert told(hidden) == told(shown) == {"iris": "commented"}


def test_whoever_withdraws_their_comment_knows_it(discussion, reporter):
    comment = say(discussion, reporter)
    hide(comment, category="", actor=reporter)
    unhide(comment, actor=reporter)
    notify()
    assert not Notification.objects.filter(event__isnull=False).exists()


def test_whoever_muted_hears_nothing_of_hiding_either(discussion, reporter, owner):
    comment = say(discussion, reporter)
    choose_level(discussion.repository, "mute", discussion=discussion, actor=reporter)
    hide(comment, category="abuse", actor=owner)
    notify()
    assert told(discussion.events.get()) == {}


def test_an_edit_tells_only_whom_it_newly_calls(discussion, owner, author, reporter, make_user):
    make_user("zoe")
    comment = say(discussion, author, "@iris?")
    choose_level(discussion.repository, "watch", actor=make_user("late"))
    edit_comment(comment, text="@iris and @zoe?", actor=author)
    notify()
    assert told(comment) == {"nok": "owner", "iris": "mentioned", "zoe": "mentioned"}


def test_a_comment_edited_before_it_was_told_tells_everybody(discussion, author, reporter):
    comment = add_comment(discussion, text="First.", actor=reporter)
    edit_comment(comment, text="First, and better.", actor=reporter)
    assert notify() == 2
    assert told(comment) == {"nok": "owner", "quentin": "opened"}


def test_closing_and_reopening_are_worth_hearing(discussion, owner, author):
    closed = set_status(discussion, "closed", actor=owner)
    reopened = set_status(discussion, "open", actor=owner)
    notify()
    assert told(closed) == told(reopened) == {"quentin": "opened"}


def test_renaming_and_pinning_are_not(discussion, owner):
    rename(discussion, "Another title", actor=owner)
    set_pinned(discussion, True, actor=owner)
    notify()
    assert Notification.objects.count() == 0


def test_a_pull_request_that_is_ready_reaches_the_owner_and_its_merge_the_opener(repository, owner, author):
    changes = [git.Put("notes.md", git.store_bytes(repository, b"Notes.\n").oid)]
    proposal = open_pull_request(repository, changes, title="Notes", text="…", actor=author, draft=True)
    open_draft(proposal, actor=author)
    merge_pull_request(proposal, actor=owner)
    notify()
    ready, merged = proposal.events.order_by("position")
    assert (told(ready), told(merged)) == ({"nok": "owner"}, {"quentin": "opened"})


def test_worked_off_twice_it_is_told_once(discussion, author, reporter):
    comment = say(discussion, reporter, "@nok")
    Change.objects.update(done_at=None)
    assert notify() == 1
    assert told(comment) == {"nok": "mentioned", "quentin": "opened"}
    assert Notification.objects.count() == Digest.objects.count() == 2


@concurrent
def test_two_workers_tell_everybody_once(discussion, author, reporter, make_user):
    for number in range(12):
        subscribe_all([make_user(f"person{number}").pk], discussion, Reason.COMMENTED)
        add_comment(discussion, text=f"Number {number}. @nok", actor=reporter)

    def work(_number):
        done = notify()
        connection.close()
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 12
    assert not Change.objects.filter(done_at=None, kind="comment.posted").exists()
    assert Notification.objects.filter(recipient__username="quentin").count() == 12
    assert Digest.objects.values("recipient").distinct().count() == Digest.objects.count()


def watchers(repository, count):
    """That many more people who watch the repository."""
    so_far = User.objects.count()
    names = [f"w{so_far + number}" for number in range(count)]
    people = User.objects.bulk_create(User(username=name, email=f"{name}@people.example") for name in names)
    Namespace.objects.bulk_create(Namespace(name=one.username, user=one) for one in people)
    rows = (Subscription(user=one, repository=repository, level="watch", reason="chosen") for one in people)
    Subscription.objects.bulk_create(rows)


def test_many_watchers_cost_no_more_statements_than_few(discussion, reporter):
    watchers(discussion.repository, 2)
    counts = []
    for more in (0, 600):
        watchers(discussion.repository, more)
        add_comment(discussion, text="News for @quentin.", actor=reporter)
        with CaptureQueriesContext(connection) as counted:
            notify()
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 30
    assert Notification.objects.filter(reason="repository").count() == 604
