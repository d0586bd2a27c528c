from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import system_actor
from foundation.commands import clear_errors
from foundation.text import clean_text
from moderation.cases.actions import decide_directly
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.operators import AS, acting
from moderation.policy.queries import active_clauses
from moderation.sanctions.measures import DECIDED, Consequence
from moderation.sanctions.models import Measure
from moderation.subjects.lookup import find_by_address
from repositories.models import Condition

KINDS = "\n".join(f"  {code:18}{Measure.Kind(code).label}" for code in DECIDED)


class Command(BaseCommand):
    help = (
        "Impose a measure: makes a decision about the subject, tells everybody concerned, and closes its open case. "
        "Prints the id of the measure."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = f"""kinds:
{KINDS}

examples:
  manage.py impose downgrade /nok/tiny-model --clause spam --reason "The card advertises a shop."
  manage.py impose posting_ban /nok/tiny-model/discussions/3#comment-UUID --clause harassment --reason "…" --as mira
  manage.py impose friendly_warning user:UUID --clause code-of-conduct --reason "…"
  manage.py impose downgrade /nok/tiny-model --until-done documented --clause spam --reason "…" --insufficient "…"
  manage.py impose limit_reached comment:UUID --with hide ban --clause code-of-conduct --reason "…"
"""
        parser.add_argument("kind", choices=list(DECIDED), metavar="KIND", help="one of the kinds below")
        parser.add_argument(
            "subject",
            metavar="SUBJECT",
            help="path or URL on this site of a repository, discussion, comment or person; or "
            "repository|discussion|comment|user|organization:UUID",
        )
        parser.add_argument("--clause", required=True, help="code of the clause it breaks, such as spam")
        parser.add_argument("--reason", required=True, help="our words to the people concerned")
        parser.add_argument(
            "--override", default="", help="in the moderated track: why it cannot wait for the owner’s answer"
        )
        parser.add_argument(
            "--insufficient", default="", help="in the moderated track: why a request to the owner does not suffice"
        )
        end = parser.add_mutually_exclusive_group()
        end.add_argument("--hours", type=int, help="how long it holds, for kinds whose end can be chosen")
        end.add_argument(
            "--until-done",
            choices=Condition.values,
            default="",
            help="what the owner has to do for it to end by itself, for kinds that can wait for that",
        )
        parser.add_argument(
            "--with",
            dest="consequences",
            nargs="+",
            choices=Consequence.values,
            default=[],
            help="what a measure brings along that has consequences to choose, such as limit_reached",
        )
        parser.add_argument(
            "--naming", action="store_true", help="a name, or words of a report, in our words may stay: they know it"
        )
        parser.add_argument("--as", **AS)

    def handle(self, *args: Any, **options: Any) -> None:
        clause = active_clauses().filter(code=options["clause"]).first()
        if clause is None:
            codes = ", ".join(active_clauses().values_list("code", flat=True))
            raise CommandError(f"There is no clause {options['clause']}. There are: {codes}.")
        with clear_errors():
            target = find_by_address(options["subject"], system_actor())
            decision = decide_directly(
                target,
                kind=options["kind"],
                clause=clause,
                reason=clean_text(options["reason"], longest=LONGEST_EXPLANATION),
                override=clean_text(options["override"], longest=1_000),
                insufficient=clean_text(options["insufficient"], longest=1_000),
                lasts=timedelta(hours=options["hours"]) if options["hours"] else None,
                consequences=tuple(options["consequences"]),
                until_done=options["until_done"],
                naming=options["naming"],
                actor=acting(options["as"]),
            )
        measure = decision.measures.get(kind=options["kind"])
        self.stdout.write(str(measure.public_id))
        until = f" until {measure.ends_at:%Y-%m-%d %H:%M} UTC" if measure.ends_at else ""
        if measure.until_done:
            until = f" until the owner did this: {measure.get_until_done_display()}"
        self.stderr.write(f"{measure} holds{until} on {measure.subject}. Decision {decision.public_id}.")
