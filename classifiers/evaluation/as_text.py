"""A report as plain text, for a terminal: its tables, without the plots and the tables beside them."""

from collections.abc import Iterator

from classifiers.evaluation.document import Document, Table


def as_text(document: Document) -> str:
    """All tables, columns aligned."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    yield "=" * len(document.title)
    yield from _table(document.facts)
    for section in document.sections:
        yield from ("", section.title, "-" * len(section.title), *section.notes)
        for table in section.tables:
            yield from ("", f"{table.caption}:")
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    rows = [[_printable(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.header))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _printable(cell: str) -> str:
    """What a file says may be meant for the terminal: no character of it is obeyed."""
    return "".join(character if character.isprintable() else "?" for character in cell)
