"""What we keep of addresses: a keyed hash, for 30 days (J4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from moderation.reports.addresses import digest, forget_addresses
from moderation.reports.details import Details
from moderation.reports.models import AddressSalt, Report
from moderation.reports.tasks import forget_addresses as hourly
from tests.conftest import concurrent
from tests.reports.steps import reported


@pytest.fixture
def come_from():
    """come_from("192.0.2.7"): the hash of somebody who asks from there."""
    return lambda address, **headers: digest(RequestFactory().get("/", REMOTE_ADDR=address, **headers))


def test_the_same_address_is_the_same_hash(db, come_from):
    first = come_from("192.0.2.7")
    assert first == come_from("192.0.2.7") != come_from("192.0.2.8")
    assert len(first) == 64
    assert AddressSalt.objects.count() == 1


def test_of_version_six_the_network_counts(db, come_from):
    assert come_from("2001:db8:1:2::1") == come_from("2001:db8:1:2:ffff::9") != come_from("2001:db8:1:3::1")


def test_behind_our_proxy_the_person_counts(db, come_from, settings):
    assert come_from("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7") == come_from("10.0.0.1")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert come_from("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7") != come_from(
        "10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.8"
    )


def test_neither_the_secret_nor_the_salt_alone_makes_the_hash(db, come_from, settings):
    first = come_from("192.0.2.7")
    settings.SECRET_KEY = "another"
    assert come_from("192.0.2.7") != first


def test_after_the_period_nobody_can_make_the_hash_again(set_clock, come_from):
    set_clock(datetime(2026, 11, 21, tzinfo=UTC))
    first = come_from("192.0.2.7")
    set_clock(datetime(2026, 12, 1, tzinfo=UTC))
    second = come_from("192.0.2.7")
    forget_addresses()
    assert AddressSalt.objects.count() == 1
    assert first != second == come_from("192.0.2.7")


def test_hashes_of_reports_are_cleared_after_thirty_days(comment, reporter, pass_time):
    report = reported(comment, reporter, details=Details(address="ab" * 32))
    pass_time(timedelta(days=29, hours=23))
    hourly()
    assert Report.objects.get(pk=report.pk).address == "ab" * 32
    pass_time(timedelta(hours=2))
    hourly()
    assert Report.objects.get(pk=report.pk).address == ""


@concurrent
def test_two_processes_make_one_salt(come_from):
    def ask(_number):
        try:
            return come_from("192.0.2.7")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1
    assert AddressSalt.objects.count() == 1
