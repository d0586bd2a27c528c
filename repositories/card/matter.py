"""Reading the YAML of strangers, in bounded time."""

from typing import Any

import yaml

LONGEST_MATTER = 100_000  # characters
MOST_NODES = 20_000
DEEPEST = 40


class TooLong(yaml.YAMLError):
    """Front matter that we do not begin to read."""


class _Loader(yaml.SafeLoader):
    """Bounded, and without aliases: a card needs none, and a few lines of nested ones would fill any memory."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.nodes = self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        self.nodes += 1
        self.depth += 1
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases (*name) are not read", problem_mark=mark)
        if self.depth > DEEPEST:
            raise yaml.composer.ComposerError(problem="nested too deep", problem_mark=mark)
        if self.nodes > MOST_NODES:
            raise yaml.composer.ComposerError(problem="too many values", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def compose(matter: str) -> yaml.Node | None:
    """The nodes of front matter with the places where they stand; None where there is nothing.

    Raises yaml.YAMLError where it is no YAML, has aliases, or is longer, larger or nested deeper than we read.
    """
    if len(matter) > LONGEST_MATTER:
        raise TooLong(f"longer than {LONGEST_MATTER} characters")
    return _Loader(matter).get_single_node()


def construct(node: yaml.Node) -> Any:
    """The value of a node. Raises whatever comes: tags such as "!!bool x" make the reader do so."""
    return _Loader("").construct_document(node)


def read_matter(matter: str) -> tuple[dict[Any, Any], str]:
    """The keys and values of front matter, and what is wrong with it ("" when nothing is). Never raises."""
    try:
        node = compose(matter)
        values = construct(node) if node else {}
    except Exception as error:  # noqa: BLE001 - see construct
        return {}, str(error)
    if values is None:
        return {}, ""
    if not isinstance(values, dict):
        return {}, "The front matter is not a list of keys and values."
    return values, ""
