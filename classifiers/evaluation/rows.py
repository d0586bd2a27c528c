"""Labelled texts of a CSV or JSON lines file, read strictly: a figure on half-read data would be a wrong figure."""

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random
from typing import TextIO

JSON_LINES = (".jsonl", ".ndjson", ".json")
TRUE, FALSE = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no"})


class BadFile(Exception):  # noqa: N818 - reads as what happened
    """The file cannot be used; says where, why and what to do."""


@dataclass(frozen=True)
class Columns:
    """Which columns hold what. `flags` hold a true or a false value, or nothing where nobody labelled the row;
    `words` hold text that is given on as it is. Values count as written, whatever their case."""

    text: str
    flags: Sequence[str] = ()
    words: Sequence[str] = ()
    true: frozenset[str] = TRUE
    false: frozenset[str] = FALSE


@dataclass(frozen=True)
class Labelled:
    """A text with what its columns say."""

    text: str
    flags: Mapping[str, bool | None]
    words: Mapping[str, str]


@dataclass(frozen=True)
class File:
    """What a file holds, before anybody asked what its columns mean: records with the lines they end in."""

    sha256: str
    names: list[str]
    records: list[tuple[int, Mapping[str, object]]]


@dataclass(frozen=True)
class Contents:
    """The rows that are used, how many the file has, and how many of these were left out for having no text."""

    rows: list[Labelled]
    in_file: int
    without_text: int


def load(path: Path) -> File:
    """A CSV file with a header, or JSON lines where the name ends so. Raises BadFile."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read ({error.strerror}): give a CSV or JSON lines file.") from None
    return parse(path, data)


def parse(path: Path, data: bytes) -> File:
    """The same of a file whose content is at hand. Raises BadFile."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8, or convert it with `iconv -t utf-8`."
        ) from None
    names, records = (_json if path.suffix.casefold() in JSON_LINES else _csv)(StringIO(text, newline=""))
    if not records:
        raise BadFile(f"{path} holds no rows: give a file with labelled texts.")
    return File(hashlib.sha256(data).hexdigest(), names, records)


def read(file: File, columns: Columns, *, sample: int | None = None, seed: int = 0) -> Contents:
    """The rows of a file, or `sample` of them picked by the seed (all, where there are fewer), in the file's order.

    Raises BadFile.
    """
    wanted = (columns.text, *columns.flags, *columns.words)
    if missing := [name for name in wanted if name not in file.names]:
        has = ", ".join(f"“{name}”" for name in file.names)
        raise BadFile(f"There is no column “{missing[0]}”. The file has {has}: name the right one by an option.")
    found = [_labelled(record, line, columns) for line, record in file.records]
    rows = [row for row in found if row.text.strip()]
    if not rows:
        raise BadFile(f"No row has a text in “{columns.text}”: name the right column with --text.")
    without_text = len(found) - len(rows)
    if sample is not None and sample < len(rows):
        rows = [rows[place] for place in sorted(Random(seed).sample(range(len(rows)), sample))]  # noqa: S311
    return Contents(rows, len(found), without_text)


def _csv(file: TextIO) -> tuple[list[str], list[tuple[int, Mapping[str, object]]]]:
    reader = csv.DictReader(file, strict=True)
    records: list[tuple[int, Mapping[str, object]]] = []
    try:
        names = list(reader.fieldnames or ())
        if len(set(names)) < len(names):
            raise BadFile("Line 1: two columns have the same name; rename one.")
        for row in reader:
            if None in row or None in row.values():
                raise BadFile(f"Line {reader.line_num}: the row has not as many fields as the header; mend it.")
            records.append((reader.line_num, row))
    except csv.Error as error:
        raise BadFile(f"Line {reader.reader.line_num}: {error}; mend the CSV.") from None
    return names, records


def _json(file: TextIO) -> tuple[list[str], list[tuple[int, Mapping[str, object]]]]:
    names: dict[str, None] = {}
    records: list[tuple[int, Mapping[str, object]]] = []
    for line, text in enumerate(file, start=1):
        if text.strip():
            try:
                row = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise BadFile(f"Line {line}: this is not JSON ({error}); write one object a line.") from None
            if not isinstance(row, dict):
                raise BadFile(f"Line {line}: this is no JSON object; write one object a line.")
            records.append((line, row))
            names |= dict.fromkeys(row)
    return list(names), records


def _labelled(record: Mapping[str, object], line: int, columns: Columns) -> Labelled:
    text = record.get(columns.text)
    if text is not None and not isinstance(text, str):
        raise BadFile(f"Line {line}: “{columns.text}” is no text.")
    flags = {name: _flag(record.get(name), name, line, columns) for name in columns.flags}
    return Labelled(_whole(text or ""), flags, {name: _word(record.get(name)) for name in columns.words})


def _flag(value: object, name: str, line: int, columns: Columns) -> bool | None:
    said = _word(value)
    if not said:
        return None
    if said.casefold() in columns.true:
        return True
    if said.casefold() in columns.false:
        return False
    known = f"true: {', '.join(sorted(columns.true))}; false: {', '.join(sorted(columns.false))}"
    raise BadFile(f"Line {line}: “{name}” is “{said[:40]}” ({known}). Say with --true and --false what it means.")


def _word(value: object) -> str:
    return "" if value is None else _whole(str(value)).strip()


def _whole(text: str) -> str:
    """The text without halves of characters, which JSON can name but nobody can write."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
