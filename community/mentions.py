"""The names that a text calls: @name outside of code, quotes and addresses."""

import re
from collections.abc import Iterable

from accounts.models import User
from accounts.queries import people_named
from community.models import Comment, Mention
from foundation.markdown import NAME

# As many people as one comment can call; more would be shouting.
MOST = 10
_CODE = re.compile(r"(?ms)^(?P<fence>```|~~~).*?(?:^(?P=fence)|\Z)|(?P<ticks>`+).+?(?P=ticks)")
_QUOTE = re.compile(r"(?m)^[ \t]*>.*$")


def names_in(text: str) -> list[str]:
    """The names that Markdown `text` calls, each once in lower case, in the order of the text; not who else quotes."""
    plain = _QUOTE.sub(" ", _CODE.sub(" ", text))
    return list(dict.fromkeys(found[1].lower() for found in NAME.finditer(plain)))


def people_called(text: str) -> list[User]:
    """The first ten people whose names `text` calls; other names stay plain text. No query for a text without names."""
    names = names_in(text)
    people = {one.username.lower(): one for one in people_named(names)} if names else {}
    return [people[name] for name in names if name in people and not people[name].is_system][:MOST]


def save_mentions(comment: Comment, text: str) -> None:
    """Keep whom `text`, the words of `comment`, calls: ten people at most in all its versions together."""
    called = people_called(text)
    # A new comment called nobody yet: asking takes a query.
    before = set(comment.mentions.values_list("user_id", flat=True)) if called and comment.edited_at else set()
    new = [one for one in called if one.pk not in before][: MOST - len(before)]
    Mention.objects.bulk_create([Mention(comment=comment, user=one) for one in new], ignore_conflicts=True)


def addresses(people: Iterable[User]) -> dict[str, str]:
    """Where their names lead, by name in lower case: for foundation.markdown.render."""
    return {one.username.lower(): one.get_absolute_url() for one in people}
