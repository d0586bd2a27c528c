"""What tests of the community tab share."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Organization, User
from community.models import Discussion
from community.pull_requests import open_pull_request
from repositories import git
from repositories.models import Repository
from tests.community.tab import Tab


def changes_of(repository: Repository, files: dict[str, bytes | None]) -> list[git.Change]:
    """Files as changes of a commit; None deletes."""
    return [
        git.Delete(path) if content is None else git.Put(path, git.store_bytes(repository, content).oid)
        for path, content in files.items()
    ]


@pytest.fixture
def propose(repository: Repository, author: User) -> Callable[..., Discussion]:
    """propose({"path": b"content"}, **fields): an open pull request of `author`."""

    def opened(files: dict[str, bytes | None], **fields: Any) -> Discussion:
        values: dict[str, Any] = {"title": "Say more", "text": "People ask.", "actor": author, **fields}
        return open_pull_request(repository, changes_of(repository, files), **values)

    return opened


@pytest.fixture
def tab(
    make_repository: Callable[..., Repository],
    organization: Organization,
    owner: User,
    moderator: User,
    make_user: Callable[..., User],
) -> Tab:
    """The tab of an organization's repository, with somebody in every role."""
    return Tab(make_repository("ours", owner=organization), organization, owner, moderator, make_user)
