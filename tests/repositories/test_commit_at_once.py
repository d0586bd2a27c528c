"""Many people committing at once: nobody's change is lost, and whoever saw an older head is told (A1)."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from foundation.errors import Refused
from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.conftest import concurrent
from tests.repositories.committing import check

THREADS = 6


def at_once(do):
    def closing(number):
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(closing, range(THREADS)))


@concurrent
def test_every_change_is_in(repository, owner):
    def do(number):
        mine = Repository.objects.get(pk=repository.pk)
        return [
            commit(mine, {f"{number}/{turn}": b"same content"}, actor=owner, message=f"{number}") for turn in range(4)
        ]

    made = {oid for oids in at_once(do) for oid in oids}
    repository.refresh_from_db()
    assert len(git.list_files(repository)) == 4 * THREADS + 1
    assert made < {one.oid for one in git.history(repository)}
    check(repository)


@concurrent
def test_of_those_who_saw_one_head_one_wins(repository, owner):
    def do(number):
        mine = Repository.objects.get(pk=repository.pk)
        try:
            return commit(mine, {"a": b"%d" % number}, actor=owner, message="x", parent=repository.head)
        except Refused as refusal:
            return refusal.code

    answers = at_once(do)
    assert answers.count("stale") == THREADS - 1
    repository.refresh_from_db()
    assert repository.head in answers
