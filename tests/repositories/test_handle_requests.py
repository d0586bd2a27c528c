"""Deciding about requests for access: the page, the rules, many at once (A3, B2)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import join_organization
from accounts.models import InboxMessage
from foundation.errors import Forbidden, Refused
from repositories.actions import change_settings
from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access, grant, handle, handle_many
from repositories.gating.queries import find_request, requests_of
from repositories.models import AccessRequest, AccessRequestEvent
from tests.conftest import concurrent
from tests.repositories.gating import ANSWERS, CARD, history, ids_on, letters, says_what_happened
from tests.repositories.reading import following, text_of

ADDRESS = "/nok/voices/settings/requests"


@pytest.fixture
def gated(make_repository):
    return make_repository("voices", card=CARD, gating="manual")


@pytest.fixture
def asked(gated, reporter):
    return ask_access(gated, ANSWERS, actor=reporter)


def decide(client, do, *requests, was="pending", **more):
    ids = [request.public_id for request in requests]
    return client.post(f"{ADDRESS}/decide", {"do": do, "request": ids, "was": was, **more})


def test_the_page_shows_who_asked_and_what_was_answered(sign_in, owner, asked):
    page = text_of(sign_in(owner).get(ADDRESS))
    for words in ("iris", "iris@people.example", "To study voices.", "Thailand", "1 December 2026", "Research"):
        assert words in page, words


def test_accept_by_the_page(sign_in, owner, asked, reporter):
    client = sign_in(owner)
    response = decide(client, "accept", asked)
    assert (response.status_code, response["Location"]) == (303, f"{ADDRESS}?status=pending")
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("accepted", owner)
    assert letters(reporter) == ["You have access to nok/voices"]
    assert InboxMessage.objects.get(recipient=reporter).link == "/nok/voices/files"
    assert ids_on(client.get(ADDRESS)) == []
    assert "Accepted by nok" in text_of(client.get(f"{ADDRESS}?status=accepted"))


def test_reject_with_a_reason_and_set_back(sign_in, owner, asked, reporter):
    client = sign_in(owner)
    decide(client, "reject", asked, reason="Only for 100% academic work.\nSorry.")
    assert "Only for 100% academic work." in text_of(client.get(f"{ADDRESS}?status=rejected"))
    letter = InboxMessage.objects.get(recipient=reporter)
    assert "> Only for 100% academic work.\n> Sorry." in letter.body
    assert "ask again" not in letter.body
    decide(client, "cancel", asked, was="rejected")
    asked.refresh_from_db()
    assert (asked.status, asked.reason, asked.decided_at) == ("pending", "", None)
    assert history(asked) == ["asked", "rejected", "cancelled"]
    assert letters(reporter)[1] == "Your request for nok/voices waits again"


def test_the_rejection_says_whether_to_ask_again(gated, asked, reporter, owner):
    set_conditions(gated, ask_again=True, actor=owner)
    handle(asked, "rejected", actor=owner)
    assert "You may ask again." in InboxMessage.objects.get(recipient=reporter).body


def test_taking_access_back(sign_in, asked, reporter, owner):
    handle(asked, "accepted", actor=owner)
    client = sign_in(reporter)
    assert client.get("/nok/voices/raw/README.md").status_code == 200
    handle(asked, "rejected", actor=owner)
    assert client.get("/nok/voices/raw/README.md").status_code == 403


def test_notice_in_the_language_of_who_asked(asked, reporter, owner):
    reporter.language = "th"
    reporter.save(update_fields=["language"])
    handle(asked, "accepted", actor=owner)
    assert "nok/voices" in letters(reporter)[0]


def test_many_at_once_with_one_reason(sign_in, gated, owner, make_user):
    rows = [ask_access(gated, ANSWERS, actor=make_user(f"person-{number}")) for number in range(5)]
    client = sign_in(owner)
    handle(rows[0], "accepted", actor=owner)
    response = client.post(
        f"{ADDRESS}/decide",
        {"do": "reject", "was": "pending", "reason": "No.", "request": [one.public_id for one in rows]},
        follow=True,
    )
    assert "We told 4 people what you decided." in text_of(response)
    assert "What somebody else decided meanwhile stays as it is." in text_of(response)
    states = list(AccessRequest.objects.order_by("pk").values_list("status", "reason"))
    assert states == [("accepted", ""), *[("rejected", "No.")] * 4]


def test_nothing_marked(sign_in, owner, asked):
    response = sign_in(owner).post(f"{ADDRESS}/decide", {"do": "accept", "was": "pending"}, follow=True)
    assert "Mark the requests" in text_of(response)


@pytest.mark.parametrize(
    "values",
    [
        {"do": "accept", "was": "pending", "request": ["x"]},
        {"do": "erase", "was": "pending"},
        {"do": "accept", "was": "asked"},
        {"do": "reject", "was": "pending", "reason": "a" * 1001},
        {},
    ],
    ids=["id", "verb", "status", "reason", "nothing"],
)
def test_forged_decision_changes_nothing(sign_in, owner, asked, values):
    assert sign_in(owner).post(f"{ADDRESS}/decide", values).status_code == 400
    asked.refresh_from_db()
    assert asked.status == "pending"


def test_requests_of_other_repositories_stay(sign_in, owner, make_repository, asked, author):
    other = ask_access(make_repository("other", gating="manual"), {}, actor=author)
    decide(sign_in(owner), "accept", other)
    other.refresh_from_db()
    assert other.status == "pending"


@pytest.mark.parametrize(("role", "allowed"), [("read", 0), ("contributor", 0), ("write", 1), ("admin", 1)])
def test_by_role(organization, make_repository, sign_in, owner, reporter, author, role, allowed):
    repository = make_repository("voices", owner=organization, gating="manual")
    request = ask_access(repository, {}, actor=author)
    join_organization(reporter, organization, role=role, actor=owner)
    client, page = sign_in(reporter), "/mekong-lab/voices/settings/requests"
    expected = 200 if allowed else 403
    assert client.get(page).status_code == client.get(f"{page}/export").status_code == expected
    assert ("Access requests" in text_of(client.get("/mekong-lab/voices"))) == allowed
    values = {"do": "accept", "was": "pending", "request": [request.public_id]}
    assert client.post(f"{page}/decide", values).status_code == (303 if allowed else 403)
    assert client.post(f"{page}/grant", {"user": "nok"}).status_code == (422 if allowed else 403)
    request.refresh_from_db()
    assert request.status == ("accepted" if allowed else "pending")


def test_strangers_visitors_and_the_team_do_not(client, sign_in, asked, reporter, moderator):
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    for below in ("decide", "grant"):
        assert client.post(f"{ADDRESS}/{below}")["Location"] == f"/accounts/login/?next={ADDRESS}"
    for person in (reporter, moderator):
        assert sign_in(person).get(ADDRESS).status_code == 403
        assert decide(sign_in(person), "accept", asked).status_code == 403
        with pytest.raises(Forbidden):
            handle(asked, "accepted", actor=person)
        with pytest.raises(Forbidden):
            grant(asked.repository, person, actor=person)


def test_what_a_program_is_told(gated, asked, owner, author):
    def code_of(do):
        with pytest.raises(Refused) as refusal:
            do()
        return refusal.value.code, refusal.value.status

    handle(asked, "rejected", actor=owner)
    assert code_of(lambda: handle(asked, "rejected", actor=owner)) == ("not_found", 404)
    assert code_of(lambda: find_request(gated, name="nobody")) == ("not_found", 404)
    assert code_of(lambda: find_request(gated, public_id=uuid4())) == ("not_found", 404)
    assert code_of(lambda: handle(asked, "erased", actor=owner)) == ("invalid", 400)
    assert code_of(lambda: handle(asked, "accepted", reason="Why?", actor=owner)) == ("invalid", 400)
    grant(gated, author, actor=owner)
    assert code_of(lambda: grant(gated, author, actor=owner)) == ("already_granted", 400)
    assert code_of(lambda: grant(gated, owner, actor=owner)) == ("already_granted", 400)
    change_settings(gated, gating="none", actor=owner)
    found = AccessRequest.objects.get(pk=asked.pk)
    assert code_of(lambda: handle(found, "accepted", actor=owner)) == ("not_gated", 400)
    assert code_of(lambda: grant(found.repository, author, actor=owner)) == ("not_gated", 400)
    assert find_request(gated, name="IRIS") == asked


def test_grant_by_the_page(sign_in, gated, owner, reporter):
    client = sign_in(owner)
    response = client.post(f"{ADDRESS}/grant", {"user": " Iris "})
    assert response["Location"] == f"{ADDRESS}?status=accepted"
    page = text_of(client.get(f"{ADDRESS}?status=accepted"))
    assert "first let in, unasked" in page
    assert "iris@people.example" not in page  # iris never agreed that the owner gets it
    request = AccessRequest.objects.get()
    assert history(request) == ["granted"]
    assert says_what_happened(request)
    assert letters(reporter) == ["You have access to nok/voices"]
    assert sign_in(reporter).get("/nok/voices/files").status_code == 200
    assert "gave you access unasked" in text_of(sign_in(reporter).get("/settings/access"))
    for name, words in (("iris", "iris has access already."), ("nobody", "nobody of this name"), ("", "required")):
        again = client.post(f"{ADDRESS}/grant", {"user": name})
        assert again.status_code == 422
        assert words in text_of(again)


def test_grant_after_a_rejection(asked, gated, owner, reporter):
    handle(asked, "rejected", reason="No.", actor=owner)
    grant(gated, reporter, actor=owner)
    assert history(asked) == ["asked", "rejected", "granted"]
    assert says_what_happened(asked)


def test_grant_to_an_account_that_is_no_more(gated, owner, reporter):
    reporter.is_active = False
    reporter.save(update_fields=["is_active"])
    with pytest.raises(Refused) as refusal:
        grant(gated, reporter, actor=owner)
    assert refusal.value.status == 404
    assert not AccessRequest.objects.exists()


def test_tabs_search_and_pages(sign_in, gated, owner, make_user, django_assert_num_queries):
    people = [make_user(f"person-{number}") for number in range(55)]
    rows = [ask_access(gated, ANSWERS, actor=person) for person in people]
    client = sign_in(owner)
    # session, person, repository, role, restrictions, three counts, requests, two permissions, unread messages
    with django_assert_num_queries(10):
        first = client.get(ADDRESS)
    second = client.get(ADDRESS + following(first))
    newest_first = [row.public_id for row in reversed(rows)]
    assert ids_on(first) + ids_on(second) == newest_first
    assert ids_on(client.get(f"{ADDRESS}?q=PERSON-54")) == [rows[54].public_id]
    assert "Nobody of this name" in text_of(client.get(f"{ADDRESS}?q=nobody"))
    assert ids_on(client.get(f"{ADDRESS}?status=accepted")) == []
    assert ids_on(client.get(f"{ADDRESS}?status=unknown")) == ids_on(first)
    assert requests_of(gated, "pending")[0] == rows[54]


def test_counts_stop_at_a_thousand(sign_in, gated, owner, reporter, make_user):
    people = type(owner).objects.bulk_create(type(owner)(username=f"many-{number}") for number in range(1001))
    AccessRequest.objects.bulk_create(AccessRequest(repository=gated, user=person) for person in people)
    assert "1,000+" in text_of(sign_in(owner).get(ADDRESS))


def test_without_gating_the_page_only_shows(sign_in, gated, asked, owner):
    change_settings(gated, gating="none", actor=owner)
    page = text_of(sign_in(owner).get(ADDRESS))
    assert "To study voices." in page
    assert "This repository is not gated now" in page
    assert "/decide" not in page
    assert decide(sign_in(owner), "accept", asked).status_code == 400


def test_no_cache_keeps_the_page(sign_in, asked, owner):
    response = sign_in(owner).get(ADDRESS)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


VERBS = st.lists(st.sampled_from(["ask", "accepted", "rejected", "pending", "grant", "auto", "manual", "again"]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(verbs=VERBS)
def test_whatever_happens_the_row_stands_as_its_events_say(gated, reporter, owner, verbs):
    AccessRequestEvent.objects.all().delete()
    AccessRequest.objects.all().delete()
    change_settings(gated, gating="manual", actor=owner)
    set_conditions(gated, ask_again=False, actor=owner)
    before = 0
    for verb in verbs:
        try:
            if verb == "ask":
                ask_access(gated, {}, actor=reporter)
            elif verb in AccessRequest.Status.values:
                handle(find_request(gated, name="iris"), verb, actor=owner)
            elif verb == "grant":
                grant(gated, reporter, actor=owner)
            elif verb == "again":
                set_conditions(gated, ask_again=True, actor=owner)
            else:
                change_settings(gated, gating=verb, actor=owner)
        except Refused:
            assert AccessRequestEvent.objects.count() == before
        before = AccessRequestEvent.objects.count()
        row = AccessRequest.objects.first()
        assert (row is None) == (before == 0)
        assert row is None or says_what_happened(row)


def at_once(*deeds):
    together = threading.Barrier(len(deeds))

    def do(deed):
        together.wait()
        try:
            return deed()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@concurrent
def test_the_same_decision_twice_at_once_is_one(make_repository, reporter, owner):
    repository = make_repository("voices", gating="manual")
    request = ask_access(repository, {}, actor=reporter)
    ids = [request.public_id]
    found = at_once(*[lambda: handle_many(repository, ids, "accepted", actor=owner)] * 6)
    assert sorted(found) == [0] * 5 + [1]
    assert history(request) == ["asked", "accepted"]
    assert len(letters(reporter)) == 1


@concurrent
def test_yes_and_no_at_once_leave_one_answer(make_repository, make_user, owner):
    """Both saw it waiting: whoever comes second changes nothing. Lists in opposite orders do not block each other."""
    repository = make_repository("voices", gating="manual")
    requests = [ask_access(repository, {}, actor=make_user(f"person-{number}")) for number in range(6)]
    ids = [request.public_id for request in requests]
    found = at_once(
        lambda: handle_many(repository, ids, "accepted", was="pending", actor=owner),
        lambda: handle_many(repository, ids[::-1], "rejected", was="pending", actor=owner),
    )
    assert sum(found) == len(ids)
    for request in requests:
        assert len(history(request)) == 2
        assert says_what_happened(request)


@concurrent
def test_granted_twice_at_once_while_asking(make_repository, reporter, owner):
    repository = make_repository("voices", gating="manual")
    found = at_once(
        lambda: grant(repository, reporter, actor=owner).pk,
        lambda: grant(repository, reporter, actor=owner).pk,
        lambda: ask_access(repository, {}, actor=reporter).pk,
    )
    request = AccessRequest.objects.get()
    assert request.status == "accepted"
    assert "already_granted" in found
    assert history(request) in (["granted"], ["asked", "granted"])
    assert says_what_happened(request)
