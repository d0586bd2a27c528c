import random
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from community.importing import people
from community.models import Comment
from foundation.commands import clear_errors
from moderation.cases.actions import receive_report
from moderation.policy.models import Clause
from moderation.reports.models import Report
from repositories.models import Kind, Repository

WORDS = "Please look at this comment."


class Command(BaseCommand):
    help = (
        "Report every imported comment once, in a seeded shuffled order, by many reporters, through the same action as "
        "the report form. Running it again reports nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repository", default="imports/comments", help="owner/name of the dataset")
        parser.add_argument("--reporters", type=int, default=50, help="how many accounts report (default: 50)")
        parser.add_argument("--clause", default="harassment", help="code of the clause (default: harassment)")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        owner, _slash, name = options["repository"].partition("/")
        found = Repository.objects.filter(kind=Kind.DATASET, namespace__name__iexact=owner, name__iexact=name).first()
        if found is None:
            raise CommandError(f"There is no dataset {options['repository']}; run import_comments first.")
        clause = Clause.objects.filter(code=options["clause"]).first()
        if clause is None:
            raise CommandError(f"There is no clause {options['clause']}.")
        comments = list(Comment.objects.filter(discussion__repository=found).exclude(author=found.created_by_id))
        comments.sort(key=lambda comment: comment.pk)
        chance = random.Random(options["seed"])  # noqa: S311 - a reproducible order, no secret
        chance.shuffle(comments)
        reporters = people("reporter", options["reporters"])
        for comment in tqdm(comments, unit=" reports"):
            with clear_errors():
                receive_report(
                    comment,
                    clause=clause,
                    text=WORDS,
                    actor=chance.choice(reporters),
                    channel=Report.Channel.SCRIPT,
                    request_id=uuid.uuid5(comment.public_id, "replay"),
                )
        self.stdout.write(f"{len(comments)} comments are reported.")
