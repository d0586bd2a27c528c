"""Measures: what may be applied to what, and what each does at once (E3, F1, F2)."""

from datetime import timedelta

import pytest

from accounts.posting import PostingRefused, standing_restriction
from community.actions import add_comment, open_discussion
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import receive_report
from moderation.sanctions.measures import DECIDED, KINDS, kinds_for
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from repositories.access import access, require_files
from repositories.actions import change_settings, commit
from repositories.queries import listed_for


def test_a_downgrade_leaves_lists_and_keeps_the_address(take, repository, reporter, owner):
    take("downgrade", repository)
    assert repository not in listed_for(None)
    assert repository not in listed_for(reporter)
    assert repository in listed_for(owner)
    assert access(repository, reporter).see
    assert access(repository, reporter).files


def test_a_disabled_repository_keeps_its_page_and_its_owner_the_files(take, repository, reporter, owner):
    take("disable", repository, "malware")
    assert access(repository, reporter).see
    with pytest.raises(Forbidden, match="disabled"):
        require_files(repository, reporter)
    assert require_files(repository, owner).files
    assert repository not in listed_for(reporter)


def test_a_ban_refuses_every_way_to_post_and_nothing_else(take, comment, author, repository, make_repository, clause):
    take("posting_ban", comment, "harassment")
    own = make_repository("own", owner=author, actor=author)
    with pytest.raises(PostingRefused, match="You can post again on"):
        add_comment(comment.discussion, text="Me again.", actor=author)
    with pytest.raises(PostingRefused):
        open_discussion(repository, title="Me again", text="And again.", actor=author)
    commit(own, {"README.md": b"# Better\n"}, actor=author, message="Rewrite the card")
    change_settings(own, actor=author, visibility="private")
    receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=author)


def test_a_friendly_warning_restricts_nothing(take, comment, author):
    measure = take("friendly_warning", comment, "code-of-conduct")
    assert standing_restriction(author) is None
    assert measure.person == author
    add_comment(comment.discussion, text="Thank you for telling me.", actor=author)


@pytest.mark.parametrize("kind", ["downgrade", "private", "disable"])
def test_measures_on_repositories_open_a_public_discussion_of_the_team(take, repository, kind):
    measure = take(kind, repository)
    assert (measure.discussion.origin, measure.discussion.author.is_system) == ("team", True)
    opening = measure.discussion.comments.get().text
    assert "The card advertises a shop." in opening
    assert "What do you think?" in opening


def test_a_confidential_clause_says_restricted_and_nothing_more(take, repository):
    measure = take("disable", repository, "minors-sexual-content", reason="What we found there.")
    opening = measure.discussion.comments.get().text
    assert "What we found there." not in opening
    assert measure.clause.title not in opening
    assert "What we found there." not in measure.restriction.reason


DESTROYING = {"erase", "quarantine"}
ON_REPOSITORIES = {"hold", "nfaa", "hide_card", "downgrade", "private", "disable", "remove", *DESTROYING}


@pytest.mark.parametrize(
    ("fixture", "kinds"),
    [
        ("repository", ON_REPOSITORIES | {"friendly_warning", "limit_reached", "posting_ban", "deactivate"}),
        (
            "discussion",
            {
                *DESTROYING,
                "hold",
                "close_discussion",
                "lock_discussion",
                "hide_comment",
                "friendly_warning",
                "limit_reached",
                "posting_ban",
                "deactivate",
            },
        ),
        (
            "comment",
            {*DESTROYING, "hold", "hide_comment", "friendly_warning", "limit_reached", "posting_ban", "deactivate"},
        ),
        ("author", {"friendly_warning", "limit_reached", "username_reset", "posting_ban", "deactivate"}),
        ("organization", {"username_reset"}),
    ],
)
def test_what_fits_what(request, take, fixture, kinds):
    target = request.getfixturevalue(fixture)
    assert {kind.code for kind in kinds_for(subject_of(target))} == kinds
    for kind in set(DECIDED) - kinds:
        with pytest.raises(Refused, match="cannot be applied"):
            take(kind, target)


def test_an_organizations_repository_has_nobody_to_ban(take, make_repository, organization, owner):
    repository = make_repository("ours", owner=organization, actor=owner)
    assert {kind.code for kind in kinds_for(subject_of(repository))} == ON_REPOSITORIES


def test_only_the_team_imposes(take, repository, owner):
    with pytest.raises(Forbidden):
        take("downgrade", repository, actor=owner)
    assert not Measure.objects.exists()


def test_every_measure_cites_the_version_in_force(take, repository):
    from moderation.policy.models import PolicyVersion

    PolicyVersion.objects.create(number=2, summary="Later.", effective_at=clock.now() + timedelta(days=11))
    assert take("downgrade", repository).policy_version.number == 1


def test_consequences_name_the_exact_end(take, comment, set_clock):
    from datetime import UTC, datetime

    set_clock(datetime(2100, 11, 20, 12, tzinfo=UTC))
    measure = take("posting_ban", comment, "harassment")
    assert "You can post again on 22 November 2100, 12:00 (UTC)" in KINDS["posting_ban"].consequence(measure)
