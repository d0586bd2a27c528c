"""Asking the owner on the page of a case, and what the owner and others read on the repository's page (E1, E5)."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.cases.actions import RequestOrder, claim, request_of_owner
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Case
from moderation.sanctions.models import Measure, StandingCondition
from repositories.actions import change_settings

WORDS = "It repeats insults from its data."


@pytest.fixture
def reported(report, repository) -> Case:
    return report(repository, "spam")


@pytest.fixture
def desk(sign_in, moderator) -> Client:
    return sign_in(moderator)


@pytest.fixture
def send(desk, reported):
    """send(kinds=[…], …): the form that asks the owner."""

    def sent(**changes):
        data = {
            "kinds": ["request_documentation"], "documentation": "documented", "hours": "48", "text": WORDS,
            "request_id": str(uuid.uuid4()),
        }  # fmt: skip
        return desk.post(f"/cases/{reported.public_id}/requests", {**data, **changes})

    return sent


def test_the_form_asks_and_says_so(send, desk, reported):
    assert send(kinds=["request_documentation", "request_gating"], documentation="tagged").status_code == 303
    assert set(Measure.objects.values_list("kind", "until_done")) == {
        ("request_documentation", "tagged"), ("request_gating", "gated"),
    }  # fmt: skip
    page = desk.get(f"/cases/{reported.public_id}").content.decode()
    assert "Asked of the owner" in page
    assert "in public" in page


@pytest.mark.parametrize("changes", [{"kinds": []}, {"hours": "5"}, {"text": "x"}, {"kinds": ["downgrade"]}])
def test_what_is_missing_comes_back_with_the_words(send, changes):
    answer = send(**changes)
    assert answer.status_code == 422
    assert not Measure.objects.exists()
    assert changes.get("text", WORDS) in answer.content.decode()


def test_a_reporter_s_name_in_public_words_is_refused_and_cannot_be_confirmed(send, reporter):
    words = "iris says that it repeats insults from its data."
    answer = send(text=words)
    assert answer.status_code == 422
    assert "Everybody will read them: take it out." in answer.content.decode()
    assert send(text=words, naming="on").status_code == 422
    assert not Measure.objects.exists()


def test_a_reporter_s_name_in_private_words_can_be_confirmed(send, desk, report, repository, reporter):
    case = report(repository, "published-without-consent")
    data = {
        "kinds": ["request_private"], "documentation": "documented", "hours": "48",
        "text": "iris says that they never agreed to this.", "request_id": str(uuid.uuid4()),
    }  # fmt: skip
    answer = desk.post(f"/cases/{case.public_id}/requests", data)
    assert answer.status_code == 422
    assert 'name="naming"' in answer.content.decode()
    assert desk.post(f"/cases/{case.public_id}/requests", {**data, "naming": "on"}).status_code == 303


def test_nobody_else_asks(sign_in, reported, owner, reporter):
    for person in (owner, reporter):
        assert sign_in(person).post(f"/cases/{reported.public_id}/requests", {}).status_code in (403, 404)


def test_what_the_owner_reads_on_the_page_of_the_repository(sign_in, client, reported, moderator, owner, repository):
    request_of_owner(reported, orders=[RequestOrder("request_gating")], text=WORDS, actor=moderator)
    own = sign_in(owner).get(repository.get_absolute_url()).content.decode()
    assert "What our team asks of you" in own
    assert f'{repository.get_absolute_url()}/settings"' in own
    theirs = client.get(repository.get_absolute_url()).content.decode()
    assert "What our team asks of the owner" in theirs
    assert "Do it" not in theirs
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    assert "Do it" not in sign_in(owner).get(repository.get_absolute_url()).content.decode()


def test_of_a_confidential_clause_strangers_read_nothing(report, sign_in, client, moderator, owner, repository):
    case = report(repository, "published-without-consent")
    request_of_owner(case, orders=[RequestOrder("request_private")], text=WORDS, actor=moderator)
    assert "What our team asks" in sign_in(owner).get(repository.get_absolute_url()).content.decode()
    assert "What our team asks" not in client.get(repository.get_absolute_url()).content.decode()
    log = client.get(f"{repository.get_absolute_url()}/moderation").content.decode()
    assert "make it private" not in log


def test_nothing_asked_costs_no_query(client, reported, repository):
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(repository.get_absolute_url())
    assert not [one for one in found.captured_queries if "ownerrequest" in one["sql"]]


def test_decided_until_the_owner_did_it(desk, reported, moderator, decide_form, repository, owner):
    claim(reported, actor=moderator)
    reported.refresh_from_db()
    page = desk.get(f"/cases/{reported.public_id}").content.decode()
    assert 'value="done:gated"' in page
    data = decide_form(
        reported, clause="spam", measures=["downgrade"], **{"lasts-downgrade": "done:gated", "conditions": ["gated"]}
    )
    assert desk.post(f"/cases/{reported.public_id}/decide", data).status_code == 303
    assert Measure.objects.get().until_done == "gated"
    condition = StandingCondition.objects.get()
    page = desk.get(f"/cases/{reported.public_id}").content.decode()
    assert "not done yet" in page
    address = f"/cases/{reported.public_id}/conditions/{condition.public_id}"
    assert desk.post(address, {"reason": "no"}).status_code == 422
    assert desk.post(address, {"reason": "The data behind it is gone."}).status_code == 303
    condition.refresh_from_db()
    assert condition.withdrawn_at is not None


def test_a_condition_that_is_not_so_comes_back_as_a_sentence(desk, reported, moderator, decide_form):
    claim(reported, actor=moderator)
    reported.refresh_from_db()
    data = decide_form(reported, clause="spam", measures=["downgrade"], conditions=["gated"])
    answer = desk.post(f"/cases/{reported.public_id}/decide", data)
    assert answer.status_code in (409, 422)
    assert "This is not so now" in answer.content.decode()


def test_administrators_look_at_them(sign_in, admin, reported, moderator, repository):
    request_of_owner(reported, orders=[RequestOrder("request_gating")], text=WORDS, actor=moderator)
    for model in ("repositories_ownerrequest", "sanctions_standingcondition"):
        assert sign_in(admin).get(reverse(f"admin:{model}_changelist"), {"q": "tiny"}).status_code == 200
        assert sign_in(admin).get(reverse(f"admin:{model}_add")).status_code == 403


def test_queries_do_not_grow_with_what_is_asked(desk, client, reported, moderator, repository):
    def asked_with(*kinds: str) -> tuple[int, int]:
        request_of_owner(reported, orders=[RequestOrder(kind) for kind in kinds], text=WORDS, actor=moderator)
        counts = []
        for address in (f"/cases/{reported.public_id}", repository.get_absolute_url()):
            with CaptureQueriesContext(connection) as found:
                assert desk.get(address).status_code == 200
            counts.append(len([one for one in found if "request" in one["sql"] or "discussion" in one["sql"]]))
        return counts[0], counts[1]

    assert asked_with("request_gating") == asked_with("request_documentation", "request_private")
