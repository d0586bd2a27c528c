"""Bells of a web server that loads the code once and forks its workers from it, as `make run` does."""

import os
import subprocess
import sys

from django.conf import settings
from dramatiq_postgres.django.models import Job

from tests.conftest import concurrent
from tests.processes import database_url, wait_until

SERVER = """
import os, sys, django
django.setup()
from foundation import bells
child = os.fork()
if child:
    os.waitpid(child, 0)
else:
    bells.ring("send_mail")
    sys.stdin.read()
"""


@concurrent
def test_a_forked_process_is_heard(tmp_path) -> None:
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(),
        "BROKER_URL": database_url(),
        "OMBUD_ENV": "test",
        "OMBUD_DATA": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    heard = Job.objects.filter(message__actor_name="send_mail")
    heard.delete()
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE
    ) as server:
        try:
            wait_until(heard.exists, why="the bell of a forked process is a message", seconds=20)
        finally:
            assert server.stdin is not None
            server.stdin.close()
    heard.delete()
