"""The access table and what the pages answer are the same, over every combination (A2)."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import join_organization
from accounts.models import OrganizationRole
from accounts.queries import system_actor
from foundation import clock
from repositories.access import access, seen_by
from repositories.actions import change_settings, restrict
from repositories.models import Gating, Repository, Restriction, Visibility
from repositories.queries import listed_for

ROLES = ["visitor", "stranger", "moderator", *OrganizationRole.values]
RESTRICTIONS = st.sets(st.sampled_from([(kind, ended) for kind in Restriction.Kind for ended in (True, False)]))


@pytest.fixture
def hub(organization, make_repository, make_user, moderator, reporter, owner):
    """The repository, and a person and a client for each role."""
    people = {"visitor": None, "stranger": reporter, "moderator": moderator}
    for role in OrganizationRole.values:
        people[role] = make_user(f"member-{role}")
        join_organization(people[role], organization, role=role, actor=owner)
    clients = {role: Client() for role in ROLES}
    for role, person in people.items():
        if person is not None:
            clients[role].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return make_repository("ours", owner=organization), people, clients


def arrange(repository, owner, visibility, gating, restrictions):
    Restriction.objects.all().delete()
    change_settings(repository, actor=owner, visibility=visibility, gating=gating)
    for kind, ended in restrictions:
        moment = clock.now() - timedelta(hours=2 if ended else 0)
        with clock.importing(moment):
            restrict(repository, kind=kind, reason="Why.", actor=system_actor(), ends_at=moment + timedelta(hours=1))
    repository.refresh_from_db()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visibility=st.sampled_from(Visibility.values),
    gating=st.sampled_from(Gating.values),
    restrictions=RESTRICTIONS,
    role=st.sampled_from(ROLES),
)
def test_pages_answer_what_the_table_says(hub, owner, visibility, gating, restrictions, role):
    repository, people, clients = hub
    arrange(repository, owner, visibility, gating, restrictions)
    found, client = access(repository, people[role]), clients[role]
    page = repository.get_absolute_url()

    refused = 404 if not found.see else 403
    needs_sign_in = role == "visitor"
    for below in ("", "/discussions"):
        assert client.get(page + below).status_code == (200 if found.see else 404), below
    for below in ("/files", "/file/README.md", "/raw/README.md", "/history"):
        assert client.get(page + below).status_code == (200 if found.files else refused), below
    for below, allowed in {"/card/edit": found.edit, "/settings": found.manage}.items():
        expected = 302 if needs_sign_in else 200 if allowed else refused
        assert client.get(page + below).status_code == expected, below


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visibility=st.sampled_from(Visibility.values),
    gating=st.sampled_from(Gating.values),
    restrictions=RESTRICTIONS,
    role=st.sampled_from(ROLES),
)
def test_table_as_it_is_written(hub, owner, visibility, gating, restrictions, role):
    repository, people, _clients = hub
    arrange(repository, owner, visibility, gating, restrictions)
    found = access(repository, people[role])
    member = role in OrganizationRole.values
    standing = {kind for kind, ended in restrictions if not ended}
    public = visibility == Visibility.PUBLIC
    assert found.see == (member or public)
    assert found.files == (member or (public and gating == Gating.NONE and "disabled" not in standing))
    assert found.edit == (role in ("write", "admin"))
    assert found.manage == (role == "admin")
    assert {one.kind for one in found.restrictions} == standing
    assert Repository.objects.filter(seen_by(people[role])).exists() == found.see
    listed = listed_for(people[role]).exists()
    assert listed == (member or (public and (not standing or role == "moderator")))
