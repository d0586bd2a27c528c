"""docs/measures.md says of every kind of measure what its class says (E1-E5, F1-F4)."""

from tests.sanctions.measures_table import table, written


def test_the_table_is_what_the_classes_say():
    assert written() == table(), "write it anew: .venv/bin/python -m tests.sanctions.measures_table"
