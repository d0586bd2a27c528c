"""The access table as it is written, also where restrictions have ended (A2)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import join_organization
from accounts.models import OrganizationRole
from accounts.queries import system_actor
from foundation import clock
from repositories.access import access, seen_by
from repositories.actions import change_settings, restrict
from repositories.models import Gating, Repository, Restriction, Visibility
from repositories.models.restriction import UNLISTING
from repositories.queries import listed_for

ROLES = ["visitor", "stranger", "moderator", *OrganizationRole.values]
RESTRICTIONS = st.sets(st.sampled_from([(kind, ended) for kind in Restriction.Kind for ended in (True, False)]))


@pytest.fixture
def hub(organization, make_repository, make_user, moderator, reporter, owner):
    """The repository, and a person for each role."""
    people = {"visitor": None, "stranger": reporter, "moderator": moderator}
    for role in OrganizationRole.values:
        people[role] = make_user(f"member-{role}")
        join_organization(people[role], organization, role=role, actor=owner)
    return make_repository("ours", owner=organization), people


def arrange(repository, owner, visibility, gating, restrictions):
    Restriction.objects.all().delete()
    change_settings(repository, actor=owner, visibility=visibility, gating=gating)
    for kind, ended in restrictions:
        moment = clock.now() - timedelta(hours=2 if ended else 0)
        with clock.importing(moment):
            restrict(repository, kind=kind, reason="Why.", actor=system_actor(), ends_at=moment + timedelta(hours=1))
    repository.refresh_from_db()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    visibility=st.sampled_from(Visibility.values),
    gating=st.sampled_from(Gating.values),
    restrictions=RESTRICTIONS,
    role=st.sampled_from(ROLES),
)
def test_table_as_it_is_written(hub, owner, visibility, gating, restrictions, role):
    repository, people = hub
    arrange(repository, owner, visibility, gating, restrictions)
    found = access(repository, people[role])
    standing = {kind for kind, ended in restrictions if not ended}
    kept_private, removed = "private" in standing, "removed" in standing
    member = role in OrganizationRole.values and (role == "admin" or not kept_private) and not removed
    public = visibility == Visibility.PUBLIC and not kept_private and not removed
    assert found.see == (member or public)
    assert found.files == (member or (public and gating == Gating.NONE and "disabled" not in standing))
    assert found.edit == (member and role in ("write", "admin"))
    assert found.manage == (role == "admin" and not removed)
    assert {one.kind for one in found.restrictions} == standing
    assert Repository.objects.filter(seen_by(people[role])).exists() == found.see
    listed = listed_for(people[role]).exists()
    assert listed == (member or (public and (not standing & set(UNLISTING) or role == "moderator")))
