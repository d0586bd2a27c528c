"""Reading the demo hub's content: YAML files written for it, in demo/content/."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "content"


def read(name: str) -> Any:
    """The content of one YAML file."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - both loaders are safe ones


def repositories() -> list[dict[str, Any]]:
    """Every repository with its discussions, oldest first."""
    found = [read(f"repositories/{path.name}") for path in (FOLDER / "repositories").glob("*.yaml")]
    return sorted(found, key=lambda one: (-one["created_days_ago"], one["owner"], one["name"]))


def _loader() -> type[yaml.SafeLoader]:
    # The C loader is ten times as fast, where PyYAML was built with it.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
