"""Asking for the files of a gated repository: who may, what is asked, what happens next (A3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.actions import join_organization
from accounts.models import InboxMessage
from accounts.queries import system_actor
from foundation.errors import Forbidden, Refused
from repositories.actions import change_settings, lift, restrict
from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access, handle
from repositories.gating import Field, conditions_of
from repositories.models import AccessRequest
from tests.conftest import concurrent
from tests.repositories.gating import ANSWERS, CARD, history, letters, posted, says_what_happened
from tests.repositories.reading import text_of

ADDRESS = "/nok/voices/ask-access"
FILES = "/nok/voices/files"


@pytest.fixture
def gated(make_repository):
    return make_repository("voices", card=CARD, gating="manual")


def test_by_form_until_the_owner_lets_in(sign_in, gated, reporter, owner):
    client = sign_in(reporter)
    page = client.get(FILES)
    assert page.status_code == 403
    assert "You agree <strong>not</strong> to imitate" in text_of(page)
    assert "iris@people.example" in text_of(page)
    response = client.post(ADDRESS, posted(page, ANSWERS))
    assert (response.status_code, response["Location"]) == (303, ADDRESS)
    request = AccessRequest.objects.get()
    assert (request.status, request.user, request.repository) == ("pending", reporter, gated)
    assert {one["label"]: one["value"] for one in request.answers} == ANSWERS
    assert "living people" in request.conditions
    assert "my e-mail address" in request.conditions
    waiting = text_of(client.get(ADDRESS))
    assert "The owner has not decided yet." in waiting
    assert "<form" not in waiting.partition('id="access"')[2].partition("</section>")[0]
    assert client.get(FILES).status_code == 403
    handle(request, "accepted", actor=owner)
    assert client.get(FILES).status_code == 200
    assert client.get("/nok/voices/raw/README.md").status_code == 200
    assert client.get(ADDRESS)["Location"] == FILES


def test_automatic_opens_the_files_at_once(sign_in, make_repository, reporter, owner):
    make_repository("voices", gating="auto")
    client = sign_in(reporter)
    response = client.post(ADDRESS, posted(client.get(FILES), {}))
    assert (response.status_code, response["Location"]) == (303, FILES)
    assert client.get(FILES).status_code == 200
    request = AccessRequest.objects.get()
    assert (request.status, request.decided_by) == ("accepted", system_actor())
    assert history(request) == ["asked", "accepted"]
    assert letters(owner) == letters(reporter) == []


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("Why do you need it?", " ", "Please answer this"),
        ("Why do you need it?", "a" * 501, "shorten it"),
        ("Country", "XX", "Choose a country"),
        ("Country", "EU", "Choose a country"),
        ("When will you begin", "tomorrow", "Give a date such as"),
        ("I want it for", "other", "Choose one of the options"),
        ("I do no harm", "", "Tick this box"),
    ],
)
def test_answer_that_is_missing_or_wrong(sign_in, gated, reporter, label, value, words):
    client = sign_in(reporter)
    response = client.post(ADDRESS, posted(client.get(FILES), {**ANSWERS, label: value}))
    assert response.status_code == 422
    assert words in text_of(response)
    assert "To study voices." in text_of(response) or label == "Why do you need it?"
    with pytest.raises(ValidationError) as refusal:
        ask_access(gated, {**ANSWERS, label: value}, actor=reporter)
    assert list(refusal.value.message_dict) == [label]
    assert not AccessRequest.objects.exists()


def test_again_while_it_waits_and_after_it_was_accepted(sign_in, gated, reporter, owner):
    client = sign_in(reporter)
    form = posted(client.get(FILES), ANSWERS)
    client.post(ADDRESS, form)
    assert client.post(ADDRESS, form)["Location"] == ADDRESS
    request = AccessRequest.objects.get()
    handle(request, "accepted", actor=owner)
    assert client.post(ADDRESS, {})["Location"] == FILES
    assert ask_access(gated, {}, actor=reporter).pk == request.pk
    assert history(request) == ["asked", "accepted"]


def test_after_a_rejection_only_where_the_owner_allows_it(sign_in, gated, reporter, owner, pass_time):
    request = ask_access(gated, ANSWERS, actor=reporter)
    handle(request, "rejected", reason="Say <b>more</b>, please.", actor=owner)
    client = sign_in(reporter)
    page = text_of(client.get(ADDRESS))
    assert "Say &lt;b&gt;more&lt;/b&gt;, please." in page
    assert "The owner takes no second request." in page
    assert client.post(ADDRESS, {}).status_code == 403
    with pytest.raises(Forbidden) as refusal:
        ask_access(gated, ANSWERS, actor=reporter)
    assert refusal.value.code == "rejected"

    fields = [Field("Why do you need it?", "text")]
    set_conditions(gated, text="Be kind.", fields=fields, ask_again=True, actor=owner)
    pass_time(timedelta(hours=1))
    client.post(ADDRESS, posted(client.get(ADDRESS), {"Why do you need it?": "For a thesis."}))
    asked_at = request.requested_at
    request.refresh_from_db()
    assert (request.status, request.reason, request.decided_by) == ("pending", "", None)
    assert request.requested_at > asked_at
    assert request.answers == [{"label": "Why do you need it?", "type": "text", "value": "For a thesis."}]
    assert "Be kind." in request.conditions
    assert history(request) == ["asked", "rejected", "asked"]
    assert says_what_happened(request)


def test_who_waits_gets_in_when_it_becomes_automatic(sign_in, make_repository, reporter, owner):
    repository = make_repository("voices", gating="manual")
    ask_access(repository, {}, actor=reporter)
    change_settings(repository, gating="auto", actor=owner)
    client = sign_in(reporter)
    assert client.post(ADDRESS, posted(client.get(ADDRESS), {}))["Location"] == FILES
    assert history(AccessRequest.objects.get()) == ["asked", "asked", "accepted"]


def test_decisions_outlast_a_time_without_gating(gated, reporter, author, owner):
    yes, no = (ask_access(gated, ANSWERS, actor=person) for person in (reporter, author))
    handle(yes, "accepted", actor=owner)
    handle(no, "rejected", actor=owner)
    change_settings(gated, gating="none", actor=owner)
    with pytest.raises(Refused) as refusal:
        ask_access(gated, ANSWERS, actor=author)
    assert (refusal.value.code, refusal.value.status) == ("not_gated", 400)
    change_settings(gated, gating="manual", actor=owner)
    assert [AccessRequest.objects.get(pk=one.pk).status for one in (yes, no)] == ["accepted", "rejected"]


def test_conditions_that_changed_after_the_page_was_opened(sign_in, gated, reporter, owner):
    client = sign_in(reporter)
    form = posted(client.get(FILES), ANSWERS)
    set_conditions(gated, text="Other conditions.", fields=[Field("Who are you?", "text")], actor=owner)
    response = client.post(ADDRESS, form)
    assert response.status_code == 422
    assert "The owner changed the conditions" in text_of(response)
    assert "Other conditions." in text_of(response)
    assert not AccessRequest.objects.exists()
    with pytest.raises(Refused) as refusal:
        ask_access(gated, {"Who are you?": "Iris"}, agreed=form["agreed"], actor=reporter)
    assert refusal.value.code == "stale"
    assert client.post(ADDRESS, posted(response, {"Who are you?": "Iris"})).status_code == 303


def test_visitors_sign_in_and_come_back(client, gated):
    for address in (FILES, "/nok/voices", ADDRESS):
        page = text_of(client.get(address))
        assert f'href="/accounts/login/?next={ADDRESS}"' in page, address
        assert "You agree <strong>not</strong>" in page
        assert "Why do you need it?" not in page
    assert client.post(ADDRESS, {})["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_the_page_of_the_repository_offers_it(sign_in, gated, reporter, owner):
    client = sign_in(reporter)
    page = client.get("/nok/voices")
    assert "Read this first" in text_of(page)
    assert client.post(ADDRESS, posted(page, ANSWERS)).status_code == 303
    assert "The owner has not decided yet." in text_of(client.get("/nok/voices"))
    handle(AccessRequest.objects.get(), "accepted", actor=owner)
    assert "You have access" in text_of(client.get("/nok/voices"))


@pytest.mark.parametrize("role", ["read", "contributor", "write", "admin"])
def test_the_owner_side_needs_none(organization, make_repository, sign_in, owner, reporter, role):
    repository = make_repository("voices", owner=organization, gating="manual")
    join_organization(reporter, organization, role=role, actor=owner)
    with pytest.raises(Refused) as refusal:
        ask_access(repository, {}, actor=reporter)
    assert (refusal.value.code, refusal.value.status) == ("not_needed", 400)
    client = sign_in(reporter)
    assert 'id="access"' not in text_of(client.get("/mekong-lab/voices"))
    assert client.get("/mekong-lab/voices/ask-access")["Location"] == "/mekong-lab/voices/files"
    assert client.post("/mekong-lab/voices/ask-access").status_code == 400


def test_disabled_takes_no_request_and_nobody_gets_in(sign_in, gated, reporter, owner):
    restriction = restrict(gated, kind="disabled", reason="Why.", actor=system_actor())
    client = sign_in(reporter)
    with pytest.raises(Forbidden) as refusal:
        ask_access(gated, ANSWERS, actor=reporter)
    assert refusal.value.code == "disabled"
    assert "Read this first" not in text_of(client.get(FILES))
    assert client.get(ADDRESS)["Location"] == FILES
    assert client.post(ADDRESS, {}).status_code == 403
    lift(restriction, actor=system_actor())
    handle(ask_access(gated, ANSWERS, actor=reporter), "accepted", actor=owner)
    restrict(gated, kind="disabled", reason="Why.", actor=system_actor())
    assert client.get(FILES).status_code == 403


def test_a_deactivated_account_does_not(gated, reporter):
    reporter.is_active = False
    reporter.save(update_fields=["is_active"])
    with pytest.raises(Forbidden) as refusal:
        ask_access(gated, ANSWERS, actor=reporter)
    assert refusal.value.code == "deactivated"


def test_private_and_missing_are_one_answer(sign_in, gated, reporter, owner):
    change_settings(gated, visibility="private", actor=owner)
    client = sign_in(reporter)
    for name in ("voices", "nothing"):
        assert client.get(f"/nok/{name}/ask-access").status_code == 404
        assert client.post(f"/nok/{name}/ask-access").status_code == 404
    with pytest.raises(Refused) as refusal:
        ask_access(gated, ANSWERS, actor=reporter)
    assert refusal.value.status == 404


def test_not_gated(sign_in, make_repository, reporter):
    make_repository("voices")
    client = sign_in(reporter)
    assert client.get(ADDRESS)["Location"] == FILES
    assert client.post(ADDRESS, {}).status_code == 400


def test_the_owner_hears_of_it_once_a_day_in_the_own_language(gated, reporter, author, make_user, owner, pass_time):
    owner.language = "th"
    owner.save(update_fields=["language"])
    for person in (reporter, author):
        ask_access(gated, ANSWERS, actor=person)
    assert len(letters(owner)) == 1
    assert "nok/voices" in letters(owner)[0]
    letter = InboxMessage.objects.get(recipient=owner)
    assert letter.link == "/nok/voices/settings/requests"
    pass_time(timedelta(days=1))
    ask_access(gated, ANSWERS, actor=make_user("late"))
    assert len(letters(owner)) == 2


def test_the_admins_of_an_organization_hear_of_it(organization, make_repository, make_user, owner, reporter):
    repository = make_repository("voices", owner=organization, gating="manual")
    people = {role: make_user(role) for role in ("admin-2", "write-1", "read-1")}
    for name, person in people.items():
        join_organization(person, organization, role=name.split("-")[0], actor=owner)
    ask_access(repository, {}, actor=reporter)
    assert [len(letters(person)) for person in (owner, *people.values())] == [1, 1, 0, 0]


def test_own_requests(sign_in, gated, make_repository, reporter, author, owner, django_assert_num_queries):
    second = make_repository("second", gating="auto")
    ask_access(gated, ANSWERS, actor=reporter)
    ask_access(second, {}, actor=reporter)
    ask_access(second, {}, actor=author)
    client = sign_in(reporter)
    with django_assert_num_queries(5):  # session, person, requests, permissions, unread messages
        page = text_of(client.get("/settings/access"))
    assert page.index("nok/second") < page.index("nok/voices")
    assert "Thailand" in page
    assert "1 December 2026" in page
    assert "living people" in page
    change_settings(gated, visibility="private", actor=owner)
    page = text_of(client.get("/settings/access"))
    assert "nok/voices" not in page
    assert "a repository that you do not see any more" in page
    assert "You have asked for nothing" in text_of(sign_in(owner).get("/settings/access"))


def test_queries_of_the_pages(client, sign_in, gated, reporter, django_assert_num_queries):
    conditions_of(gated)  # the names of the countries are read once
    with django_assert_num_queries(3):  # repository, restrictions, conditions
        client.get(ADDRESS)
    signed_in = sign_in(reporter)
    # and session, person, inspection, reader, request, two permissions, unread messages
    with django_assert_num_queries(10):
        signed_in.get(ADDRESS)


@concurrent
def test_asked_many_times_at_once_it_is_one_request(make_repository, reporter):
    repository = make_repository("voices", gating="manual")

    def ask(_number):
        try:
            return ask_access(repository, {}, actor=reporter).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))
    request = AccessRequest.objects.get()
    assert found == {request.pk}
    assert history(request) == ["asked"]
