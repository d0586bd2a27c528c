"""What rooms above ask of a person of the team comes with the token, once, and is the same as asked alone."""

import pytest
from django.contrib.auth.models import Group

from accounts.actions import create_organization, create_token
from accounts.authentication import asked_of, find_token
from accounts.models import Scope, User
from moderation.cases.stakes import NAME, stakes_of
from moderation.policy.models import Lane


@pytest.fixture
def person(moderator: User) -> User:
    """Somebody of the team with an organization, a lane that is open to them and one that is not."""
    create_organization("lab", actor=moderator)
    open_to_them = Group.objects.create(name="Named")
    moderator.groups.add(open_to_them)
    Lane.objects.create(code="theirs", title="Theirs", order=90, group=open_to_them)
    Lane.objects.create(code="closed", title="Closed", order=91, group=Group.objects.create(name="Others"))
    return moderator


def test_the_stakes_come_with_the_token(person, django_assert_num_queries):
    alone = stakes_of(person)
    assert alone.organizations
    assert alone.opened_lanes
    assert alone.closed_lanes
    secret = create_token(person, scope=Scope.MODERATE, actor=person)
    with django_assert_num_queries(1):
        found = find_token(secret)
        assert stakes_of(found.user) == alone


def test_they_are_of_that_moment(person, django_assert_num_queries):
    found = find_token(create_token(person, scope=Scope.MODERATE, actor=person))
    stakes_of(found.user)
    create_organization("another-lab", actor=person)
    with django_assert_num_queries(1):
        assert len(stakes_of(found.user).organizations) == 2


def test_nothing_is_asked_for_another_scope(person, django_assert_num_queries):
    found = find_token(create_token(person, scope=Scope.WRITE, actor=person))
    assert asked_of(found.user, NAME) is None
    with django_assert_num_queries(1):
        assert stakes_of(found.user).person == person.pk
