from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from foundation.commands import clear_errors
from foundation.text import clean_text
from moderation.cases.actions.preserving import hand_over_evidence
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import Case
from moderation.cases.operators import AS, acting


class Command(BaseCommand):
    help = "Write the files that are preserved for a case into a folder, for the authorities; an event says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE", type=UUID, help="its id (UUID), as its page shows it")
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="an empty folder that nobody else reads")
        parser.add_argument("--reason", required=True, help="who asks for it, and under which number")
        parser.add_argument("--as", **AS)

    def handle(self, *args: Any, **options: Any) -> None:
        case, folder = Case.objects.filter(public_id=options["case"]).first(), options["folder"]
        if case is None:
            raise CommandError(f"There is no case {options['case']}.")
        if not folder.is_dir() or any(folder.iterdir()):
            raise CommandError(f"{folder} has to be an empty folder.")
        with clear_errors():
            reason = clean_text(options["reason"], longest=LONGEST_EXPLANATION)
            files = hand_over_evidence(case, folder, reason=reason, actor=acting(options["as"]))
        self.stdout.write(f"Wrote {len(files)} files into {folder}. Delete them there once they are handed over.")
