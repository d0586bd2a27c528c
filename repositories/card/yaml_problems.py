"""What the YAML reader complains about, in plain words."""

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from repositories.card.front import Front
from repositories.card.matter import TooLong
from repositories.card.problems import ERROR, CardProblem, shown

# What the reader's sentence begins with, whether the place is where the thing begins, and what we say.
_HINTS: list[tuple[str, bool, str | Promise]] = [
    (
        "aliases (*",
        False,
        _("We do not read aliases such as “*name”: write the value itself, or put the text in quotes."),
    ),
    ("nested too deep", False, _("This is nested too deep for us: write it flatter.")),
    (
        "too many values",
        False,
        _("There are too many values up to here for us to read: keep lists in files of their own."),
    ),
    ("sequence entries are not", False, _("Begin the list on the next line, one “- ” for each entry.")),
    ("could not find expected ':'", True, _("This line is no “key: value”: add the colon and a space, or indent it.")),
    ("found character '\\t'", False, _("There is a tab on this line: indent with spaces.")),
    ("found character", False, _("A value cannot begin with this character: put the value in quotes.")),
    ("found unexpected end of stream", True, _("The quotes that open here are never closed.")),
    ("found unknown escape", True, _("Write a backslash in double quotes twice, or use single quotes.")),
    ("expected alphabetic or numeric", False, _("Text that begins with “*” or “&” needs quotes.")),
    (
        "expected ',' or",
        True,
        _("The list that opens here is never closed: add the bracket, or quotes around a colon."),
    ),
    ("expected the node content", False, _("There is a bracket too many on this line, or a value is missing.")),
    ("expected <block end>", False, _("This line does not fit the one above: check its indentation and quotes.")),
    ("expected '<document start>'", False, _("Keep to one block of “key: value” lines, without directives and “...”.")),
]
_SECOND_COLON = _("There is a second colon on this line: put the value in quotes.")
_NOT_FOLLOWING = _(
    "This line does not follow from the one above: does that one lack a colon, or is this indented too far?"
)
_ANYTHING = _("We cannot read this line as YAML (%(problem)s): check its colons, quotes and indentation.")


def unreadable(error: Exception, front: Front) -> CardProblem:
    """The problem that an exception of the YAML reader is, at the line that a person has to change."""
    if isinstance(error, yaml.reader.ReaderError):
        text = _("There is an invisible character on this line (%(name)s): remove it.")
        name = f"U+{int(error.character):04X}"
        return CardProblem(front.line_of(error.position), "", ERROR, text, {"name": name})
    if isinstance(error, TooLong):
        text = _("The front matter is too long for us to read: keep long lists in files of their own.")
        return CardProblem(front.line, "", ERROR, text)
    if not isinstance(error, yaml.MarkedYAMLError):
        return CardProblem(front.line, "", ERROR, _ANYTHING, {"problem": shown(error)})
    problem = error.problem or ""
    if problem.startswith("mapping values are not") and error.problem_mark:
        before = front.matter[: error.problem_mark.index].rpartition("\n")[2]
        text = _SECOND_COLON if ":" in before else _NOT_FOLLOWING
        return CardProblem(_line(error.problem_mark, front), "", ERROR, text)
    for start, from_context, hint in _HINTS:
        if problem.startswith(start):
            mark = (error.context_mark if from_context else None) or error.problem_mark
            return CardProblem(_line(mark, front), "", ERROR, hint)
    return CardProblem(_line(error.problem_mark, front), "", ERROR, _ANYTHING, {"problem": shown(problem)})


def _line(mark: yaml.Mark | None, front: Front) -> int:
    """The line of a mark; of one behind the last line, the last."""
    last = front.line + front.matter.rstrip("\n").count("\n")
    return min(front.line_of(mark.index), last) if mark else front.line
