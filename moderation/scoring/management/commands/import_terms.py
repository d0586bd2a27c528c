from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.queries import system_actor
from foundation.commands import clear_errors
from moderation.policy.models import Clause
from moderation.scoring.models import TermList
from moderation.scoring.terms.actions import import_terms
from moderation.scoring.terms.reading import read_terms


class Command(BaseCommand):
    help = (
        "Import a term list from a CSV file in UTF-8: all lines, or none. Its first line names the columns: term, and "
        "where wanted weight, exceptions (with ; between them), whole_word and active (yes or no). A new list needs "
        "--label; workers look for the terms from their next batch on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the list")
        parser.add_argument("file", type=Path, help="CSV")
        parser.add_argument("--label", default="", help="what its terms speak for, such as harassment")
        parser.add_argument("--language", default=None, help="ISO 639-1; for a new list without it: every text")
        parser.add_argument("--clause", default="", help="code of the clause")
        parser.add_argument("--replace", action="store_true", help="remove the terms that are not in the file")

    @transaction.atomic
    def handle(self, *, name: str, file: Path, **options: Any) -> None:
        try:
            rows = read_terms(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read ({error.strerror}): name another file.") from None
        except ValidationError as error:
            raise CommandError("Nothing was imported.\n" + "\n".join(error.messages)) from None
        with clear_errors():
            done = import_terms(_list(name, options), rows, replace=options["replace"], actor=system_actor())
        self.stdout.write(
            f"{name}: {done.added} new, {done.changed} changed, {done.same} as before, {done.removed} removed."
        )


def _list(name: str, options: dict[str, Any]) -> TermList:
    """The list, made where it is new, with what the options say of it."""
    found = TermList.objects.filter(name=name).first()
    if found is None and not options["label"]:
        raise CommandError(f"There is no list “{name}”: say with --label what its terms speak for, to make it.")
    row = found or TermList(name=name)
    row.label = options["label"] or row.label
    row.language = row.language if options["language"] is None else options["language"]
    if options["clause"]:
        row.clause = Clause.objects.filter(code=options["clause"]).first()
        if row.clause is None:
            raise CommandError(f"There is no clause “{options['clause']}”.")
    row.full_clean()
    row.save()
    return row
