"""Which names and paths a repository may have."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[-.](?![-.])){0,94}[A-Za-z0-9_]|[A-Za-z0-9_]")

LONGEST_PATH, LONGEST_PART = 512, 255  # characters, bytes
# No backslash, control character, half of a character or separator of lines, and nothing that reorders text.
_CLEAN = re.compile(r"[^\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
# What git reads itself; with "~" what NTFS calls these files in short. Submodules we do not keep.
_GIT = re.compile(r"\.git|\.gitmodules|(?:git|gitmod|gi7eba)~\d+")
# A drive, or the type of a stream on NTFS: "README.md::$DATA" is README.md.
_STREAM = re.compile(r"^[A-Za-z]:|::|:\$")


def clean_repository_name(name: str) -> str:
    """`name` when a repository may be called so. Raises ValidationError saying what is wrong."""
    if not NAME.fullmatch(name) or name.lower().endswith((".git", ".ipynb")):
        raise ValidationError(
            _("Use 1 to 96 letters, digits, “-”, “_” or “.”; no two signs in a row, no ending in “.git”."),
            code="invalid",
        )
    return name


def clean_path(path: str) -> str:
    """`path` when a file may lie there. Raises ValidationError for whatever is no path, or not safe to check out (A1).

    Not safe are what leaves the folder, what git itself reads (".git", submodules) under any of the names by which
    Windows and macOS find it, and names that pretend to be others. What some system merely cannot store is allowed.
    """
    shown = {"path": show_path(path)}
    parts = path.split("/")
    if not _CLEAN.fullmatch(path) or len(path) > LONGEST_PATH or not all(fold(part) for part in parts):
        raise ValidationError(_("“%(path)s” is not a path of a file."), code="invalid", params=shown)
    for part in parts:
        if len(part.encode()) > LONGEST_PART:
            message = _("A name in “%(path)s” is too long: each part has at most %(most)s bytes.")
            raise ValidationError(message, code="too_long", params={**shown, "most": LONGEST_PART})
        if _GIT.fullmatch(fold(part.partition(":")[0])) or _STREAM.search(part):
            message = _("“%(path)s” is a name that git or Windows reads as something else. Give it another name.")
            raise ValidationError(message, code="dangerous", params=shown)
    return path


def fold(name: str) -> str:
    """What `name` becomes for a system that knows no case, other writings of a letter, or invisible characters.

    Windows drops dots and spaces at the end too: ".. " is "..". Two names of one folder that fold to the same would
    overwrite each other there; one that folds to nothing is no name.
    """
    if name.isascii():
        return name.lower().rstrip(". ")
    seen = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", seen).casefold()).rstrip(". ")


def show_path(path: str) -> str:
    """`path` for a message: short, and without what cannot be encoded or reorders the text around it."""
    text = path if len(path) <= 100 else f"{path[:99]}…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)
