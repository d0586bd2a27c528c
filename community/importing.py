"""Importing comments from a file into a repository's discussions: streaming, and safe to run twice."""

import csv
import json
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from django.db import transaction

from accounts.actions import register
from accounts.models import Namespace, User
from community.actions import LONGEST_COMMENT
from community.actions.posts import write_discussion
from community.ending import lock
from community.entries import write_comment
from community.models import Comment, Discussion
from repositories.actions import commit, create_repository
from repositories.models import Kind, Repository

PER_DISCUSSION = 50
AUTHORS = 40
CARD = "# Imported comments\n\nComments that an operator imported from a file.\n"


class BadRow(Exception):  # noqa: N818
    """A row that cannot be imported; says in which line and why."""


def rows_of(path: Path, read: Callable[[int], object] | None = None) -> Iterator[tuple[int, str]]:
    """Line number and text of every comment in a CSV file with a column `text`, or in JSON lines with a key `text`.

    Raises BadRow. Reads as it goes: a file of any size takes no more memory than its longest row. `read` hears how
    many bytes of the file are read.
    """
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8", newline="") as file:
            rows = _json_rows(file) if path.suffix in (".jsonl", ".ndjson", ".json") else _csv_rows(file)
            for row in rows:
                if read:
                    read(raw.tell())
                yield row
    except UnicodeDecodeError as error:
        raise BadRow(f"{path} is not UTF-8 text (byte {error.start} of a block): convert it first.") from None


def import_row(repository: Repository, number: int, text: str, seen: Counter[str], authors: list[User]) -> Comment:
    """Add comment `number` (from 0) of a file to `repository`, once: a second import finds it and changes nothing.

    `seen` counts equal texts, which are different comments.
    """
    seen[text] += 1
    identity = comment_identity(repository, text, seen[text])
    if known := Comment.objects.filter(request_id=identity).first():
        return known
    with transaction.atomic():
        discussion = lock(_discussion(repository, number // PER_DISCUSSION))
        author = authors[number % len(authors)]
        return write_comment(discussion, author=author, text=text, request_id=identity, quiet=True)


def comment_identity(repository: Repository, text: str, occurrence: int) -> uuid.UUID:
    """The request id of the `occurrence`th comment (from 1) with this text: the same at every import."""
    return uuid.uuid5(repository.public_id, f"{occurrence}\n{text}")


def import_repository(namespace_name: str, name: str) -> Repository:
    """The dataset that takes imported comments, made with its owner when it is not there yet."""
    namespace = Namespace.objects.named(namespace_name).first()
    if namespace is None:
        namespace = register(User(username=namespace_name, fullname="Imports")).namespace
    found = Repository.objects.select_related("namespace").filter(
        namespace=namespace, kind=Kind.DATASET, name__iexact=name
    )
    if repository := found.first():
        return repository
    assert namespace.user is not None, "imports go to a person's repository"
    repository = create_repository(namespace, name, kind=Kind.DATASET, actor=namespace.user)
    commit(repository, {"README.md": CARD.encode()}, actor=namespace.user, message="Add the card")
    return repository


def people(prefix: str, count: int) -> list[User]:
    """Accounts prefix-01, prefix-02 …, made when they are not there yet. Nobody can sign in as one of them."""
    names = [f"{prefix}-{number:02}" for number in range(1, count + 1)]
    known = User.objects.in_bulk(names, field_name="username")
    return [known.get(name) or register(User(username=name)) for name in names]


def _discussion(repository: Repository, index: int) -> Discussion:
    identity = uuid.uuid5(repository.public_id, f"discussion {index}")
    if known := Discussion.objects.filter(request_id=identity).first():
        return known
    return write_discussion(
        repository,
        title=f"Imported comments {index + 1}",
        text="The comments below come from a file.",
        actor=repository.created_by,
        request_id=identity,
        quiet=True,
    )


def _csv_rows(file: TextIO) -> Iterator[tuple[int, str]]:
    reader = csv.DictReader(file, strict=True)
    if reader.fieldnames is None or "text" not in reader.fieldnames:
        raise BadRow("Line 1: the file needs a header with a column “text”.")
    try:
        for row in reader:
            yield reader.line_num, _text(row.get("text"), reader.line_num)
    except csv.Error as error:
        raise BadRow(f"Line {reader.line_num}: {error}.") from None


def _json_rows(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadRow(f"Line {number}: this is not JSON ({error}).") from None
        yield number, _text(row.get("text") if isinstance(row, dict) else None, number)


def _text(value: object, line: int) -> str:
    if not isinstance(value, str):
        raise BadRow(f"Line {line}: there is no text.")
    # What a form would refuse is dropped here: nobody is there to type it again.
    kept = (one for one in value if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    text = "".join(kept).strip()
    if not text:
        raise BadRow(f"Line {line}: the text is empty.")
    if len(text) > LONGEST_COMMENT:
        raise BadRow(f"Line {line}: the text has {len(text)} characters; at most {LONGEST_COMMENT} are allowed.")
    return text
