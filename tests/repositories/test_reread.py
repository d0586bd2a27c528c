"""manage.py reread_repositories: what columns say is computed again, and nothing else changes."""

import io
import shutil
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.repositories.reading import names

TAGGED = "---\nlicense: mit\ntags: [not-for-all-audiences]\n---\n# Rivers\n\nFloods.\n"
# Columns that an older Ombud had not, or wrote otherwise.
FORGOTTEN = {
    "search": None, "search_text": "", "license": "", "title": "", "matter": {}, "card_nfaa": False, "nfaa_commit": "",
    "nfaa_by": None, "nfaa_since": None,
}  # fmt: skip


def run() -> str:
    output = io.StringIO()
    call_command("reread_repositories", stdout=output, stderr=output)
    return output.getvalue()


def row_of(repository) -> dict:
    row: dict[str, Any] = dict(Repository.objects.filter(pk=repository.pk).values().get())
    # Git keeps whole seconds.
    return row | {"nfaa_since": row["nfaa_since"] and row["nfaa_since"].replace(microsecond=0)}


@pytest.fixture
def rivers(make_repository, owner):
    """The third of its four commits brought the tag into the card."""
    made = make_repository("rivers")
    commit(made, {"a.txt": b"A."}, actor=owner, message="A file")
    commit(made, {"README.md": TAGGED.encode()}, actor=owner, message="Tag it")
    commit(made, {"README.md": TAGGED.encode() + b"More.\n"}, actor=owner, message="More words")
    return made


def test_what_was_forgotten_comes_back_and_nothing_else_changes(client, rivers):
    before = row_of(rivers)
    Repository.objects.filter(pk=rivers.pk).update(**FORGOTTEN)
    assert names(client.get("/search?q=floods")) == []
    assert "1 repositories are read again." in run()
    assert row_of(rivers) == before
    assert names(client.get("/search?q=floods")) == ["rivers"]
    run()
    assert row_of(rivers) == before


def test_empty_and_deleted_ones(rivers, owner):
    Repository.objects.filter(pk=rivers.pk).update(head="", search=None)
    run()
    assert row_of(rivers)["search"]
    Repository.objects.filter(pk=rivers.pk).update(deleted_at=rivers.updated_at, search=None)
    run()
    assert row_of(rivers)["search"] is None


def test_one_that_cannot_be_read_stops_no_other(rivers, make_repository, monkeypatch):
    other = make_repository("other")
    Repository.objects.update(search=None)
    shutil.rmtree(git.location(rivers))
    monkeypatch.setattr("repositories.management.commands.reread_repositories.BATCH", 1)
    with pytest.raises(CommandError, match="1 could not be read"):
        run()
    assert row_of(other)["search"]
    assert row_of(rivers)["search"] is None
