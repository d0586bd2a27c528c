"""`manage.py backtest_rule`: what a rule would have done in the past, and how often people agreed (I2)."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Refused
from moderation.automation.backtests import backtest, record_of, records_by_language
from moderation.automation.models import BacktestCase, Rule

DISAGREED, MOST = "disagreed", 20


class Command(BaseCommand):
    help = (
        "Looks at every case as it was before a person decided it, and says in how many the conditions of a rule held, "
        "and how often people took its measure, or one as heavy, with an interval, overall and by language."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", help="The code of the rule, such as toxic-comment.")
        parser.add_argument("--days", type=int, metavar="N", help="Only cases opened in the last N days.")
        parser.add_argument("--conditions", metavar="JSON", help="Try these conditions in place of the rule’s own.")
        parser.add_argument("--json", action="store_true", help="One line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        rule = Rule.objects.select_related("clause").filter(code=options["rule"]).first()
        if rule is None:
            names = ", ".join(Rule.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There is no rule “{options['rule']}”. There are these: {names}.")
        if options["conditions"]:
            try:
                rule.conditions = json.loads(options["conditions"])
            except ValueError as error:
                raise CommandError(f"--conditions is no JSON: {error}") from None
        if options["days"] is not None and not 1 <= options["days"] <= 36_500:
            raise CommandError("--days is a number from 1 to 36500.")
        since = clock.now() - timedelta(days=options["days"]) if options["days"] else None
        try:
            row = backtest(rule, actor=system_actor(), since=since)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        record, languages = record_of(row), records_by_language(row)
        otherwise = BacktestCase.objects.filter(backtest=row, decided=True, agreed=False).select_related("case")
        cases = [one.case.get_absolute_url() for one in otherwise.order_by("pk")[:MOST]]
        if options["json"]:
            figures = {
                "rule": rule.code, "cases": row.cases, "held": row.held, "decided": row.decided, "agreed": row.agreed,
                "precision": record.precision, "interval": record.interval, "languages": row.languages,
                "disagreed": cases, "seconds": row.seconds,
            }  # fmt: skip
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(f"{rule.code}: held in {row.held:,} of {row.cases:,} cases, {row.seconds:.1f} s")
        self.stdout.write(f"{'':12}{'held':>10}{'decided':>10}{'agreed':>10}   true share")
        for name, held, one in [("all", row.held, record), *languages]:
            low, high = one.percents
            share = f"{low}–{high} %" if one.decided else "–"
            self.stdout.write(f"{name or '–':12}{held:>10,}{one.decided:>10,}{one.agreed:>10,}   {share}")
        if cases:
            self.stdout.write("People decided otherwise:")
            for address in cases:
                self.stdout.write(f"  {address}")
