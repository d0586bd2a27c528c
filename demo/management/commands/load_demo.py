import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from demo.community import load_community
from demo.history import load_history
from demo.hub import Hub
from demo.people import SIGN_INS, load_people
from demo.releases import load_releases
from foundation import clock


class Command(BaseCommand):
    help = (
        "Load the demo hub, once: people, repositories, discussions, reports and decisions. All of it or nothing. "
        "The sign-ins get random passwords, written to sign-ins.txt in the data folder (readable by its owner only)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is a production installation: the demo hub stays out of it.")
        path = Path(settings.SIGN_INS_FILE)
        if User.objects.filter(username="mira").exists():
            self.stdout.write(f"The demo hub is there already. Its sign-ins: {path}")
            return
        with transaction.atomic():
            now = clock.now()
            passwords = load_people(now)
            self.stdout.write("People and organizations are there; now repositories and discussions …")
            hub = Hub(now)
            hub.load()
            self.stdout.write(f"{len(hub.repositories)} repositories are there; now reports and decisions …")
            load_community(hub)
            load_history(hub)
            load_releases(hub)
            self._write(path, passwords)
        self.stdout.write(path.read_text())

    def _write(self, path: Path, passwords: dict[str, str]) -> None:
        """Before the commit: a hub whose passwords nobody knows must not come to be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{SIGN_INS[name]:22} {name:12} {password}\n" for name, password in passwords.items())
