"""How much one person may answer within an hour, also when it all comes at once (D1)."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection

from accounts.actions import create_token
from foundation.errors import RateLimited
from moderation.cases import answer_limit
from moderation.cases.actions import ask_owner
from moderation.cases.models import PartyMessage
from tests.conftest import concurrent

THREADS = 4


@pytest.fixture
def parties(report, make_repository, moderator):
    """The owner's part in two cases, about which it wrote all but two of the answers of an hour."""
    asked = [
        ask_owner(report(make_repository(name), "strong-dual-use"), text="What is it for?", actor=moderator).party
        for name in ("one", "two")
    ]
    PartyMessage.objects.bulk_create(
        PartyMessage(party=asked[0], author=asked[0].user, from_team=False, text=f"Word {number}")
        for number in range(answer_limit.MOST_AN_HOUR - 2)
    )
    return asked


@concurrent
def test_answers_that_come_at_once_are_counted_one_after_the_other(client, parties, owner, monkeypatch):
    """By every way in: all of them counted when one writes, if nobody waited."""
    ready, write = threading.Barrier(THREADS), answer_limit.answer  # type: ignore[attr-defined]
    headers = {"authorization": f"Bearer {create_token(owner, scope='write', actor=owner)}"}

    def waiting(*args, **fields):
        with suppress(threading.BrokenBarrierError):  # the others wait for a lock of ours
            ready.wait(1)
        return write(*args, **fields)

    monkeypatch.setattr(answer_limit, "answer", waiting)

    def send(number):
        try:
            if number % 2:
                address = f"/api/v1/matters/{parties[number // 2].public_id}/answers"
                sent = client.post(address, {"text": "More."}, content_type="application/json", headers=headers)
                return sent.status_code
            answer_limit.answer_within_limit(parties[number // 2], text="More.", actor=owner, request_id=None)
        except RateLimited:
            return 429
        finally:
            connection.close()
        return 201

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(send, range(THREADS))) == [201, 201, 429, 429]
    assert PartyMessage.objects.filter(from_team=False).count() == answer_limit.MOST_AN_HOUR


def test_the_same_answer_sent_again_is_no_other_one(parties, owner):
    for number in range(2):
        key = uuid.uuid4()
        assert answer_limit.answer_within_limit(parties[0], text=f"More {number}.", actor=owner, request_id=key)
    assert not answer_limit.answer_within_limit(parties[0], text="More 1.", actor=owner, request_id=key)
    with pytest.raises(RateLimited):
        answer_limit.answer_within_limit(parties[1], text="More.", actor=owner, request_id=uuid.uuid4())
