"""A bell that nobody answers would be accepted in silence: every name that is rung has its actor."""

import re
from pathlib import Path

import dramatiq
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from foundation import bells
from foundation.changes import LISTENERS

ROOMS = ("accounts", "community", "foundation", "moderation", "repositories", "hub")
RUNG = re.compile(r"bells\.ring\(\"(\w+)\"\)")


def test_every_rung_name_is_answered() -> None:
    autodiscover_modules("tasks")
    sources = [path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("*.py")]
    rung = {name for path in sources for name in RUNG.findall(path.read_text())} | set(LISTENERS.values())
    assert {"send_mail", "score_pending", "deadlines"} <= rung
    assert rung == set(bells.answered)


def test_every_answer_is_a_declared_actor() -> None:
    autodiscover_modules("tasks")
    assert set(bells.answered) <= dramatiq.get_broker().get_declared_actors()
