from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_token
from accounts.models import Scope, User
from accounts.queries import system_actor
from foundation.commands import clear_errors

LONGEST = 3650


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise ArgumentTypeError(f"{text!r} is not a number of days from 1 to {LONGEST}")
    return int(text)


class Command(BaseCommand):
    help = (
        "Create an API token of a person and print it, once: only its hash is kept. Programs send it as "
        "“Authorization: Bearer TOKEN”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the person")
        parser.add_argument(
            "--scope",
            choices=Scope.values,
            default=Scope.READ.value,
            help="read (default); write: also report and post as this person; moderate: also work in the queue, for "
            "members of the team",
        )
        parser.add_argument("--days", type=_days, default=365, help=f"how long it holds: 1 to {LONGEST} (default: 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["name"]).first()
        if user is None:
            raise CommandError(f"There is nobody called {options['name']}. Add people with: manage.py add_user NAME")
        with clear_errors():
            secret = create_token(user, scope=options["scope"], days=options["days"], actor=system_actor())
        self.stdout.write(secret)
        self.stderr.write(f"{user} · {options['scope']} · {options['days']} days. We show it only this once.")
