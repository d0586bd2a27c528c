"""The heads that come with the project, by the name that a configuration gives them. Loads no model."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from classifiers.head import DEFAULT_HEAD, HEADS, BrokenHead, shipped_labels

# Fitted on the encoder as it is packaged; and on the fine-tuned one, with more labels: what a new installation has.
FIRST, LATEST = "default", "adapted"
FOLDERS: Mapping[str, Path] = MappingProxyType({FIRST: DEFAULT_HEAD, LATEST: HEADS / "adapted"})


def folder_of(name: Any) -> Path:
    """The folder of a head by its name. Raises BrokenHead for another name."""
    if not isinstance(name, str) or name not in FOLDERS:
        raise BrokenHead(f"There is no head “{name}”. There is: {', '.join(sorted(FOLDERS))}.")
    return FOLDERS[name]


def declared_labels(name: Any) -> list[dict[str, Any]]:
    """The labels of a head as an entry of the settings has them, those that speak for a clause with that.

    Empty for a head that maps none of its labels. Raises BrokenHead.
    """
    rows = shipped_labels(folder_of(name))
    if not any("clause" in row for row in rows):
        return []
    return [
        {
            "name": row["label"],
            "clause": row.get("clause", ""),
            "threshold": row["threshold"],
            "confident_threshold": row["confident"],
        }
        for row in rows
    ]
