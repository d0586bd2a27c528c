"""Querysets that are compiled once: the same rows as the queryset, and a clear error where that cannot be."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Length
from django.db.transaction import TransactionManagementError

from accounts.models import Namespace, User
from foundation import clock
from foundation.clock import Now
from foundation.compiled import Compiled
from tests.conftest import concurrent

pytestmark = pytest.mark.django_db


def named(name: str) -> QuerySet[Namespace]:
    return Namespace.objects.filter(name=name).select_related("user")


def test_gives_the_objects_of_the_queryset_with_what_is_selected_along(make_user, django_assert_num_queries):
    find = Compiled(named)
    anna, ben = make_user("anna"), make_user("ben")
    for one in (anna, ben, anna):
        with django_assert_num_queries(1):
            (found,) = find(one.username)
            assert found.user == one
            assert found.user.email == one.email
    assert find("nobody") == []
    assert find.first("nobody") is None
    assert vars(find.first("ben"))["name"] == vars(named("ben").get())["name"]


def test_takes_numbers_ids_and_moments_and_the_present_one(make_user):
    recent = Compiled(
        lambda key, public, since: User.objects.filter(
            pk__gte=key, public_id=public, date_joined__gt=since, date_joined__lte=Now(), is_active=True
        )
    )
    anna = make_user("anna", days_old=0)
    before, after = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    assert recent(anna.pk, anna.public_id, before) == [anna]
    assert recent(anna.pk + 1, anna.public_id, before) == []
    assert recent(anna.pk, uuid.uuid4(), before) == []
    assert recent(anna.pk, anna.public_id, after) == []


def test_gives_values_and_annotations(make_user):
    anna = make_user("anna")
    lengths = Compiled(lambda key: User.objects.filter(pk=key).values_list("username", Length("username")))
    assert lengths(anna.pk) == [("anna", 4)]
    assert Compiled(lambda key: User.objects.filter(pk=key).values_list("username", flat=True))(anna.pk) == ["anna"]
    annotated = Compiled(lambda key: User.objects.filter(pk=key).annotate(long=Length("username"), same=F("username")))
    assert [(one.long, one.same) for one in annotated(anna.pk)] == [(4, "anna")]


def test_a_value_may_be_used_twice(make_user):
    anna, ben = make_user("anna"), make_user("ben")
    either = Compiled(lambda name: User.objects.filter(username=name) | User.objects.filter(email=name))
    assert either("anna") == [anna]
    assert either(ben.email) == [ben]


def test_what_is_always_the_same_stands_in_the_statement_itself(make_user):
    """So that a plan made once for all values can use an index with such a condition."""
    anna = make_user("anna")
    User.objects.filter(pk=anna.pk).update(fullname="100 %s")
    find = Compiled(lambda key: User.objects.filter(pk__gte=key, fullname="100 %s", is_active=True)[:5])
    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert find(anna.pk) == [anna]
    ((sql, params),) = statements
    assert params == [anna.pk]
    assert sql.endswith("LIMIT 5")


def test_a_larger_statement_may_stand_around_it(make_user):
    anna = make_user("anna")
    counted: Compiled[Any] = Compiled(
        lambda name: User.objects.filter(username=name), around="SELECT count(*), 'x' FROM ({}) found"
    )
    assert counted(anna.username) == [(1, "x")]
    assert counted("nobody") == [(0, "x")]


def test_what_reads_a_lock_waits_for_it(make_user):
    anna = make_user("anna")
    assert "FOR NO KEY UPDATE" in str(User.objects.select_for_update(no_key=True).filter(pk=anna.pk).query)
    assert Compiled(lambda key: User.objects.select_for_update(no_key=True).filter(pk=key))(anna.pk) == [anna]


@concurrent
def test_what_locks_is_asked_in_a_transaction_each_time(make_user):
    anna = make_user("anna")
    lock = Compiled(lambda key: User.objects.select_for_update(no_key=True).filter(pk=key))
    with transaction.atomic():
        assert lock(anna.pk) == [anna]
    with pytest.raises(TransactionManagementError):
        lock(anna.pk)


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (lambda name: User.objects.filter(username__contains=name), "a"),
        (lambda name: User.objects.all(), "a"),
        (lambda key: User.objects.filter(pk=key) if key % 2000 < 1000 else User.objects.all(), 7),
        (lambda key: User.objects.filter(pk=key), None),
        (lambda key: User.objects.filter(is_active=key), True),
        (lambda keys: User.objects.filter(pk__in=keys), [1]),
        (lambda key: User.objects.filter(pk=key).values("username"), 1),
    ],
    ids=["changed on the way", "not used", "decides", "none", "truth", "list", "dictionaries"],
)
def test_refuses_what_cannot_be_compiled_once(make, value):
    with pytest.raises(TypeError):
        Compiled(make)(value)


def test_what_is_not_read_along_is_read_when_somebody_asks(make_user, django_assert_num_queries):
    find = Compiled(lambda key: named(key).only("name", "user__username", "user"))
    anna = make_user("anna")
    find("anna")
    with django_assert_num_queries(1):
        (found,) = find("anna")
        assert (found.name, found.user.username, found.user.pk) == ("anna", "anna", anna.pk)
        assert not found._state.adding
        assert found.user._state.db == "default"
    with django_assert_num_queries(1):
        assert found.user.email == anna.email
    assert found.user.get_deferred_fields() >= {"public_id", "date_joined"}
