"""Programs that talk to the API with a token."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import User
from accounts.queries import system_actor
from moderation.cases.actions import receive_report
from moderation.cases.models import Case


@pytest.fixture
def program(db: None) -> Callable[..., APIClient]:
    """program(user, "write"): a client that sends JSON under a token of this scope."""

    def client_of(user: User, scope: str = "write") -> APIClient:
        client = APIClient()
        client.default_format = "json"
        secret = create_token(user, scope=scope, actor=system_actor())
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return client_of


@pytest.fixture
def team(program, moderator) -> APIClient:
    """A program of a moderator."""
    client: APIClient = program(moderator, "moderate")
    return client


@pytest.fixture
def case(comment, reporter, clause) -> Case:
    """A case about a comment, opened by one report."""
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    return Case.objects.get()


def code(response) -> str:
    """The code of the only error of an answer."""
    (error,) = response.json()["errors"]
    return str(error["code"])
