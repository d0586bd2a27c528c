from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from foundation.commands import clear_errors
from foundation.text import clean_text
from moderation.cases.actions import lift_measure
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.operators import AS, acting
from moderation.sanctions.models import Measure


class Command(BaseCommand):
    help = "Lift a measure: undoes exactly what it did, and tells everybody whom it concerned."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("measure", metavar="MEASURE", type=UUID, help="its id (UUID), as impose printed it")
        parser.add_argument("--reason", required=True, help="our words to the people concerned")
        parser.add_argument(
            "--naming", action="store_true", help="a name, or words of a report, in our words may stay: they know it"
        )
        parser.add_argument("--as", **AS)

    def handle(self, *args: Any, **options: Any) -> None:
        measure = Measure.objects.filter(public_id=options["measure"]).first()
        if measure is None:
            raise CommandError(f"There is no measure {options['measure']}.")
        with clear_errors():
            reason = clean_text(options["reason"], longest=LONGEST_EXPLANATION)
            lift_measure(measure, reason=reason, actor=acting(options["as"]), naming=options["naming"])
        self.stdout.write(f"Lifted: {measure} on {measure.subject}.")
