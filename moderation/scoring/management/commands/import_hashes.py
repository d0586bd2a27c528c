from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.queries import system_actor
from foundation.commands import clear_errors
from moderation.policy.models import Clause
from moderation.scoring.hashes import import_hashes, read_hashes
from moderation.scoring.models import HashList


class Command(BaseCommand):
    help = (
        "Import hashes of known bad files or pictures: one a line, 64 hexadecimal digits, all lines or none. A new "
        "list needs --kind and --label; workers look for them from their next batch on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the list")
        parser.add_argument("file", type=Path, help="a text file")
        parser.add_argument("--kind", choices=HashList.Kind.values, help="what a new list holds")
        parser.add_argument("--label", default="", help="what its hashes speak for, such as malware")
        parser.add_argument("--clause", default="", help="code of the clause")
        parser.add_argument("--replace", action="store_true", help="remove the hashes that are not in the file")

    @transaction.atomic
    def handle(self, *, name: str, file: Path, **options: Any) -> None:
        try:
            values = read_hashes(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read ({error.strerror}): name another file.") from None
        except ValueError as error:
            raise CommandError(f"Nothing was imported. {error}") from None
        with clear_errors():
            done = import_hashes(_list(name, options), values, replace=options["replace"], actor=system_actor())
        self.stdout.write(f"{name}: {done.added} new, {done.same} as before, {done.removed} removed.")


def _list(name: str, options: dict[str, Any]) -> HashList:
    found = HashList.objects.filter(name=name).first()
    if found is None:
        if not (options["kind"] and options["label"]):
            raise CommandError(f"There is no list “{name}”: say --kind and --label to make it.")
        clause = Clause.objects.filter(code=options["clause"]).first()
        if options["clause"] and clause is None:
            raise CommandError(f"There is no clause “{options['clause']}”.")
        found = HashList(name=name, kind=options["kind"], label=options["label"], clause=clause)
        found.full_clean()
        found.save()
    elif options["kind"] not in (None, found.kind):
        raise CommandError(f"The list “{name}” is of another kind: {found.kind}.")
    return found
