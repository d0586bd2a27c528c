"""Words that people search for, as conditions on repositories (A6).

A word is found where the name, a tag or the title contains it, in the card where a word begins with it; what is written
without spaces is found anywhere in the beginning of the card too.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable, SearchRank
from django.db.models import BooleanField, Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict

from foundation.pages import Page, page
from repositories.access import Viewer
from repositories.feeds import Matches
from repositories.filters import Wanted
from repositories.indexing import CONFIG
from repositories.marks import Marked, of_name, of_pair
from repositories.models import Repository
from repositories.queries import listed_for, rows, settle, with_states
from repositories.spaceless import runs

MOST_WORDS = 8
LONGEST = 200  # characters of all words together
# What is shorter than three letters has no trigram, and is looked for at the beginning of words only.
_SAYS_SOMETHING, _HAS_TRIGRAM = re.compile(r"[^\W_]"), re.compile(r"[^\W_]{3}")
ENOUGH = 100  # matches among which the best are chosen, where the most trending repositories have as many
BEST = ("-exact", "-rank", "-trending", "-id")


@dataclass(frozen=True)
class Words:
    """The words of a search, in lower case; empty when nothing in it has a letter or a digit."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Words":
        words = text[:LONGEST].lower().split()
        return cls(tuple(word for word in words if _SAYS_SOMETHING.search(word))[:MOST_WORDS])

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def wanted(self) -> Wanted:
        """Repositories in which every word is found; none without a word."""
        if not self.words:
            return Wanted(kinds=())
        short = [word for word in self.words if not _has_parts(word)]
        long = [word for word in self.words if _has_parts(word)]
        where = reduce(and_, map(_found, long), Q()) & reduce(and_, map(_begun, short), Q())
        # What begins with one or two letters is half of everything: its index is asked only where nothing else is.
        hint = reduce(and_, map(_in_pairs, long), Q()) if long else reduce(and_, map(_begins, short), Q())
        return Wanted(where=where, hint=hint)

    @property
    def named(self) -> Wanted:
        """Repositories that have exactly this name, or owner/name; words may stand for a name with hyphens."""
        name = "-".join(self.words)
        return Wanted(where=_is_named(name), hint=Q(Marked([[of_name(name)]])))

    def ranked(self, rows: QuerySet[Repository]) -> QuerySet[Repository]:
        """Annotate what BEST orders by: exact names first, then by the weights of what was found."""
        query: SearchQueryCombinable = reduce(or_, map(_beginning, self.words))
        return rows.annotate(
            exact=Case(
                When(_is_named("-".join(self.words)), then=Value(1)), default=Value(0), output_field=IntegerField()
            ),
            # A whole number, because a rank read and sent back to the database would not equal itself.
            rank=Coalesce(Cast(SearchRank(F("search"), query) * 1_000_000, IntegerField()), Value(0)),
        )


def best_page(
    viewer: Viewer, words: Words, wanted: Wanted, query: QueryDict, *, size: int, first: Matches
) -> Page[Repository]:
    """The page that `query` asks for of `first`, the first matches, best match first; two statements.

    Repositories of exactly this name are among them, however little they trend. `wanted` is what the search is
    narrowed to besides the words.
    """
    named = wanted & words.named
    others = listed_for(viewer).filter(named.where, named.hint, kind__in=named.kinds).exclude(pk__in=first.ids)
    both = [Repository.objects.filter(pk__in=first.ids), others.select_related(None)]
    known, others = [words.ranked(part.only("trending")) for part in both]
    found = page(known, query, order=BEST, size=size, also=[others])
    # The rows by themselves: ordering all of `first` with everything that a list shows costs more than asking twice.
    loaded = with_states(rows()).in_bulk([one.pk for one in found.rows])
    settle(loaded.values())
    return Page([loaded[one.pk] for one in found.rows if one.pk in loaded], found.next)


def _has_parts(word: str) -> bool:
    """Whether it is looked for inside of words too."""
    return bool(_HAS_TRIGRAM.search(word) or runs(word))


def _found(word: str) -> Q:
    return _begins(word) | Q(search_text__contains=word)


def _begins(word: str) -> Q:
    return Q(search=_beginning(word))


def _begun(word: str) -> Q:
    """`_begins` as no index answers it."""
    return Q(Coalesce(ExpressionWrapper(_begins(word), BooleanField()), Value(False)))


def _in_pairs(word: str) -> Q:
    pairs = [run[at : at + 2] for run in runs(word) for at in range(max(len(run) - 1, 1))]
    return Q(Marked([of_pair(pair)] for pair in pairs)) | _begins(word) if pairs else Q()


def _beginning(word: str) -> SearchQuery:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return SearchQuery(f"'{quoted}':*", search_type="raw", config=CONFIG)


def _is_named(name: str) -> Q:
    owner, separator, rest = name.partition("/")
    return Q(name__iexact=rest, namespace__name__iexact=owner) if separator else Q(name__iexact=name)
