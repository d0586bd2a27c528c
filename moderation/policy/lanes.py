"""The default lanes of the queue, and what the policy says of times and second moderators (C5, C6, C9, C10, D4).

Columns of LANES, first lane first: code, title, text, instructions, the role whose members alone see it ("" for the
whole team), hold, sealed, hours in which it is decided (0: none), points. Administrators change them in the database;
titles, texts and instructions are translated where they are shown.
"""

from django.utils.translation import gettext_noop as _

CHILD_SAFETY = "Child safety"
# Children and lives come before everything else: before what is overdue (1,000 points), and has waited for a month or
# two at half a point an hour (C6, C9, C10).
FIRST = 2_000.0

LANES: list[tuple[str, str, str, str, str, bool, bool, int, float]] = [
    ("minors", _("Sexual content involving minors"),
     _("Seen by the people for child safety only. What was reported is locked away at once."),
     _("Open the evidence only if you must; every look is logged. Never copy, forward or describe it. Keep it for the "
       "authorities, report it to them where the law says so, then decide."),
     CHILD_SAFETY, True, True, 1, FIRST),
    ("children", _("Data of children"),
     _("Personal data of children under 13. The comment or card is on hold from the first report on."),
     _("Decide about the repository within the hour. Do not copy the data into notes. Parents who wrote to us are a "
       "party of their own: answer them."),
     "", True, False, 1, FIRST),
    ("threat", _("Danger to life"),
     _("Threats to somebody’s life, and people who may hurt themselves."),
     _("Is somebody in danger now? Call the emergency services of their country first, then come back. A person at "
       "risk gets our letter of support, never a sanction: mark the case, and the measures against them are closed."),
     "", False, False, 1, FIRST),
    ("rights", _("Rights claims"),
     _("Claims of copyright, trademarks and other rights, with their counter-statements."),
     _("Check that the claim is complete; ask for what is missing. The owner may answer with a counter-statement: "
       "what was closed is then restored unless a suit is filed."),
     "", False, False, 0, 10.0),
    ("trusted", _("Trusted flaggers"),
     _("Reports of organizations whose judgement we measured and trust."),
     _("These come first among the ordinary reports, and are judged like any other."),
     "", False, False, 24, 20.0),
    ("senior", _("Experienced eyes"),
     _("What somebody of us wants a colleague with more experience to decide."),
     "", "", False, False, 0, 20.0),
    ("legal", _("Questions of law"),
     _("What needs somebody who knows the law: orders of authorities, unclear countries, threats to sue."),
     "", "", False, False, 0, 10.0),
]  # fmt: skip

# Whose cases lie in which lane.
CLAUSES = {
    "minors-sexual-content": "minors",
    "children-data": "children",
    "self-harm": "threat",
    "third-party-rights": "rights",
}

# Hours within which the law or the policy wants a decision (legal-facts.md, intimate images).
WITHIN = {"non-consensual-sexual-content": 48}

# Measures that another moderator confirms.
GUARDED = ("deactivate", "disable", "erase", "quarantine", "remove")
