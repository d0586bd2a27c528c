"""How moderators meet harmful content: their own choice, their own count, nobody else's business (D5)."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import get_resolver

from foundation import clock
from foundation.errors import Forbidden
from moderation.cases.actions import claim, claim_next, release
from moderation.cases.comfort import choose_comfort, comfort_of, forget_exposures, opted_out, seen_today
from moderation.cases.models import Comfort, Exposure
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses

FOLDED = re.compile(r'<details class="evidence"\s+hx-post')


@pytest.fixture
def choose(moderator):
    """choose(fold=False): what the moderator wants."""

    def save(actor=None, **changes) -> Comfort:
        values = {"blur": True, "greyscale": True, "fold": True, "opted_out": [], "budget": None, **changes}
        return choose_comfort(**values, actor=actor or moderator)

    return save


@pytest.fixture
def mild(report, comment):
    """A case of a mild clause."""
    return report(comment, "spam")


def form(**changes):
    return {"blur": "on", "greyscale": "on", "fold": "on", "budget": "", **changes}


def test_the_page_keeps_what_one_chose(sign_in, moderator, clause):
    client = sign_in(moderator)
    assert client.get("/cases/comfort").status_code == 200
    sent = {"blur": "on", "budget": "20", "opted_out": ["harassment", "spam"]}
    assert client.post("/cases/comfort", sent)["Location"] == "/cases/comfort"
    comfort = comfort_of(moderator)
    assert (comfort.blur, comfort.greyscale, comfort.fold, comfort.budget) == (True, False, False, 20)
    assert set(opted_out(moderator)) == {clause("harassment").pk, clause("spam").pk}
    page = client.get("/cases/comfort").content.decode()
    assert set(re.findall(r'name="(\w+)" value="([\w-]+)"[^>]* checked', page)) == {
        ("opted_out", "harassment"), ("opted_out", "spam"),
    }  # fmt: skip


@pytest.mark.parametrize("changes", [{"budget": "0"}, {"budget": "many"}, {"opted_out": ["nonsense"]}])
def test_what_makes_no_sense_comes_back(sign_in, moderator, changes):
    assert sign_in(moderator).post("/cases/comfort", form(**changes)).status_code == 422
    assert not Comfort.objects.exists()


def test_it_is_private(client, sign_in, moderator, other_moderator, reporter, choose):
    choose(budget=7)
    assert client.get("/cases/comfort").status_code == 302
    assert sign_in(reporter).get("/cases/comfort").status_code == 404
    assert 'value="7"' not in sign_in(other_moderator).get("/cases/comfort").content.decode()
    with pytest.raises(Forbidden):
        choose(actor=reporter)


def test_no_admin_and_no_api_shows_it():
    assert not {Comfort, Exposure} & set(admin.site._registry)
    addresses = [str(one.pattern) for one in get_resolver().url_patterns]
    assert not [one for one in addresses if one.startswith("api") and "comfort" in one]


def test_claim_next_leaves_out_what_one_opted_out_of(case, moderator, choose, clause):
    choose(opted_out=[clause("harassment")])
    assert claim_next(actor=moderator) is None
    assert claim(case, actor=moderator).assignee == moderator
    release(case, actor=moderator)
    choose(opted_out=[])
    assert claim_next(actor=moderator) == case


def test_nobody_is_given_anything_who_opted_out_of_all(case, moderator, choose):
    choose(opted_out=list(active_clauses()))
    assert claim_next(actor=moderator) is None


def test_flagged_text_is_folded_unless_one_chose_otherwise(sign_in, moderator, case, score, choose):
    score(case, "toxicity", 0.97)
    client = sign_in(moderator)
    assert FOLDED.search(client.get(case.get_absolute_url()).content.decode())
    choose(fold=False)
    page = client.get(case.get_absolute_url()).content.decode()
    assert not FOLDED.search(page)
    assert re.search(r'<details class="evidence"\s+open', page)


@pytest.mark.parametrize(("blur", "greyscale"), [(True, True), (False, True), (True, False), (False, False)])
def test_pictures_as_one_chose(sign_in, moderator, case, choose, blur, greyscale):
    choose(blur=blur, greyscale=greyscale)
    (classes,) = re.findall(
        r'class="workbench case([^"]*)"', sign_in(moderator).get(case.get_absolute_url()).content.decode()
    )
    assert (("blurred" in classes), ("grey" in classes)) == (blur, greyscale)


def test_opening_what_is_severe_counts_once_a_day(sign_in, moderator, other_moderator, case, pass_time):
    client = sign_in(moderator)
    for _visit in range(3):
        client.get(case.get_absolute_url())
    assert (seen_today(moderator), seen_today(other_moderator)) == (1, 0)
    pass_time(timedelta(days=1))
    assert seen_today(moderator) == 0
    client.get(case.get_absolute_url())
    assert Exposure.objects.count() == 2


def test_what_is_mild_does_not_count(sign_in, moderator, mild):
    sign_in(moderator).get(mild.get_absolute_url())
    assert not Exposure.objects.exists()


def test_folded_text_counts_when_it_is_revealed(sign_in, moderator, mild, score):
    score(mild, "toxicity", 0.97)
    client = sign_in(moderator)
    client.get(mild.get_absolute_url())
    assert not Exposure.objects.exists()
    assert client.post(f"{mild.get_absolute_url()}/reveal").status_code == 200
    assert Exposure.objects.get().case == mild


def test_unfolded_by_choice_it_counts_at_once(sign_in, moderator, mild, score, choose):
    score(mild, "toxicity", 0.97)
    choose(fold=False)
    sign_in(moderator).get(mild.get_absolute_url())
    assert Exposure.objects.get().user == moderator


def test_a_pause_is_suggested_and_nothing_is_barred(sign_in, moderator, other_moderator, many_cases, choose):
    choose(budget=2)
    first, second, third = many_cases(3)
    client = sign_in(moderator)
    assert "moment for a pause" not in client.get(first.get_absolute_url()).content.decode()
    assert "moment for a pause" in client.get(second.get_absolute_url()).content.decode()
    answer = client.get(third.get_absolute_url())
    assert (answer.status_code, "moment for a pause" in answer.content.decode()) == (200, True)
    assert "moment for a pause" not in sign_in(other_moderator).get(third.get_absolute_url()).content.decode()
    assert "moment for a pause" in client.post(f"{third.get_absolute_url()}/reveal").content.decode()


def test_revealing_is_for_who_sees_the_case(client, sign_in, reporter, case):
    address = f"{case.get_absolute_url()}/reveal"
    assert client.post(address).status_code == 302
    assert sign_in(reporter).post(address).status_code == 404
    assert not Exposure.objects.exists()


def test_it_is_forgotten_after_thirty_days(sign_in, moderator, many_cases, pass_time):
    old, new = many_cases(2)
    client = sign_in(moderator)
    client.get(old.get_absolute_url())
    pass_time(timedelta(days=30, minutes=1))
    client.get(new.get_absolute_url())
    assert forget_exposures() == 1
    assert Exposure.objects.get().case == new
    assert Exposure.objects.get().at <= clock.now()


def test_every_clause_can_be_opted_out_of(sign_in, moderator):
    page = sign_in(moderator).get("/cases/comfort").content.decode()
    assert page.count('name="opted_out"') == Clause.objects.filter(active=True).count()
