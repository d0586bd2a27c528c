"""What the queue shows: its lane, filters and words, all from the address (D4)."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.clock import Now
from foundation.errors import Refused
from moderation.cases.choices import CLAUSE, LANE, LANGUAGE, NEWEST, PERSON, Choice, choices
from moderation.cases.lanes import AFTER, BEFORE, BROAD, Listing, changed_since, in_lane
from moderation.cases.models import Case, CaseReport
from moderation.cases.queries import claimed, unclaimed
from moderation.cases.searching import about_words
from moderation.cases.stakes import Stakes, stakes_of
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.subjects.names import KIND_NAMES

# For each field what no choice is called, and the choices.
Options = dict[str, tuple[Any, list[tuple[str, Any]]]]
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
LONGEST_SEARCH = 200
SOON = timedelta(hours=24)
DUE = {"passed": _("passed"), "soon": _("within a day"), "any": _("has one")}
TRACKS = {Clause.Track.RESTRICTED: _("restricted"), Clause.Track.MODERATED: _("moderated")}


def language_name(code: str) -> str:
    """The name of a language in the reader's, its code where we know no name."""
    return str(_(LANG_INFO[code]["name"])) if code in LANG_INFO and "name" in LANG_INFO[code] else code


class QueueFilters(forms.Form):
    """An unknown value says so and counts as none, so that an old address still shows a list."""

    lane = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Words"), required=False, max_length=LONGEST_SEARCH)
    clause = forms.ChoiceField(label=_("Reason"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    assignee = forms.ChoiceField(label=_("With"), required=False)
    due = forms.ChoiceField(label=_("Deadline"), required=False)
    track = forms.ChoiceField(label=_("Track"), required=False)
    channel = forms.ChoiceField(label=_("Came by"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    # Brings what the person opted out of (D5).
    everything = forms.ChoiceField(choices=[("", ""), ("yes", "")], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: User, like: "QueueFilters | None" = None, **kwargs: Any) -> None:
        """`like` is another form of the same viewer, whose choices need not be asked for again."""
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        if like is not None:
            self.choices, self.stakes = like.choices, like.stakes
        self.options: Options = like.options if like else self._options()
        for name, (every, some) in self.options.items():
            self.fields[name].choices = [("", every), *some]  # type: ignore[attr-defined]
        # The chosen language too, which the list that is kept for a minute may not know yet.
        chosen = self.data.get("language", "")
        if LANGUAGE_CODE.fullmatch(chosen) and chosen not in dict(self.options["language"][1]):
            self.fields["language"].choices.append((chosen, language_name(chosen)))  # type: ignore[attr-defined]
        self.fields["lane"].choices = list(self.lanes.items())  # type: ignore[attr-defined]

    def _options(self) -> Options:
        """The choices of every field; one query."""
        people = [(person.code, person.code) for person in self.choices[PERSON]]
        return {
            "clause": (_("Every reason"), [(clause.code, str(clause)) for clause in self.choices[CLAUSE]]),
            "kind": (_("Every kind"), list(KIND_NAMES.items())),
            "assignee": (_("Anybody"), [("me", _("me")), ("none", _("nobody")), *people]),
            "due": (_("Any"), list(DUE.items())),
            "track": (_("Both"), list(TRACKS.items())),
            "channel": (_("Any way"), list(Report.Channel.choices)),
            "language": (_("Every language"), [(one.code, language_name(one.code)) for one in self.choices[LANGUAGE]]),
        }

    @cached_property
    def stakes(self) -> Stakes:
        """What keeps the viewer from cases."""
        return stakes_of(self.viewer)

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """Clauses, lanes and people to choose from."""
        return choices()

    @property
    def named(self) -> list[Choice]:
        """The lanes of the policy that the viewer may see."""
        return [lane for lane in self.choices[LANE] if lane.pk not in self.stakes.closed_lanes]

    @property
    def newest(self) -> int:
        """The id of the newest event when the choices were asked for, 0 before the first: before any list is."""
        return max((one.pk for one in self.choices[NEWEST]), default=0)

    @property
    def lanes(self) -> dict[str, Any]:
        """Titles of all lanes by their codes, in their order."""
        return {**BEFORE, **{lane.code: lane for lane in self.named if lane.code not in BEFORE | AFTER}, **AFTER}

    @property
    def selects(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "q"]

    @property
    def lane_name(self) -> str:
        return self.cleaned_data.get("lane") or "open"

    @property
    def chosen(self) -> bool:
        """Whether anything but the lane was chosen."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("lane", "everything"))

    @property
    def wants_all(self) -> bool:
        """Whether it shows what the viewer opted out of: asked for, or named by its reason."""
        return bool(self.cleaned_data.get("everything") or self.cleaned_data.get("clause"))

    @property
    def leaves_out(self) -> bool:
        """Whether this is one of the lists that leave out what a person opted out of."""
        return self.lane_name in BROAD and not self.wants_all

    @property
    def unknown(self) -> bool:
        """Whether a filter has a value that we do not know; bad words say themselves what is wrong with them."""
        return any(name != "q" for name in self.errors)

    def listing(self) -> Listing:
        """The cases of the chosen lane that fit; needs is_valid() first."""
        found = in_lane(self.lane_name, self.viewer, everything=self.wants_all, stakes=self.stakes)
        return found.map(self.narrow)

    def changed_since(self, event_id: int) -> QuerySet[Case]:
        """The same of what happened since an event; needs is_valid() first."""
        own = self.stakes
        rows = changed_since(event_id, self.lane_name, self.viewer, everything=self.wants_all, stakes=own)
        return self.narrow(rows)

    def clean_q(self) -> Q | None:
        """A condition on cases. Words we cannot look for are an error, and the list stays as it is without them."""
        if not (text := self.cleaned_data["q"].replace("\x00", "").strip()):
            return None
        try:
            return about_words(text, actor=self.viewer)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def narrow(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        """`rows` that fit the filters and the words; needs is_valid() first."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        columns = {"kind": "subject_kind", "track": "track", "language": "language"}
        rows = rows.filter(**{columns[name]: value for name, value in chosen.items() if name in columns})
        # Subqueries, not joins: what is held equal is known before the walk of the index begins.
        if clause := chosen.get("clause"):
            rows = rows.filter(clause=Clause.objects.filter(code=clause).values("pk")[:1])
        if words := chosen.get("q"):
            rows = rows.filter(words)
        if channel := chosen.get("channel"):
            rows = rows.filter(Exists(CaseReport.objects.filter(case=OuterRef("pk"), report__channel=channel)))
        if "due" in chosen:
            rows = rows.filter(is_due(chosen["due"]))
        return self._with(rows, chosen.get("assignee", ""))

    def _with(self, rows: QuerySet[Case], name: str) -> QuerySet[Case]:
        if name == "none":
            return unclaimed(rows)
        if name == "me":
            return claimed(rows, self.viewer)
        return rows.filter(assignee=User.objects.filter(username=name).values("pk")[:1]) if name else rows


def is_due(which: str) -> Q:
    """A condition on cases: their deadline has "passed", is "soon" to pass, or they have "any"."""
    if which == "passed":
        return Q(due_at__lte=Now())
    return Q(due_at__lte=Now() + SOON) if which == "soon" else Q(due_at__isnull=False)
