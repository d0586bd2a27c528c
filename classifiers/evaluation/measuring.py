"""How a file is measured for bias: which columns, which terms, how many rows; the same for a command and a worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.evaluation import terms
from classifiers.evaluation.metrics import Floats
from classifiers.evaluation.rows import FALSE, TRUE, BadFile, Columns, Labelled
from classifiers.evaluation.settings import Settings
from classifiers.evaluation.subgroups import Bias, bias


@dataclass(frozen=True)
class How:
    """`column` holds the truth of `label`. Terms come from one place: `term_column`, `identity` columns, or a list.

    `terms` is that list, empty for our own. `true` and `false` are what means yes and no, in small letters. `sample`
    rows are measured, all where it is None; the rest as in Settings.
    """

    text: str = "text"
    column: str = "label"
    label: str = "toxicity"
    term_column: str = ""
    identity: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    true: tuple[str, ...] = tuple(sorted(TRUE))
    false: tuple[str, ...] = tuple(sorted(FALSE))
    sample: int | None = None
    seed: int = 0
    rounds: int = 1_000
    least: int = 20

    @property
    def columns(self) -> Columns:
        """What is read of the file. Raises BadFile where the same column, or value, would mean two things."""
        if self.column in self.identity:
            raise BadFile(f"“{self.column}” cannot be the truth and a group at once: name another --identity.")
        if bool(self.term_column) + bool(self.identity) + bool(self.terms) > 1:
            raise BadFile("Say one of --term-column, --identity and --terms: terms come from one place.")
        words = [self.term_column] if self.term_column else []
        return Columns(self.text, [self.column, *self.identity], words, frozenset(self.true), frozenset(self.false))

    @property
    def settings(self) -> Settings:
        """How intervals are drawn."""
        return Settings(rounds=self.rounds, seed=self.seed, least=self.least)


def named(rows: Sequence[Labelled], how: How) -> list[frozenset[str]]:
    """Which terms each row names."""
    if how.term_column:
        return [terms.split(row.words[how.term_column]) for row in rows]
    if how.identity:
        return [frozenset(column for column in how.identity if row.flags[column]) for row in rows]
    find = terms.finder(how.terms or terms.read_terms())
    return [find(row.text) for row in rows]


def require_usable(rows: Sequence[Labelled], how: How) -> None:
    """Raises BadFile for rows that nothing can be said about, before they are scored."""
    said = [row.flags[how.column] for row in rows]
    both_sides(how.column, said.count(True), len(said) - said.count(None))
    if not any(named([row for row in rows if row.flags[how.column] is not None], how)):
        raise BadFile("No row names a term: give them with --term-column, --identity or --terms.")


def both_sides(column: str, positive: int, labelled: int) -> None:
    """Raises BadFile if the labelled rows of a column do not have both sides."""
    if not labelled:
        raise BadFile(f"No row says anything in “{column}”: name another column with --label.")
    if positive in (0, labelled):
        side = "negative" if positive == 0 else "positive"
        raise BadFile(
            f"All {labelled:,} rows of “{column}” are {side}, so nothing can be compared: "
            "give a file, or a larger --sample, that has both sides."
        )


def measure_bias(
    rows: Sequence[Labelled],
    values: Floats,
    threshold: float,
    how: How,
    advance: Callable[[int], object] | None = None,
) -> Bias:
    """How the rows that name each term fare; `values` of `how.label`, one for each row."""
    kept = [place for place, row in enumerate(rows) if row.flags[how.column] is not None]
    labelled = [rows[place] for place in kept]
    positive = np.array([row.flags[how.column] is True for row in labelled], dtype=bool)
    return bias(how.label, threshold, positive, values[kept], named(labelled, how), how.settings, advance)
