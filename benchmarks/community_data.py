"""A hub in which people discuss: one discussion of 5,000 comments, a busy one, fifty others, and 200 people."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.actions import create_token
from accounts.models import Scope, User
from community.actions.posts import write_discussion
from community.importing import import_repository, people
from community.models import Comment, CommentVersion, Discussion
from foundation import clock
from repositories.models import Repository

LENGTH, PEOPLE, OTHERS = 5_000, 200, 50
WORDS = "We read the card again and `tokenizer.json` does not load: does **anybody** see the same with version {}?"


@dataclass(frozen=True)
class Hub:
    """`long` is read; in `busy` and `others` people comment; in `opening` they open discussions."""

    long: Discussion
    busy: Discussion
    others: list[Discussion]
    opening: Repository
    tokens: list[str]


def fill() -> Hub:
    """People whose accounts are a year old, with a token each, and what they discuss."""
    everybody = people("person", PEOPLE)
    User.objects.filter(pk__in=[one.pk for one in everybody]).update(date_joined=clock.now() - timedelta(days=365))
    repository, opening = import_repository("bench", "discussed"), import_repository("bench", "opened")
    owner = repository.created_by

    def opened(title: str) -> Discussion:
        return write_discussion(repository, title=title, text="Let us see.", actor=owner, quiet=True)

    long = opened("A long one")
    _comment(long, everybody)
    return Hub(
        long=Discussion.objects.select_related("repository__namespace").get(pk=long.pk),
        busy=opened("A busy one"),
        others=[opened(f"Another one, {number}") for number in range(OTHERS)],
        opening=opening,
        tokens=[create_token(one, scope=Scope.WRITE, actor=one) for one in everybody],
    )


def _comment(discussion: Discussion, everybody: list[User]) -> None:
    began = clock.now() - timedelta(days=30)
    comments = Comment.objects.bulk_create(
        Comment(
            discussion=discussion,
            author=everybody[number % PEOPLE],
            position=number,
            text=WORDS.format(number),
            created_at=began + timedelta(minutes=number),
        )
        for number in range(2, LENGTH + 1)
    )
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=one, number=1, text=one.text, author_id=one.author_id, created_at=one.created_at)
        for one in comments
    )
    discussion.last_position = discussion.comment_count = LENGTH
    discussion.save()
