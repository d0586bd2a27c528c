"""Planning a release in stages, and reading where it stands (A7)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import join_organization
from foundation import clock
from repositories.access import access
from repositories.actions.release import begin_stage
from repositories.models import Stage
from repositories.steps import Step
from tests.repositories.reading import text_of
from tests.repositories.releasing import ADDRESS, DAY, START, plan, states

TWO = {"private_use": "on", "public_use": "on"}
NAMES = {"private_use": "on", "people_use": "on"}
GATED = {"gated_use": "on", "gated_gating": "auto"}


def test_owner_plans_by_the_form_and_reads_where_it_stands(sign_in, owner, ours, people, set_clock):
    set_clock(START)
    client = sign_in(owner)
    form = {
        **TWO,
        "people_use": "on",
        "people_names": "Named, fellow",
        **GATED,
        "gated_at": "2026-11-22T14:05",
        "public_at": "2026-12-24T00:00",
    }
    response = client.post(ADDRESS, form)
    assert (response.status_code, response["Location"]) == (303, ADDRESS)
    assert states(client.get(ADDRESS)) == [
        ("Private", "holds now"),
        ("Named people", "begins when you say so"),
        ("Gated", "begins by itself"),
        ("Public", "begins by itself"),
    ]
    set_clock(datetime(2026, 11, 22, 14, 5, tzinfo=UTC))
    page = client.get(ADDRESS)
    assert states(page)[:3] == [("Private", "over"), ("Named people", "skipped"), ("Gated", "holds now")]
    assert "22 November 2026, 14:05 (UTC)" in text_of(page)
    stage = Stage.objects.get(kind="gated")
    assert (stage.gating, stage.reached_at) == ("auto", None)  # nothing was stored yet


def test_times_are_those_of_the_owner(sign_in, owner, ours, set_clock):
    set_clock(START)
    owner.time_zone = "Asia/Bangkok"
    owner.save()
    page = sign_in(owner).post(ADDRESS, {**TWO, "public_at": "2026-11-22T14:05"}, follow=True)
    assert Stage.objects.get(kind="public").starts_at == datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
    assert 'value="2026-11-22T14:05"' in text_of(page)


def test_form_begins_with_the_organization_of_the_owner(sign_in, owner, ours):
    assert 'name="organization_names" value="mekong-lab"' in text_of(sign_in(owner).get(ADDRESS))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "at least two steps"),
        ({"private_use": "on"}, "at least two steps"),
        (NAMES, "This field is required"),
        ({**NAMES, "people_names": " , "}, "Say whom you name"),
        ({**NAMES, "people_names": "named nobody-here"}, "There is no person called “nobody-here”"),
        ({**NAMES, "people_names": "mekong-lab"}, "There is no person called"),
        ({**NAMES, "people_names": "ombud"}, "There is no person called"),
        ({**NAMES, "people_names": " ".join(f"n{number}" for number in range(201))}, "at most 200"),
        ({"private_use": "on", "organization_use": "on", "organization_names": "named"}, "No organization is called"),
        ({**TWO, "public_at": "2026-11-20T12:00"}, "must lie ahead"),
        ({**TWO, "public_at": "9999-12-31T23:59"}, "within ten years"),
        ({**TWO, "public_at": "tomorrow"}, "Enter a valid date"),
        ({**TWO, **GATED, "gated_at": "2026-11-24T12:00", "public_at": "2026-11-23T12:00"}, "must come later"),
        ({**GATED, "gated_at": "2026-11-24T12:00", "public_use": "on"}, "leave its date empty"),
        ({**TWO, "gated_use": "on", "gated_gating": "nonsense"}, "Select a valid choice"),
    ],
    ids=range(15),
)
def test_plan_that_does_not_hold_together_says_why(sign_in, owner, ours, people, set_clock, form, said):
    set_clock(START)
    response = sign_in(owner).post(ADDRESS, form)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Stage.objects.exists()


@pytest.mark.parametrize("kinds", [("public", "private"), ("private", "private"), ("private", "nonsense")], ids=str)
def test_steps_in_another_order_or_twice_are_refused(owner, ours, kinds):
    with pytest.raises(ValidationError):
        plan(ours, owner, *[Step(kind) for kind in kinds])
    assert not Stage.objects.exists()


def test_new_plan_of_a_release_under_way_keeps_what_began(owner, ours, people, set_clock):
    set_clock(START)
    plan(ours, owner, Step("private"), Step("people", people=("named",)), Step("public", START + timedelta(hours=5)))
    begin_stage(ours, "people", actor=owner)
    set_clock(START + timedelta(hours=1))
    later = START + timedelta(hours=7)
    plan(ours, owner, Step("private"), Step("people", people=("fellow",)), Step("gated"), Step("public", later))
    assert (ours.visibility, ours.stage_due_at) == ("private", later)
    assert [access(ours, people[who]).files for who in ("named", "fellow")] == [False, True]
    assert Stage.objects.get(kind="people").reached_at == START
    # Taking out the step that holds lets the one before it hold.
    plan(ours, owner, Step("private"), Step("public"))
    assert not access(ours, people["fellow"]).see


@pytest.mark.parametrize(("role", "status"), [("read", 403), ("contributor", 403), ("write", 403), ("admin", 200)])
def test_only_admins_plan(organization, ours, sign_in, owner, reporter, role, status):
    join_organization(reporter, organization, role=role, actor=owner)
    client, done = sign_in(reporter), 303 if status == 200 else 403
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, TWO).status_code == done
    for verb in ("begin", "narrow", "drop"):
        assert client.post(f"{ADDRESS}/{verb}", {"kind": "private"}).status_code == done, verb


def test_visitor_signs_in_and_comes_back_to_the_page(client, ours, owner, reporter, sign_in):
    for below in ("", "/begin", "/narrow", "/drop"):
        assert client.post(ADDRESS + below)["Location"] == f"/accounts/login/?next={ADDRESS}"
    plan(ours, owner, Step("private"), Step("public"))
    assert sign_in(reporter).get(ADDRESS).status_code == 404


def test_queries_of_the_page(sign_in, owner, ours, people, django_assert_num_queries):
    names = ("named", "fellow")
    plan(ours, owner, Step("private"), Step("people", people=names), Step("public", clock.now() + DAY))
    client = sign_in(owner)
    # session, person, repository, the stage that holds, role, restrictions, stages, readers and the people among them,
    # clock, two permissions, unread messages
    with django_assert_num_queries(12):
        client.get(ADDRESS)
