"""Programs with a token pass by what only pages need, and miss nothing that holds for every answer."""

import json

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from accounts.actions import create_token
from accounts.models import Scope
from config import programs

REPORTS = "/api/v1/reports"


@pytest.fixture
def program(reporter):
    token = create_token(reporter, scope=Scope.WRITE, actor=reporter)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_it_is_a_part_of_the_whole_way_in_the_same_order():
    assert settings.MIDDLEWARE[0] == "config.programs.programs"
    assert [one for one in settings.MIDDLEWARE if one in programs.SHARED] == list(programs.SHARED)


def test_the_answer_is_the_same_but_for_what_pages_need(program, sign_in, reporter):
    short, long = program.get(REPORTS), sign_in(reporter).get(REPORTS)
    assert (short.status_code, short.json()) == (long.status_code, long.json())
    pages = {"Content-Security-Policy", "Set-Cookie", "Vary", "Expires"}
    assert {name: value for name, value in short.items() if name not in pages} == {
        name: value for name, value in long.items() if name not in pages
    }
    assert not short.cookies


@pytest.mark.parametrize("path", [REPORTS, "/api/v1/no-such-thing", "/api/v1/reports%00"])
@pytest.mark.parametrize("language", ["en", "th"])
def test_refusals_are_the_same(path, language, program):
    short, long = (
        Client(headers={"Authorization": f"{word} none", "Accept-Language": language}).get(path)
        for word in ("Bearer", "bearer")
    )
    assert short.status_code == long.status_code >= 400
    assert short.content == long.content


def test_a_session_beside_a_token_counts_for_nothing(sign_in, moderator, reporter):
    token = create_token(reporter, scope=Scope.WRITE, actor=reporter)
    client = sign_in(moderator)
    assert client.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"}).status_code in (403, 404)
    assert client.get(REPORTS, headers={"Authorization": "Bearer none"}).status_code == 401


def test_while_the_database_restarts_programs_are_told_to_come_back(program, monkeypatch):
    def gone(*args, **options):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr("moderation.intake.api.reports_of", gone)
    program.raise_request_exception = False
    answer = program.get(REPORTS)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_hosts_that_are_not_ours_are_refused(program):
    assert program.get(REPORTS, headers={"Host": "elsewhere.example"}).status_code == 400


def test_bad_input_is_a_clear_error(program):
    answer = program.post(REPORTS, json.dumps({"text": "\x00"}), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
