"""Requests are counted by person, else by address; who sends too many is told when to come back (C4; check 28)."""

import re

import pytest

PATH = "/api/models/nok/tiny-model"
DOWNLOAD = "/nok/tiny-model/resolve/main/README.md"


@pytest.fixture(autouse=True)
def _two_at_a_time(settings):
    settings.HUB_REQUESTS_PER_WINDOW = 2


def test_too_many(send, repository, reporter, author):
    answers = [send("get", PATH, user=reporter) for _number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    left = [re.fullmatch(r'"api";r=(\d);t=(\d+)', one["RateLimit"])[1] for one in answers]
    assert left == ["1", "0", "0"]
    assert answers[0]["RateLimit-Policy"] == '"fixed window";"api";q=2;w=300'
    assert 0 < int(answers[2]["Retry-After"]) <= 300
    assert "Retry-After" not in answers[1]
    assert f"{answers[2]['Retry-After']} seconds" in answers[2].json()["error"]
    assert send("get", PATH, user=author).status_code == 200
    assert send("get", PATH).status_code == 200


def test_tokens_of_one_person_count_together(send, repository, reporter):
    assert [send("get", PATH, user=reporter, scope=scope).status_code for scope in ("read", "write", "read")][2] == 429


def test_unknown_tokens_count_for_the_address(send, repository):
    codes = [send("get", PATH, Authorization=f"Bearer hf_{number}").status_code for number in range(3)]
    assert codes == [401, 401, 429]
    assert send("get", PATH).status_code == 429


def test_addresses(send, repository, client):
    def ask(address):
        return client.get(PATH, REMOTE_ADDR=address).status_code

    assert [ask("192.0.2.1") for _number in range(3)] == [200, 200, 429]
    assert ask("192.0.2.2") == 200
    assert [ask(f"2001:db8:1:1::{number}") for number in range(3)] == [200, 200, 429]
    assert ask("2001:db8:1:2::1") == 200


def test_behind_a_proxy(send, repository, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    header = "X-Forwarded-For"
    codes = [send("get", PATH, **{header: f"10.0.0.{number}, 192.0.2.9"}).status_code for number in range(3)]
    assert codes == [200, 200, 429]
    assert send("get", PATH, **{header: "192.0.2.8"}).status_code == 200
    assert send("get", PATH, **{header: "no address"}).status_code == 200


def test_downloads_count_for_themselves(send, repository):
    assert [send("get", PATH).status_code for _number in range(3)][2] == 429
    codes = [send("head", DOWNLOAD).status_code for _number in range(21)]
    assert codes == [200] * 20 + [429]


def test_no_question_to_the_database(send, repository, django_assert_num_queries):
    for _number in range(2):
        send("get", PATH)
    with django_assert_num_queries(0):
        assert send("get", PATH).status_code == 429
