"""Requests that come twice: a form, or a program's key, sent again with the same words is one thing (B1)."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Comment, Discussion
from community.posting import Way
from foundation.errors import Refused
from repositories.models import Repository

P = ParamSpec("P")
R = TypeVar("R")
Posted = TypeVar("Posted", Comment, Discussion)


def once(do: Callable[P, R]) -> Callable[P, R]:
    """One transaction; again where a request with the same id came first elsewhere: now it is found.

    In one place the lock of the place lets them come one after the other; in two places the unique id does.
    """

    @wraps(do)
    def doing(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return do(*args, **kwargs)
        except IntegrityError:
            if kwargs.get("request_id") is None:
                raise
        with transaction.atomic():
            return do(*args, **kwargs)

    return doing


def opened_before(
    repository: Repository, title: str, text: str, *, actor: User, request_id: uuid.UUID | None, way: Way
) -> tuple[Discussion | None, uuid.UUID | None]:
    """What this request opened before, with the same words, in the same place and way; else the id to open with.

    That is None where the id was used for something else: the browser's way back shows a form as it was sent, and
    other words in it are not lost. Raises Refused for the id of somebody else's request.
    """
    known = _sent_before(Discussion.objects.filter(request_id=request_id), actor) if request_id else None
    if known is None:
        return None, request_id
    before = (known.repository_id, known.title, known.is_pull_request, _opening(known))
    same = before == (repository.pk, title, way == Way.PULL_REQUEST, text)
    return (known if same else None), None


def commented_before(
    discussion: Discussion, text: str, *, actor: User, request_id: uuid.UUID | None
) -> tuple[Comment | None, uuid.UUID | None]:
    """The same of a comment in `discussion`."""
    known = _sent_before(Comment.objects.filter(request_id=request_id), actor) if request_id else None
    if known is None:
        return None, request_id
    same = (known.discussion_id, _first_words(known)) == (discussion.pk, text)
    return (known if same else None), None


def _sent_before(rows: "QuerySet[Posted]", actor: User) -> "Posted | None":
    """What this request made before. Raises Refused for the id of somebody else's request."""
    known = rows.first()
    if known is not None and known.author_id != actor.pk:
        raise Refused(_("This form was sent before. Reload the page and send your text again."), code="sent_before")
    return known


def _opening(discussion: Discussion) -> str:
    return _first_words(discussion.comments.get(position=1))


def _first_words(comment: Comment) -> str:
    text: str = comment.versions.values_list("text", flat=True).get(number=1)
    return text
