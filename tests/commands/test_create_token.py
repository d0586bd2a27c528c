"""manage.py create_token: printed once, with the scope asked for."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from foundation import clock


def run(*args: str) -> str:
    output = io.StringIO()
    call_command("create_token", *args, stdout=output, stderr=io.StringIO())
    return output.getvalue().strip()


def test_token_works_and_ends(moderator):
    secret = run("mira", "--scope", "moderate", "--days", "3")
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/cases").status_code == 200
    left = moderator.auth_token_set.get().expiry - clock.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3, minutes=1)


def test_scope_is_read_without_a_word(reporter):
    run("iris")
    assert reporter.auth_token_set.get().scope == "read"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nobody"], "There is nobody called nobody"),
        (["iris", "--scope", "moderate"], "not in the team"),
        (["iris", "--scope", "all"], "invalid choice"),
        (["iris", "--days", "0"], "not a number of days"),
        (["iris", "--days", "99999999999"], "not a number of days"),
    ],
)
def test_refusals(reporter, args, words):
    with pytest.raises(CommandError, match=words):
        run(*args)
    assert not reporter.auth_token_set.exists()
