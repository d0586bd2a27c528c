"""Comments and search follow a replaced name: a little at once, the rest in portions by a worker (B4, E5)."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import reset_name
from accounts.models import NameReset, Namespace, User
from accounts.queries import system_actor
from community import renaming
from community.actions import open_discussion
from community.models import Comment, CommentVersion
from foundation.models import Change

MENTIONS = 200


@pytest.fixture
def mentioned(repository, author, reporter):
    """200 comments that call the author by name, in ten discussions of which the later ones were written in first."""
    places = [
        open_discussion(repository, title=f"Place {number}", text="What of it?", actor=reporter) for number in range(10)
    ]
    rows = [
        Comment(
            discussion=places[-1 - number % 10], position=number + 10, author=reporter, text=f"Ask @{author} #{number}"
        )
        for number in range(MENTIONS)
    ]
    Comment.objects.bulk_create(rows)
    CommentVersion.objects.bulk_create(
        [CommentVersion(comment=one, number=1, text=one.text, author=reporter) for one in rows]
    )
    return [one.pk for one in rows]


@pytest.fixture
def reset(mentioned, author) -> NameReset:
    return reset_name(Namespace.objects.get(user=author), actor=system_actor())


def saying(name: str) -> int:
    return Comment.objects.filter(text__contains=f"@{name} ").count()


def test_a_decision_computes_a_few_in_few_statements(reset):
    with CaptureQueriesContext(connection) as captured:
        assert renaming.show_names(reset) == 50
    assert len(captured) <= 7
    (locked,) = [one["sql"] for one in captured if "FOR NO KEY UPDATE" in one["sql"]]
    assert "ORDER BY" in locked, locked
    assert (saying(reset.given), saying(reset.former)) == (50, MENTIONS - 50)


def test_the_worker_computes_all_of_them(reset):
    renaming.show_names(reset)
    with CaptureQueriesContext(connection) as captured:
        assert renaming.follow_names() == 1
    assert len(captured) <= 60
    assert (saying(reset.given), saying(reset.former)) == (MENTIONS, 0)
    assert renaming.follow_names() == 0


def test_what_fails_half_way_goes_on_from_there(reset, monkeypatch, pass_time):
    show = renaming.show
    done: list[Any] = []

    def fail_the_third(keys):
        if len(done) == 2:
            raise RuntimeError("the process died")
        done.append(show(keys))
        return done[-1]

    monkeypatch.setattr(renaming, "show", fail_the_third)
    assert renaming.follow_names() == 0
    assert (saying(reset.given), Change.objects.get(kind="name.changed").done_at) == (100, None)
    monkeypatch.setattr(renaming, "show", show)
    Change.objects.filter(kind="name.changed").update(due_at="2020-01-01T00:00Z")
    assert renaming.follow_names() == 1
    assert saying(reset.given) == MENTIONS


def test_locks_are_taken_in_one_order(reset, repository, author, make_repository):
    """Repositories before discussions, each by ascending id, whichever of the two names a comment says."""
    make_repository("theirs", owner=User.objects.get(pk=author.pk))
    said = Comment.objects.filter(text__contains=f"@{reset.former}").order_by("discussion", "pk").first()
    Comment.objects.filter(pk=said.pk).update(text=f"Ask @{reset.given}!")
    with CaptureQueriesContext(connection) as captured:
        renaming.follow_names()
    written = [one["sql"] for one in captured if "FOR NO KEY UPDATE" in one["sql"] or one["sql"].startswith("UPDATE")]
    tables = [re.search(r'"(repositories_repository|community_discussion)"', sql) for sql in written]
    order = [found[1] for found in tables if found]
    assert order == sorted(order, reverse=True)
    assert set(order) == {"repositories_repository", "community_discussion"}
