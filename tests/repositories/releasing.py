"""Planning releases as an owner does, and reading where they stand."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from repositories.actions.release import plan_release
from repositories.models import Repository
from repositories.steps import Step
from tests.repositories.reading import text_of

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADDRESS = "/mekong-lab/ours/settings/release"


def plan(repository: Repository, owner: User, *steps: Step) -> None:
    plan_release(repository, steps, actor=owner)


def states(response: Any) -> list[tuple[str, str]]:
    """Of each step on the page, its name and the word beside its dot."""
    found = re.findall(r"<strong>([^<]+)</strong>\s*<span class=\"state[^>]*>([^<]+)</span>", text_of(response))
    return [(name.strip().partition(":")[0], state.strip()) for name, state in found]
