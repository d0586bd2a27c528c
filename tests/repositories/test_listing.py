"""Lists show exactly what is public and not restricted, whatever happened in which order (A6, E5)."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from foundation import clock
from foundation.errors import Refused
from repositories.actions import change_settings, commit, lift, restrict
from repositories.actions.restrictions import change_end
from repositories.models import Repository, Restriction
from repositories.models.restriction import UNLISTING
from repositories.queries import listed_for, listed_parts


def shown(repository) -> list[bool]:
    key = repository.pk
    return [
        listed_for(None).filter(pk=key).exists(),
        any(part.filter(pk=key).exists() for part in listed_parts(None)),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_lists_follow_visibility_and_restrictions(seed, repository, owner, pass_time):
    chance = random.Random(seed)

    def soon():
        return chance.choice([None, clock.now() + timedelta(hours=chance.randint(1, 5))])

    def some():
        return chance.choice(list(Restriction.objects.all()) or [None])

    steps = {
        "restrict": lambda: restrict(
            repository, kind=chance.choice(UNLISTING), reason="Why.", actor=owner, ends_at=soon()
        ),
        "lift": lambda: some() and lift(some(), actor=owner),
        "end": lambda: some() and change_end(some(), ends_at=soon(), actor=owner),
        "hide": lambda: change_settings(repository, visibility="private", actor=owner),
        "show": lambda: change_settings(repository, visibility="public", actor=owner),
        "edit": lambda: commit(repository, {"a.txt": bytes([chance.randint(0, 9)])}, actor=owner, message="Edit"),
        "wait": lambda: pass_time(timedelta(hours=chance.randint(1, 3))),
    }
    for _step in range(40):
        name = chance.choice([*steps, "wait", "show"])
        with suppress(Refused):  # what is removed its owner does not change
            steps[name]()
        restricted = Restriction.objects.active().filter(repository=repository).exists()
        expected = Repository.objects.get(pk=repository.pk).visibility == "public" and not restricted
        assert shown(repository) == [expected, expected], name
