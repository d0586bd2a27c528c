"""Beginning a stage, going back, ending the release; and what the settings do meanwhile (A7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from foundation.errors import Refused
from repositories.access import access
from repositories.actions import change_settings
from repositories.actions.release import begin_stage, narrow
from repositories.models import Repository, Stage
from repositories.release import choices_of, standing
from repositories.steps import Step
from tests.conftest import concurrent
from tests.repositories.reading import text_of
from tests.repositories.releasing import ADDRESS, DAY, START, plan, states

PAGE = "/mekong-lab/ours"


def test_steps_are_begun_and_taken_back_by_hand(sign_in, owner, ours, client):
    plan(ours, owner, Step("private"), Step("gated"), Step("public"))
    signed_in = sign_in(owner)
    for verb, kind, seen, files in [
        ("begin", "gated", 200, 403),
        ("begin", "public", 200, 200),
        ("begin", "public", 200, 200),  # clicked twice
        ("narrow", "gated", 200, 403),
        ("narrow", "private", 404, 404),
        ("begin", "public", 200, 200),  # one step is skipped
    ]:
        response = signed_in.post(f"{ADDRESS}/{verb}", {"kind": kind})
        assert (response.status_code, response["Location"]) == (303, ADDRESS)
        answers = [client.get(PAGE).status_code, client.get(f"{PAGE}/raw/README.md").status_code]
        assert answers == [seen, files], (verb, kind)
    assert states(signed_in.get(ADDRESS)) == [("Private", "over"), ("Gated", "skipped"), ("Public", "holds now")]


@pytest.mark.parametrize(
    ("verb", "kind", "status"),
    [
        ("begin", "people", 404),
        ("begin", "nonsense", 404),
        ("begin", "", 404),
        ("begin", "private", 409),
        ("narrow", "public", 409),
        ("narrow", "people", 404),
    ],
)
def test_what_the_plan_does_not_have_is_refused(sign_in, owner, ours, verb, kind, status):
    plan(ours, owner, Step("private"), Step("gated"), Step("public"))
    begin_stage(ours, "gated", actor=owner)
    assert sign_in(owner).post(f"{ADDRESS}/{verb}", {"kind": kind}).status_code == status
    ours.refresh_from_db()
    assert (ours.visibility, ours.gating) == ("public", "manual")


def test_going_back_clears_dates_that_passed_and_keeps_those_to_come(owner, ours, set_clock):
    set_clock(START)
    gated, public = START + timedelta(hours=1), START + timedelta(hours=9)
    plan(ours, owner, Step("private"), Step("gated", gated), Step("public", public))
    set_clock(gated)
    narrow(ours, "private", actor=owner)
    assert dict(Stage.objects.values_list("kind", "starts_at")) == {"private": None, "gated": None, "public": public}
    assert (ours.visibility, ours.stage_due_at) == ("private", public)
    set_clock(public)
    assert access(Repository.objects.get(pk=ours.pk), None).files


def test_readers_read_and_no_more(owner, ours, people, sign_in):
    plan(ours, owner, Step("private"), Step("people", people=("named",)))
    begin_stage(ours, "people", actor=owner)
    client = sign_in(people["named"])
    for below in ("", "/files", "/history", "/discussions"):
        assert client.get(PAGE + below).status_code == 200, below
    for below in ("/settings", "/settings/release", "/card/edit"):
        assert client.get(PAGE + below).status_code == 403, below
    assert "no-store" in client.get(PAGE)["Cache-Control"]


def test_ending_the_release_keeps_what_holds(sign_in, owner, ours, people, client, set_clock):
    set_clock(START)
    plan(ours, owner, Step("private"), Step("people", people=("named",)), Step("gated"), Step("public", START + DAY))
    begin_stage(ours, "gated", actor=owner)
    assert access(ours, people["named"]).files
    assert sign_in(owner).post(f"{ADDRESS}/drop").status_code == 303
    set_clock(START + DAY)
    ours.refresh_from_db()
    assert (ours.visibility, ours.gating, ours.stage_due_at) == ("public", "manual", None)
    assert not access(ours, people["named"]).files
    assert client.get(f"{PAGE}/raw/README.md").status_code == 403


def test_other_choice_in_the_settings_ends_the_release_knowingly(sign_in, owner, ours):
    plan(ours, owner, Step("private"), Step("public"))
    client = sign_in(owner)
    same, other = {"visibility": "private", "gating": "none"}, {"visibility": "public", "gating": "auto"}
    assert client.post(f"{PAGE}/settings", same).status_code == 303
    refused = client.post(f"{PAGE}/settings", other)
    assert refused.status_code == 422
    assert "Say that you want to end it" in text_of(refused)
    assert Stage.objects.count() == 2
    assert client.post(f"{PAGE}/settings", {**other, "ends_release": "on"}).status_code == 303
    ours.refresh_from_db()
    assert (ours.visibility, ours.gating, Stage.objects.count()) == ("public", "auto", 0)


def test_programs_cannot_end_the_release_in_passing(owner, ours):
    plan(ours, owner, Step("private"), Step("public"))
    with pytest.raises(Refused, match="under way"):
        change_settings(ours, visibility="public", actor=owner)
    assert change_settings(ours, visibility="private", actor=owner).visibility == "private"


@concurrent
def test_begin_and_narrow_at_once_leave_one_whole_state(owner, repository):
    plan(repository, owner, Step("private"), Step("gated"), Step("public"))
    begin_stage(repository, "gated", actor=owner)

    def each(verb):
        refused = 0
        for kind in ("public", "gated", "private"):
            try:
                verb(Repository.objects.get(pk=repository.pk), kind, actor=owner)
            except Refused:  # the other one was faster
                refused += 1
        connection.close()
        return refused

    with ThreadPoolExecutor(4) as pool:
        refused = list(pool.map(each, [begin_stage, narrow, begin_stage, narrow]))
    assert sum(refused) < 12
    row = Repository.objects.get(pk=repository.pk)
    assert (row.visibility, row.gating) == choices_of(standing(row))
    assert row.listed == (row.visibility == "public")
