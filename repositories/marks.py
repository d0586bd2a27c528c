"""Marks: entries of the stored vector that no word of a text can be, so that its index answers more than words (A6).

A repository is marked with what those facets say that have no index of their own (`license=mit`), with its exact name
(`=owner/name`), and with pairs of characters in scripts without spaces (`~ไท`). Columns decide what is listed; marks
only lead to the rows.
"""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Value
from django.db.models.functions import Cast

from repositories.models import Repository
from repositories.spaceless import pairs

MARKED = ("pipeline_tag", "library", "license", "ethical_categories")


class Marked(Func):
    """Whether the stored vector has all of `wanted`: of each group of alternatives one."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " @@ "

    def __init__(self, wanted: Iterable[Sequence[str]]) -> None:
        groups = [" | ".join(_quoted(mark) for mark in group) for group in wanted]
        super().__init__(F("search"), Cast(Value(" & ".join(f"({group})" for group in groups)), SearchQueryField()))


def of_column(column: str, value: str) -> str:
    return f"{column}={value}"


def of_name(name: str) -> str:
    """The mark of an exact name, or of owner/name."""
    return f"={name.lower()}"


def of_pair(pair: str) -> str:
    """Of two characters; of one, the beginning of the marks of every pair that begins with it."""
    return f"~{pair}"


def marks_of(row: Repository) -> list[str]:
    """Every mark of a repository, from its columns; needs the namespace."""
    marks = [of_name(row.name), of_name(row.full_name), *map(of_pair, pairs(row.search_text))]
    for column in MARKED:
        value = getattr(row, column)
        marks += [of_column(column, one) for one in (value if isinstance(value, list) else [value]) if one]
    return marks


def _quoted(mark: str) -> str:
    text = mark.replace("\\", "\\\\").replace("'", "''")
    return f"'{text}':*" if mark.startswith("~") and len(mark) == 2 else f"'{text}'"
