"""A term list as CSV: what it may say, and what is wrong with it, line by line (H4)."""

import csv
import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from classifiers.terms.folding import fold_term, term_key
from moderation.scoring.models.terms import LONGEST_TERM

# A file is read in memory; errors beyond these say nothing new.
LARGEST = 16 * 1024**2
MOST_ROWS = 200_000
MOST_ERRORS = 50
COLUMNS = ("term", "weight", "exceptions", "whole_word", "active")
BETWEEN_EXCEPTIONS = ";"
_YES, _NO = frozenset({"1", "yes", "true", "y"}), frozenset({"0", "no", "false", "n"})


@dataclass(frozen=True)
class Row:
    """One term as a file says it."""

    text: str
    weight: float
    exceptions: list[str]
    whole_word: bool
    active: bool


def read_terms(content: bytes) -> list[Row]:
    """The rows of a CSV file in UTF-8 whose first line names its columns: `term`, and any other of COLUMNS.

    All or nothing: raises ValidationError with a sentence for each line that is wrong.
    """
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise ValidationError(_("Line 1 is no CSV: %(error)s") % {"error": error}) from None
    if "term" not in names or len(set(names)) != len(names) or set(names) - set(COLUMNS):
        raise ValidationError(
            _("The first line must name the columns: term, and where you want them %(others)s.")
            % {"others": ", ".join(COLUMNS[1:])}
        )
    rows: list[Row] = []
    errors: list[str] = []
    first_at: dict[str, int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(errors) >= MOST_ERRORS or len(rows) >= MOST_ROWS:
                break
            try:
                row = _row(names, cells)
                if (before := first_at.setdefault(term_key(row.text), reader.line_num)) != reader.line_num:
                    raise ValidationError(_("the term is in line %(line)s already.") % {"line": before})  # noqa: TRY301
                rows.append(row)
            except ValidationError as error:
                errors += [_said(reader.line_num, message) for message in error.messages]
    except csv.Error as error:
        errors.append(_said(reader.line_num, str(error)))
    if len(rows) >= MOST_ROWS:
        errors.append(_("The file has more than %(most)s terms: part it into several lists.") % {"most": MOST_ROWS})
    if errors:
        raise ValidationError(errors)
    if not rows:
        raise ValidationError(_("There is no term in the file."))
    return rows


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise ValidationError(_("The file has more than 16 MB: part it into several lists."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValidationError(_("Line %(line)s is not in UTF-8: save the file in UTF-8.") % {"line": line}) from None
    if "\0" in text:
        raise ValidationError(_("The file holds null characters: it is no text."))
    return text


def _said(line: int, message: str) -> str:
    return _("Line %(line)s: %(message)s") % {"line": line, "message": message}


def _row(names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names):
        raise ValidationError(_("it has more cells than the first line; put quotation marks around commas."))
    said = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    exceptions = [one.strip() for one in said.get("exceptions", "").split(BETWEEN_EXCEPTIONS) if one.strip()]
    text = clean_term(said.get("term", ""))
    return Row(
        text=text,
        weight=_weight(said.get("weight", "")),
        exceptions=clean_exceptions(text, exceptions),
        whole_word=_flag("whole_word", said.get("whole_word", "")),
        active=_flag("active", said.get("active", "")),
    )


def clean_term(said: str) -> str:
    """A term as it is kept, with one space between its words. Raises ValidationError if nothing of it can be found."""
    text = " ".join(said.split())
    if not text:
        raise ValidationError(_("the term is missing."))
    if len(text) > LONGEST_TERM:
        raise ValidationError(_("the term has more than %(most)s characters.") % {"most": LONGEST_TERM})
    if not any(character.isalnum() for character in fold_term(text)):
        raise ValidationError(_("the term has no letters."))
    return text


def clean_exceptions(text: str, exceptions: list[str]) -> list[str]:
    """The same of its exceptions, each of which must contain it: otherwise it would never be one."""
    cleaned = list(dict.fromkeys(clean_term(one) for one in exceptions))
    term = fold_term(text)
    for one in cleaned:
        if term not in fold_term(one) or term == fold_term(one):
            raise ValidationError(_("the exception “%(one)s” is no longer word with the term in it.") % {"one": one})
    return cleaned


def _weight(said: str) -> float:
    try:
        weight = float(said or 0.5)
    except ValueError:
        weight = 0
    if not 0.01 <= weight <= 1:
        raise ValidationError(_("the weight must be a number from 0.01 to 1, with a point: 0.5."))
    return weight


def _flag(name: str, said: str) -> bool:
    if said and said.lower() not in _YES | _NO:
        raise ValidationError(_("%(name)s must be yes or no.") % {"name": name})
    return said.lower() not in _NO
