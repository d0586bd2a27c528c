"""The transparency report as a file: the same figures as the page (J2)."""

import csv
import io
from typing import Any

from moderation.transparency.counts import Counts, Took


def as_json(counts: Counts) -> dict[str, Any]:
    """The figures as plain values; times in seconds, null where there are too few cases to say."""
    return {
        "period": {"from": str(counts.period.first), "to": str(counts.period.last)},
        "clauses": [
            {
                "code": row.code,
                "title": row.title,
                "reports": row.reports,
                "violations": row.violations,
                "no_violations": row.no_violations,
            }
            for row in counts.clauses
        ],
        "measures": [
            {"kind": row.code, "by_people": row.by_people, "by_rules": row.by_rules, "lifted": row.lifted}
            for row in counts.measures
        ],
        "times": {"first_action": _seconds(counts.first_action), "decision": _seconds(counts.decision)},
        "appeals": {
            "filed": counts.appeals.filed,
            "upheld": counts.appeals.upheld,
            "partly": counts.appeals.partly,
            "rejected": counts.appeals.rejected,
            "waiting": counts.appeals.waiting,
        },
        "departures": {
            "sanctions": counts.departures.sanctions,
            "ladder": counts.departures.ladder,
            "precedents": counts.departures.precedents,
        },
        "trusted_flaggers": {
            "filed": counts.flaggers.filed,
            "upheld": counts.flaggers.upheld,
            "rejected": counts.flaggers.rejected,
        },
    }


def as_csv(counts: Counts) -> str:
    """One figure a line: from, to, section, what, figure, value; an empty value where there are too few cases."""
    plain = as_json(counts)
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(["from", "to", "section", "what", "figure", "value"])
    period = plain["period"]["from"], plain["period"]["to"]
    for section, name in (("clauses", "code"), ("measures", "kind")):
        for row in plain[section]:
            figures = {key: value for key, value in row.items() if isinstance(value, int)}
            lines.writerows([*period, section, row[name], key, value] for key, value in figures.items())
    for what, figures in plain["times"].items():
        lines.writerows([*period, "times", what, key, value] for key, value in figures.items())
    for section in ("appeals", "departures", "trusted_flaggers"):
        lines.writerows([*period, section, "", key, value] for key, value in plain[section].items())
    return file.getvalue()


def _seconds(took: Took) -> dict[str, int | None]:
    median = None if took.median is None else round(took.median.total_seconds())
    return {"median_seconds": median, "cases": took.cases}
