"""All requests as CSV: complete, streamed, and safe to open in a spreadsheet (A3)."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import join_organization
from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access, grant, handle
from repositories.gating import Field
from repositories.gating.export import safe_cell
from tests.repositories.gating import ANSWERS, CARD

ADDRESS = "/nok/voices/settings/requests/export"


@pytest.fixture
def gated(make_repository):
    return make_repository("voices", card=CARD, gating="manual")


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_request_with_its_answers(sign_in, gated, owner, reporter, author, make_user, set_clock):
    set_clock(datetime(2026, 11, 20, 14, 5, tzinfo=UTC))
    reporter.fullname = "ไอริส, “I”"
    reporter.save(update_fields=["fullname"])
    request = ask_access(gated, ANSWERS, actor=reporter)
    handle(request, "rejected", reason="First line.\nSecond line.", actor=owner)
    set_conditions(gated, fields=[Field("Your aim", "text")], actor=owner)
    ask_access(gated, {"Your aim": "Art"}, actor=author)
    grant(gated, make_user("petra"), actor=owner)
    response = sign_in(owner).get(ADDRESS)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="access-requests-nok-voices.csv"'
    assert "no-store" in response["Cache-Control"]
    rows = {row["user"]: row for row in read(response)}
    iris = rows["iris"]
    assert iris["fullname"] == "ไอริส, “I”"
    assert (iris["status"], iris["reason"], iris["decided_by"]) == ("rejected", "First line.\nSecond line.", "nok")
    assert iris["requested_at"] == iris["decided_at"] == "2026-11-20T14:05:00Z"
    assert (iris["Country"], iris["I do no harm"], iris["Your aim"]) == ("TH", "yes", "")
    assert (rows["quentin"]["Your aim"], rows["quentin"]["decided_at"]) == ("Art", "")
    assert [rows[name]["email"] for name in ("iris", "quentin", "petra")] == [
        "iris@people.example",
        "quentin@people.example",
        "",  # never agreed that the owner gets it
    ]


def test_what_a_spreadsheet_would_run_is_text(sign_in, gated, owner, reporter):
    label = '=HYPERLINK("https://evil.example")'
    set_conditions(gated, fields=[Field(label, "text")], actor=owner)
    ask_access(gated, {label: "=1+1"}, actor=reporter)
    (row,) = read(sign_in(owner).get(ADDRESS))
    assert row[f"'{label}"] == "'=1+1"


@given(st.text())
def test_no_cell_begins_like_a_formula(text):
    cell = safe_cell(text)
    assert cell in (text, f"'{text}")
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r"))


def test_one_query_however_many(sign_in, gated, owner, make_user, django_assert_num_queries):
    client = sign_in(owner)
    for number in range(20):
        ask_access(gated, ANSWERS, actor=make_user(f"person-{number}"))
    # session, person, repository, restrictions, and then conditions, labels, requests
    with django_assert_num_queries(7):
        assert len(read(client.get(ADDRESS))) == 20


def test_nobody_asked(sign_in, gated, owner):
    assert read(sign_in(owner).get(ADDRESS)) == []


def test_only_who_decides(client, sign_in, organization, make_repository, owner, reporter, moderator):
    make_repository("voices", owner=organization, gating="manual")
    address = "/mekong-lab/voices/settings/requests/export"
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
    assert sign_in(moderator).get(address).status_code == 403
    join_organization(reporter, organization, role="contributor", actor=owner)
    assert sign_in(reporter).get(address).status_code == 403
    assert sign_in(owner).post(address).status_code == 405
