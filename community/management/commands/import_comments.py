from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.importing import AUTHORS, BadRow, import_repository, import_row, people, rows_of
from foundation.commands import clear_errors


class Command(BaseCommand):
    help = (
        "Import comments from a CSV file with a column “text”, or from JSON lines with a key “text”, into the "
        "discussions of a dataset. Running it again imports nothing twice; after a bad row, mend it and run it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--repository", default="imports/comments", help="owner/name (default: imports/comments)")

    def handle(self, *args: Any, file: Path, repository: str, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        owner, _slash, name = repository.partition("/")
        with clear_errors():
            target = import_repository(owner, name)
        authors, seen, count = people("imported-author", AUTHORS), Counter[str](), 0
        try:
            with tqdm(total=file.stat().st_size, unit="B", unit_scale=True) as bar:
                rows = rows_of(file, lambda read: bar.update(read - bar.n))
                for count, (_line, text) in enumerate(rows, start=1):
                    import_row(target, count - 1, text, seen, authors)
        except BadRow as error:
            raise CommandError(f"{error} The {count} comments before it are imported.") from None
        self.stdout.write(f"{count} comments are in {target.get_absolute_url()}.")
