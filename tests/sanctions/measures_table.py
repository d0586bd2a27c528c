"""`python -m tests.sanctions.measures_table`: writes the table of docs/measures.md anew, out of the registry."""

import os
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "measures.md"
BEGIN, END = "<!-- the table begins -->\n", "<!-- the table ends -->\n"


def table() -> str:
    """A row for every kind of measure: what its class says of it, in English."""
    from moderation.sanctions.measures import KINDS

    head = "| Measure | On | What it does | Who | Ends | Undone | The public reads |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(_row(kind))} |\n" for kind in KINDS.values())


def _row(kind) -> list[str]:
    return [
        f"**{kind.label}** (`{kind.code}`)",
        ", ".join(sorted(kind.subject_kinds)),
        kind.help,
        "two moderators" if kind.second_by_default else "one moderator",
        _end(kind),
        "exactly" if kind.undoable else "never: it destroys on purpose",
        _public(kind),
    ]


def _end(kind) -> str:
    if kind.only_words:
        return "nothing holds"
    if kind.asks:
        return "done, withdrawn, or decided"
    ends = [f"after {int(kind.lasts.total_seconds()) // 3600} hours"] if kind.lasts else []
    ends += ["at a chosen time"] if kind.chooses_end else []
    ends += ["when the owner did what was asked"] if kind.conditions else []
    return ", or ".join([*ends, "when lifted"] if kind.undoable else ["never"])


def _public(kind) -> str:
    if not kind.logged:
        return "nothing"
    if not kind.judges:
        return "“Restricted”"
    title = f"“{kind.public_title()}”, " if hasattr(kind, "public_title") else ""
    discussion = "in a discussion of its own, and " if kind.public else ""
    return f"{title}{discussion}in the log"


def written() -> str:
    """The table as the page has it."""
    return DOCS.read_text().partition(BEGIN)[2].partition(END)[0]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    before, _begin, rest = DOCS.read_text().partition(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}")
