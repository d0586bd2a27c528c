"""How many reports one person may file in an hour (C1)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from moderation.policy.models import Clause
from moderation.reports.models import Report
from tests.conftest import concurrent
from tests.reports.steps import reported


@pytest.fixture(autouse=True)
def _three_an_hour(settings):
    settings.REPORTS_PER_HOUR = 3


def codes(count):
    return list(Clause.objects.values_list("code", flat=True)[:count])


def test_one_too_many_is_told_when_to_come_back(sign_in, reporter, comment, form, address):
    client, own = sign_in(reporter), codes(4)
    assert [client.post(address(comment), form(clause=code)).status_code for code in own] == [303, 303, 303, 429]
    response = client.post(address(comment), form(clause=own[3]))
    assert 3590 <= int(response["Retry-After"]) <= 3600
    assert "You can send the next one on" in response.content.decode()
    assert form()["text"] in response.content.decode()
    assert Report.objects.count() == 3


def test_the_moment_is_told_in_the_persons_zone(sign_in, make_user, comment, form, address, set_clock):
    set_clock(datetime(2026, 11, 22, 7, 5, tzinfo=UTC))
    client = sign_in(make_user("ploy", time_zone="Asia/Bangkok"))
    for code in codes(3):
        client.post(address(comment), form(clause=code))
    html = client.post(address(comment), form(clause="malware")).content.decode()
    assert "22 November 2026, 15:05 (+07)" in html


def test_an_hour_later_the_next_one_is_taken(sign_in, reporter, comment, form, address, pass_time):
    client = sign_in(reporter)
    own = codes(4)
    for code in own[:3]:
        client.post(address(comment), form(clause=code))
    pass_time(timedelta(minutes=59))
    assert client.post(address(comment), form(clause=own[3])).status_code == 429
    pass_time(timedelta(minutes=1, seconds=1))
    assert client.post(address(comment), form(clause=own[3])).status_code == 303


def test_a_form_sent_twice_counts_once(sign_in, reporter, comment, form, address):
    client = sign_in(reporter)
    for code in codes(2):
        client.post(address(comment), form(clause=code))
    last = form(clause="malware")
    assert {client.post(address(comment), last).status_code for _ in range(3)} == {303}
    assert Report.objects.count() == 3


def test_what_operators_enter_is_not_limited(sign_in, reporter, comment, form, address):
    for code in codes(3):
        reported(comment, reporter, code, channel=Report.Channel.SCRIPT)
    assert sign_in(reporter).post(address(comment), form(clause="malware")).status_code == 303


def test_others_are_not_held_up(sign_in, reporter, author, comment, form, address):
    for code in codes(3):
        sign_in(reporter).post(address(comment), form(clause=code))
    assert sign_in(author).post(address(comment), form()).status_code == 303


@concurrent
def test_parallel_requests_do_not_pass_the_limit(reporter, comment, form, address):
    where = address(comment)

    def send(code):
        client = Client()
        client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
        try:
            return client.post(where, form(clause=code)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(send, codes(8)))
    assert answers == [303] * 3 + [429] * 5
    assert Report.objects.count() == 3
