"""Somebody's repository in an organization, and whom the steps of its release may name."""

from typing import Any

import pytest

from accounts.actions import create_organization, join_organization
from accounts.models import Organization, User
from repositories.models import Repository


@pytest.fixture
def ours(make_repository: Any, organization: Organization) -> Repository:
    return make_repository("ours", owner=organization)


@pytest.fixture
def people(owner: User, organization: Organization, make_user: Any, moderator: User) -> dict[str, User | None]:
    """Those who may look: `named` by name, `fellow` through another organization, `member` of the owner side."""
    named, fellow, member = make_user("named"), make_user("fellow"), make_user("member")
    create_organization("delta-lab", actor=fellow)
    join_organization(member, organization, role="read", actor=owner)
    return {"visitor": None, "named": named, "fellow": fellow, "member": member, "moderator": moderator}
