"""What search finds a repository by, stored in two columns (A6).

`search_text` is for substrings: name, tags and title, and of the card what is written without spaces. `search` holds
the words, by weight: A the name, B tags and title, C the card; and the marks (see repositories/marks.py).
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchConfig, SearchVector, SearchVectorCombinable, SearchVectorField
from django.db.models import Func, TextField, Value

from repositories.card import body_of
from repositories.marks import marks_of
from repositories.models import Repository
from repositories.spaceless import kept

CONFIG = "simple"  # one for all languages: no stems, no stop words
# What full text takes of a card's body: PostgreSQL refuses vectors over a megabyte.
SEARCHED = 50_000


def index(row: Repository, body: str | None = None) -> None:
    """Store what search finds `row` by; needs its namespace. `body` is its card without front matter, if at hand.

    Whoever changes a name, or moves a repository, calls this too.
    """
    body = body_of(row.card) if body is None else body
    row.search_text = "\n".join([row.full_name, *row.tags, row.title, kept(body)]).lower()
    # "owner/name-of-it" is one word to PostgreSQL: people also look for its parts.
    name = " ".join([row.full_name, *row.full_name.replace("/", " ").replace("-", " ").replace("_", " ").split()])
    vector = _words(name, "A") + _words(" ".join([*row.tags, row.title]), "B") + _words(body[:SEARCHED], "C")
    rows = Repository.objects.filter(pk=row.pk)
    rows.update(search_text=row.search_text, search=vector + _Marks(marks_of(row)))


def _words(text: str, weight: str) -> SearchVector:
    return SearchVector(Value(text), weight=weight, config=CONFIG)


class _Marks(SearchVectorCombinable, Func):
    """A vector of exactly these entries, without places in a text: ranking does not see them."""

    function = "array_to_tsvector"
    output_field = SearchVectorField()
    config = SearchConfig(CONFIG)  # what Django compares before it combines two vectors

    def __init__(self, marks: list[str]) -> None:
        super().__init__(Value(marks, output_field=ArrayField(TextField())))
