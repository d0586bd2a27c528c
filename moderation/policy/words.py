"""What the codes of a clause mean, in plain words: for the policy page and the forms (J1, J5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.policy.models import Clause

SEVERITY = {
    1: _("a slip"),
    2: _("disturbs others"),
    3: _("does harm"),
    4: _("does serious harm"),
    5: _("endangers people"),
}

MEASURES = {
    "document": _("we ask the owner to describe the risks in the card"),
    "gate": _("we ask the owner to let people in one by one"),
    "nfaa": _("we tag it “Not For All Audiences”"),
    "request_documentation": _("we ask the owner to describe the risks in the card, or to tag it"),
    "request_gating": _("we ask the owner to let people in one by one"),
    "request_private": _("we ask the owner to make it private"),
    "friendly_warning": _("we write a friendly warning that nobody else sees"),
    "hide": _("we hide it"),
    "close_discussion": _("we close the discussion"),
    "lock_discussion": _("we lock the discussion"),
    "hide_comment": _("we hide the comment"),
    "hide_card": _("we hide the card"),
    "downgrade": _("we leave it out of trending and feeds"),
    "private": _("we make it private: only the owner sees it"),
    "disable": _("we close its files to everybody but the owner"),
    "limit_reached": _("we write a warning with consequences: hiding, closing, or no posting for 48 hours"),
    "username_reset": _("we replace the name by a neutral one until its holder chooses another"),
    "posting_ban": _("the author cannot post for 48 hours"),
    "deactivate": _("the author cannot post any more"),
    "hold": _("we hide the passage until somebody has looked"),
    "remove": _("we take it down"),
    "erase": _("we erase it from everywhere, its history included"),
    "quarantine": _("we lock it away at once"),
    "hash": _("we stop exact copies of files that are known to be unlawful"),
}

PUBLICITY = {
    Clause.Publicity.YES: _("A report of a repository opens a public discussion, unless the reporter asks us not to."),
    Clause.Publicity.TRIAGE: _("Reports stay with the team. We may describe the matter in public, in our own words."),
    Clause.Publicity.NO: _("Reports stay with the team, and so does the reason. The page says “restricted” at most."),
}

# Which clauses are read together. One that an administrator adds comes under “Something else”.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "people",
        _("How people are treated"),
        ("harassment", "hate-speech", "code-of-conduct", "self-harm", "glorifying-violence", "defamation"),
    ),
    (
        "privacy",
        _("Privacy and consent"),
        ("privacy-leaked-secrets", "published-without-consent", "non-consensual-sexual-content"),
    ),
    ("children", _("Children"), ("minors-sexual-content", "children-data")),
    (
        "deception",
        _("Spam, deception and money"),
        (
            "spam",
            "fraud-phishing",
            "inauthentic-behaviour",
            "disinformation",
            "unlawful-currencies",
            "pseudo-pharmaceuticals",
            "gambling-plagiarism",
        ),
    ),
    (
        "audience",
        _("Things nobody asked to see"),
        ("unrequested-sexual-content", "unrequested-violent-content", "toxic-speech-artifacts"),
    ),
    (
        "danger",
        _("Dangerous code, models and uses"),
        (
            "malware",
            "attack-code",
            "weapons",
            "strong-dual-use",
            "sharing-dependent-legality",
            "cryptomining",
            "restriction-proxies",
        ),
    ),
    ("rights", _("Rights and licenses"), ("third-party-rights", "license-violation")),
)
SOMETHING_ELSE = ("other", _("Something else"))
# What most reports of each kind are about comes first.
FIRST = {"repository": ("audience", "deception"), "user": ("deception", "people"), "organization": ("deception",)}


TRACKS = {
    Clause.Track.RESTRICTED: (_("What is not allowed here"), _("We act as soon as we are sure, without waiting.")),
    Clause.Track.MODERATED: (
        _("What we work out with its owner"),
        _("We say what worries us, in public where that harms nobody, and look for a solution together."),
    ),
}


@dataclass(frozen=True)
class Explained:
    """A clause with everything its codes mean, in plain words."""

    clause: Clause

    @property
    def severity(self) -> Any:
        return SEVERITY[self.clause.severity]

    @property
    def consequences(self) -> list[Any]:
        """What usually happens; a code without words stands for itself."""
        return [MEASURES.get(code, code) for code in self.clause.default_measures]

    @property
    def automatic(self) -> list[Any]:
        """What a rule may do by itself until a human has looked (I1)."""
        return [MEASURES.get(code, code) for code in self.clause.automation]

    @property
    def publicity(self) -> Any:
        return PUBLICITY[Clause.Publicity(self.clause.publicity)]


@dataclass(frozen=True)
class ClauseGroup:
    """Clauses that are read together, under one heading."""

    code: str
    title: Any
    clauses: Sequence[Explained]


@dataclass(frozen=True)
class Track:
    """The clauses of one track, under its heading."""

    code: str
    title: Any
    about: Any
    groups: Sequence[ClauseGroup]


def grouped(clauses: Iterable[Clause], kind: str = "") -> list[ClauseGroup]:
    """`clauses` by group, those most often reported for a subject of `kind` first; empty groups are left out."""
    left = {clause.code: clause for clause in clauses}
    found = []
    for code, title, codes in GROUPS:
        found.append(ClauseGroup(code, title, [Explained(left.pop(code)) for code in codes if code in left]))
    first = FIRST.get(kind, ())
    found.sort(key=lambda group: first.index(group.code) if group.code in first else len(first))
    found.append(ClauseGroup(*SOMETHING_ELSE, [Explained(clause) for clause in left.values()]))
    return [group for group in found if group.clauses]


def by_track(clauses: Iterable[Clause]) -> list[Track]:
    """`clauses` by track, and in each by group: the order of the policy page."""
    rows = list(clauses)
    return [
        Track(code, title, about, grouped(clause for clause in rows if clause.track == code))
        for code, (title, about) in TRACKS.items()
    ]
