"""POST /matters/{id}/appeal: somebody whom a case concerns contests what we decided (K1, D1, G2)."""

from datetime import timedelta

import pytest

from moderation.appeals.models import Appeal
from moderation.cases.actions import ask_owner, invite, leave, receive_report
from moderation.cases.models import Case, Party
from tests.api.conftest import code
from tests.reports.steps import decided

WHY = {"text": "It shows me still, and I never agreed to that."}


@pytest.fixture
def case(repository, reporter, clause) -> Case:
    receive_report(repository, clause=clause("strong-dual-use"), text="It told me all the steps.", actor=reporter)
    return Case.objects.get()


@pytest.fixture
def part(case, make_user, moderator) -> Party:
    return invite(case, role="depicted", person=make_user("ada"), actor=moderator)


@pytest.fixture
def hers(program, part):
    return program(part.user)


@pytest.fixture
def url(part) -> str:
    return f"/api/v1/matters/{part.public_id}"


def test_contested_once(hers, url, case, moderator):
    decided(case, moderator)
    assert hers.get(url).json()["contest_until"]
    first, again = hers.post(f"{url}/appeal", WHY), hers.post(f"{url}/appeal", WHY)
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json() == again.json()
    assert Appeal.objects.get().appellant.username == "ada"
    other = hers.post(f"{url}/appeal", {"text": "And besides it was long ago."})
    assert (other.status_code, code(other)) == (409, "exists")
    assert hers.get(f"/api/v1/appeals/{first.json()['id']}").json()["state"] == "open"


def test_not_before_a_decision(hers, url):
    assert hers.get(url).json()["contest_until"] is None
    early = hers.post(f"{url}/appeal", WHY)
    assert (early.status_code, code(early)) == (409, "open")


def test_not_after_half_a_year(hers, url, case, moderator, pass_time):
    decided(case, moderator)
    pass_time(timedelta(days=200))
    late = hers.post(f"{url}/appeal", WHY)
    assert (late.status_code, code(late)) == (409, "too_late")


def test_not_by_whoever_left(hers, url, case, part, moderator):
    leave(part, actor=part.user)
    decided(case, moderator)
    assert hers.post(f"{url}/appeal", WHY).status_code == 403
    assert hers.get(url).json()["contest_until"] is None


def test_not_by_the_owner(program, case, owner, moderator):
    party = ask_owner(case, text="What is it for?", actor=moderator).party
    decided(case, moderator)
    assert program(owner).post(f"/api/v1/matters/{party.public_id}/appeal", WHY).status_code == 403


def test_others_do_not_find_it(program, url, case, reporter, moderator):
    decided(case, moderator)
    assert program(reporter).post(f"{url}/appeal", WHY).status_code == 404
    assert not Appeal.objects.exists()


def test_a_token_to_read_contests_nothing(program, part, url, case, moderator):
    decided(case, moderator)
    assert program(part.user, "read").post(f"{url}/appeal", WHY).status_code == 403
