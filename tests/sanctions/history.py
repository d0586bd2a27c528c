"""A world in which anything may happen in any order: things, people, measures of several cases; and what ought to hold.

The model knows nothing of how measures are enforced: it keeps what people chose and which measures stand. What those
do is read off the row that enforces each, so that a new kind of measure comes in by itself.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client

from accounts.models import PostingRestriction, User
from accounts.posting import standing_restriction
from accounts.queries import system_actor
from community import renaming
from community.actions import edit_comment, hide, holding, limits, rename, set_locked, set_status, unhide
from community.models import Comment, CommentVersion, Discussion, Hiding
from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import (
    MeasureOrder,
    RequestOrder,
    confirm_decision,
    decide,
    decline,
    lift_measure,
    request_of_owner,
)
from moderation.cases.actions.hold import hold_at_once
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.receive import open_or_join
from moderation.cases.actions.reopen import reopen
from moderation.cases.actions.undo import undo_decision
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Confirmation, Decision
from moderation.policy.models import Clause
from moderation.sanctions.measures import DECIDED, KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of, take_snapshot
from repositories.access import access, is_closed, is_removed, seen_by
from repositories.actions import change_settings, commit, restrictions
from repositories.actions.move import move_repository
from repositories.listing import settle_label
from repositories.models import OwnerRequest, Repository
from repositories.queries import listed_for

WORDS = "We looked at all of it, and say so in a sentence."
UNDOABLE = {code: kind for code, kind in DECIDED.items() if kind.undoable}
ASKING = {code: kind for code, kind in KINDS.items() if kind.asks}
ENFORCED = ("restriction", "limit", "hiding", "posting_restriction", "subject")
# What workers do in the background, each of which may be dead at any time.
SWEEPS: tuple[Callable[[], object], ...] = (
    holding.end_holds,
    limits.end_limits,
    restrictions.show_cards_again,
    restrictions.store_ended_labels,
    renaming.follow_names,
    check_conditions,
)
PLACES = ("repository", "discussion", "comment", "author", "owner")
SIDES = ("author", "owner", "moderator")
# What grows with whatever happens in a place, and is nobody's choice; and what only says until when a column holds.
HISTORY = {"id", "last_discussion", "last_position", "active_at", "trending", "downloads"}
UNTIL = {"stale_at", "nfaa_until", "kept_private_until", "removed_until", "unsettled_at"}


class Killed(BaseException):
    """A process dies in the middle of what it does."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Whatever is done here dies at this statement of SQL, if it comes so far.

    Not while a savepoint is given up: that is how the database cleans up after a process that died.
    """
    left = statement

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal left
        left -= not sql.startswith(("ROLLBACK TO", "RELEASE"))
        if left == -1:
            left = -2
            raise Killed
        return execute(sql, params, many, context)

    with suppress(Killed), connection.execute_wrapper(count):
        yield


@dataclass
class Standing:
    """A measure that the model believes to hold: until `ends_at`, and contested with the last decision that took it."""

    measure: Measure
    place: str
    ends_at: datetime | None
    interim: bool
    decision: int
    until_done: str = ""
    case: int = 0

    @property
    def kind(self) -> str:
        return str(self.measure.kind)

    @property
    def key(self) -> tuple[str, int]:
        """What it is and about what: a case has it once."""
        return self.kind, self.measure.subject_id


@dataclass
class Asked:
    """A request to the owner that nobody withdrew: until the decision at `ended_at` (E1)."""

    measure: Measure
    ended_at: datetime | None = None


@dataclass
class Choices:
    """What people chose last, whatever the team did."""

    visibility: str = "public"
    gating: str = "none"
    tagged: bool = False
    documented: bool = False
    status: str = "open"
    locked: bool = False
    sides: set[str] = field(default_factory=set)


class History:
    """Everything that may happen to one repository, a discussion in it, a comment there, its author and the owner."""

    def __init__(self, things: dict[str, Any], people: dict[str, User], set_clock: Any, begin: datetime) -> None:
        self.keys = {name: (type(thing), thing.pk) for name, thing in things.items()}
        self.people, self.set_clock, self.moment = people, set_clock, begin
        self.standing: list[Standing] = []
        self.requests: list[Asked] = []
        self.choices = Choices()
        self.decisions: list[int] = []
        self.made: list[tuple[datetime, str, tuple[Any, ...]]] = []
        # Of each decision what stood before and it confirmed or ended, as it was; and those that wait for a second one.
        self.changed: dict[int, list[Standing]] = {}
        self.waiting: dict[int, tuple[str, list[str], str, int | str | None]] = {}
        # Of each kind of reader the statement of all lists, made once.
        lists = (listed_for(viewer).values_list("pk") for viewer in (people["stranger"], None))
        self.lists = [rows.query.sql_with_params() for rows in lists]
        set_clock(begin)

    def thing(self, name: str) -> Any:
        model, key = self.keys[name]
        related = {Comment: "discussion__repository__namespace", Discussion: "repository__namespace"}
        related[Repository] = "namespace"
        rows = model.objects.select_related(related[model]) if model in related else model.objects
        return rows.get(pk=key)

    def pass_time(self, hours: float) -> None:
        """Time passes, and every worker is dead: what is over, is over."""
        self.moment += timedelta(hours=hours)
        self.set_clock(self.moment)
        self.standing = [one for one in self.standing if one.ends_at is None or one.ends_at > self.moment]

    # The team -----------------------------------------------------------------------------------------------------

    def take(self, place: str, kinds: list[str], clause: str, end: int | str | None) -> None:
        """A moderator decides about a thing: confirms or lifts what a rule did there, and takes what is new.

        `end` is for those whose end is chosen: after so many hours, or once the owner did this. Of whoever owns a
        repository about which is decided nobody asks anything any more.
        """
        named = self._named(place, kinds)
        decision = self._decide(place, kinds, clause, end, self.people["moderator"])
        self._final(decision, named, kinds, end, set())

    def _named(self, place: str, kinds: list[str]) -> set[tuple[str, int]]:
        """What a decision asks for, with what it brings along."""
        subject = subject_of(self.thing(place))
        named = {(kind, subject.pk) for kind in kinds}
        for kind in kinds:
            chosen = tuple(UNDOABLE[kind].consequences_for(subject))
            named |= {(part, about.pk) for part, about in UNDOABLE[kind].parts(subject, chosen)}
        return named

    def _final(
        self, decision: Decision, named: set[tuple[str, int]], kinds: list[str], end: int | str | None, mine: set[int]
    ) -> None:
        """A decision is final: what stands in its case, but for what is its own already, is confirmed, or it ends."""
        case = decision.case
        for asked in self.asked if case.subject.repository_id else []:
            asked.ended_at = decision.decided_at
        hours = end if isinstance(end, int) else None
        before = [one for one in self.standing if one.measure.pk not in mine and self._is_of(one, case)]
        taken = {one.key for one in self.standing if one.measure.pk in mine}
        self.changed[decision.pk] = [copy(one) for one in before]
        for one in sorted(before, key=lambda other: other.measure.pk):
            if one.key not in named or one.key in taken:
                self.standing.remove(one)
                continue
            taken.add(one.key)
            whole = one.kind in kinds and one.measure.subject_id == case.subject_id
            chosen = whole and UNDOABLE[one.kind].chooses_end and hours
            lasts = UNDOABLE[one.kind].lasts
            usual = one.measure.starts_at + lasts if lasts else None
            one.ends_at = self.moment + timedelta(hours=hours) if chosen and hours else usual
            one.interim, one.decision, one.case = False, decision.pk, case.pk
            one.until_done = _until_done(one.kind, end) if whole else ""
        self._add(decision)

    @staticmethod
    def _is_of(one: Standing, case: Any) -> bool:
        """Whether a decision of `case` has to say what becomes of it: not of words that were only said."""
        if one.interim:
            return one.measure.subject_id == case.subject_id
        kind = KINDS[one.kind]
        return one.case == case.pk and bool(kind.enforced or kind.brings)

    def hold(self, place: str) -> None:
        """Somebody reports what a lane holds at once, on anyone's word and until a human looked (C6, C9)."""
        clause, snapshot = Clause.objects.get(code="children-data"), take_snapshot(subject_of(self.thing(place)))
        case = open_or_join(snapshot, clause=clause, actor=system_actor())
        measure = hold_at_once(lock_case(case), snapshot, clause)
        if measure is None:
            return
        for one in self.standing:
            if one.measure.pk == measure.pk and one.interim:
                one.ends_at = None
        if measure.pk not in {one.measure.pk for one in self.standing}:
            self._add(measure.decisions.get())

    def propose(self, place: str, kinds: list[str], clause: str, end: int | str | None) -> None:
        """A moderator decides what a second one confirms: what holds already stays as it is until then."""
        decision = self._decide(place, kinds, clause, end, self.people["moderator"], by_operator=False)
        waiting = Confirmation.objects.filter(decision=decision).first()
        if waiting is None:
            self._final(decision, self._named(place, kinds), kinds, end, set())
            return
        self._add(decision)
        self.decisions.remove(decision.pk)
        if waiting.hold:
            self._stand(waiting.hold, decision)
        self.waiting[decision.pk] = (place, kinds, clause, end)

    def settle(self, number: int, agree: bool) -> None:
        """A second moderator confirms what waits, or declines it: then nothing of it is left."""
        if not self.waiting:
            return
        key = sorted(self.waiting)[number % len(self.waiting)]
        place, kinds, _clause, end = self.waiting[key]
        decision = Decision.objects.get(pk=key)
        waiting, case = Confirmation.objects.get(decision=key), decision.case
        mine = {one.measure.pk for one in self.standing if one.decision == key}
        instead = waiting.hold_id
        if not agree:
            decline(waiting, actor=self.people["second"], reason="I do not agree with that.")
            self.standing = [one for one in self.standing if one.measure.pk not in mine]
            del self.waiting[key]
            return
        named = self._named(place, kinds)
        confirm_decision(waiting, actor=self.people["second"], version=case.version)
        del self.waiting[key]
        self.standing = [one for one in self.standing if one.measure.pk != instead]
        self._final(Decision.objects.get(pk=key), named, kinds, end, mine)

    def reopen(self, number: int) -> None:
        """A decided case is opened again: what it did stands until it is decided anew, what a lane held is held."""
        if not self.decisions:
            return
        case = Decision.objects.get(pk=self.decisions[number % len(self.decisions)]).case
        last = case.decisions.final().order_by("-pk").first()
        reopen(case, reason="We look at it once more.", actor=self.people["moderator"])
        if last is not None:
            stood = {one.measure.pk for one in self.standing}
            ended = [one for one in self.changed.get(last.pk, []) if one.interim and one.measure.pk not in stood]
            self._again(last, ended)

    def _again(self, decision: Decision, ended: list[Standing]) -> None:
        """What `decision` ended stands anew, unless something like it does, or it would have ended by itself."""
        for one in ended:
            if one.ends_at is not None and one.ends_at <= self.moment:
                continue
            if one.key in {other.key for other in self.standing}:
                continue
            known = [other.measure.pk for other in self.standing]
            rows = Measure.objects.standing().filter(kind=one.kind, subject=one.measure.subject_id)
            again = copy(one)
            again.measure = rows.exclude(pk__in=known).select_related(*ENFORCED).get()
            assert (again.measure.ends_at, again.measure.interim) == (one.ends_at, one.interim)
            assert again.measure.until_done == one.until_done
            if one.interim:
                again.decision = again.measure.decisions.latest("pk").pk
                self.decisions.append(again.decision)
            self.standing.append(again)

    def rule(self, place: str, kind: str, clause: str) -> None:
        """A rule acts for the time being: 72 hours, or as long as the measure lasts by its nature."""
        decision = self._decide(place, [kind], clause, None, system_actor())
        self._add(decision)

    def ask(self, kind: str, condition: str, clause: str) -> None:
        """A moderator asks the owner for something, before anything is decided."""
        actor = self.people["moderator"]
        snapshot = take_snapshot(subject_of(self.thing("repository")))
        case = open_or_join(snapshot, clause=Clause.objects.get(code=clause), actor=actor)
        made = request_of_owner(case, orders=[RequestOrder(kind, condition)], text=WORDS, actor=actor)
        self.requests += [Asked(one) for one in made]

    @property
    def asked(self) -> list[Asked]:
        """What is asked of the owner now."""
        return [one for one in self.requests if one.ended_at is None]

    def _decide(
        self,
        place: str,
        kinds: list[str],
        clause: str,
        end: int | str | None,
        actor: User,
        *,
        by_operator: bool = True,
    ) -> Decision:
        lasts = timedelta(hours=end) if isinstance(end, int) else None
        subject = subject_of(self.thing(place))
        orders = [
            MeasureOrder(
                kind,
                lasts=lasts if UNDOABLE[kind].chooses_end else None,
                consequences=tuple(UNDOABLE[kind].consequences_for(subject)),
                until_done=_until_done(kind, end),
            )
            for kind in kinds
        ]
        about = Clause.objects.get(code=clause)
        case = open_or_join(take_snapshot(subject), clause=about, actor=actor)
        interim = actor.is_system
        return decide(
            case,
            actor=actor,
            version=case.version,
            outcome="violation",
            clause=about,
            measures=orders,
            explanation=WORDS,
            interim=interim,
            override="" if interim else WORDS,
            insufficient="" if interim else WORDS,
            by_operator=by_operator and not interim,
        )

    def _add(self, decision: Decision) -> None:
        known = {one.measure.pk for one in self.standing}
        for measure in decision.measures.select_related(*ENFORCED):
            if measure.pk not in known and measure.lifted_at is None:
                self._stand(measure, decision)
        if decision.pk not in self.decisions:
            self.decisions.append(decision.pk)

    def _stand(self, measure: Measure, decision: Decision) -> None:
        place = self._place(measure.subject)
        held = Standing(
            measure, place, measure.ends_at, decision.interim, decision.pk, measure.until_done, decision.case_id
        )
        self.standing.append(held)

    def _place(self, subject: Any) -> str:
        found = (type(subject.target), subject.target.pk)
        return next(name for name, key in self.keys.items() if key == found)

    def lift(self, number: int) -> None:
        """A measure is lifted, or a request withdrawn."""
        held: list[Standing | Asked] = [*self.standing, *self.asked]
        if held:
            one = held[number % len(held)]
            measure = Measure.objects.get(pk=one.measure.pk)
            lift_measure(measure, reason="Lifted again.", actor=self.people["moderator"])
            self.requests = [other for other in self.requests if other is not one]
            # With a warning what it brought along.
            self.standing = [other for other in self.standing if one.measure.pk not in _self_and_whole(other.measure)]

    def lift_many(self, numbers: list[int]) -> None:
        """Measures, of several decisions perhaps, are lifted in one go, with what they brought along."""
        if not self.standing:
            return
        chosen = {self.standing[number % len(self.standing)].measure.public_id for number in numbers}
        done = lift_together(
            chosen, reason="Lifted in one go.", actor=self.people["moderator"], request_id=uuid.UUID(int=len(self.made))
        )
        lifted = {one.pk for one in done.measures}
        assert done.obstacles == {}
        assert chosen <= {one.public_id for one in done.measures}
        self.standing = [other for other in self.standing if other.measure.pk not in lifted]

    def undo(self, number: int) -> None:
        """A decision is taken back as a whole, where nobody built on it."""
        if not self.decisions:
            return
        decision = Decision.objects.get(pk=self.decisions[number % len(self.decisions)])
        taken = set(decision.measures.values_list("pk", flat=True))
        undo_decision(decision, actor=self.people["moderator"], reason="Taken back as a whole.")
        stood = {one.measure.pk: one for one in self.standing}
        self.standing = [one for one in self.standing if one.measure.pk not in taken]
        ended = []
        for one in self.changed.get(decision.pk, []):
            key = one.measure.pk
            if key not in taken:
                ended.append(one)
            elif key in stood and not one.interim:  # an earlier decision's: it goes on as that one left it
                if one.ends_at is None or one.ends_at > self.moment:
                    self.standing.append(one)
            elif key in stood:
                ended.append(one)
        self._again(decision, ended)
        for asked in self.requests if decision.case.subject.repository_id else []:
            if asked.ended_at == decision.decided_at:
                asked.ended_at = None

    def contest(self, number: int) -> None:
        """Somebody whom a decision affects contests it, and somebody who did not decide agrees."""
        if not self.decisions:
            return
        decision = Decision.objects.get(pk=self.decisions[number % len(self.decisions)])
        taken = {one.measure.pk for one in self.standing if one.decision == decision.pk}
        person = self.people["owner" if decision.case.subject.repository_id else "author"]
        if decision.case.subject.user_id == self.people["owner"].pk:
            person = self.people["owner"]
        appeal = file_appeal(decision, text="You did not read it to the end.", actor=person)
        decide_appeal(appeal, state="upheld", answer="You are right, and we are sorry.", actor=self.people["second"])
        self.standing = [one for one in self.standing if one.measure.pk not in taken]

    def sweep(self, number: int) -> None:
        SWEEPS[number % len(SWEEPS)]()

    def notice(self) -> None:
        """What waited for its owner may have ended, once a worker looked: only where they did it."""
        for one in [one for one in self.standing if one.until_done]:
            if Measure.objects.get(pk=one.measure.pk).lifted_at is not None:
                assert self.met(one.until_done)
                self.standing.remove(one)

    def met(self, condition: str) -> bool:
        """Whether the owner chose what a measure waits for, or a request asks for."""
        chose = self.choices
        return {
            "documented": chose.documented,
            "tagged": chose.tagged,
            "documented_tagged": chose.documented and chose.tagged,
            "gated": chose.gating != "none",
            "private": chose.visibility == "private",
        }[condition]

    def wait_for_workers(self) -> None:
        """Whoever looks at what owners did comes to its end: nothing waits that is done, and what is done is ticked."""
        self.pass_time(1)  # leases of the dead run out
        check_conditions()
        self.notice()
        assert not [one for one in self.standing if one.until_done and self.met(one.until_done)]
        for row in OwnerRequest.objects.filter(ended_at=None):
            assert (row.met_at is not None) is self.met(row.condition)
        self.check()

    # People -------------------------------------------------------------------------------------------------------

    def choose(self, verb: str, *values: Any) -> None:
        """Somebody chooses something of their own; what is refused is not made."""
        if getattr(self, f"_{verb}")(*values):
            self.made.append((self.moment, verb, values))

    def _settings(self, visibility: str, gating: str) -> bool:
        change_settings(self.thing("repository"), actor=self.people["owner"], visibility=visibility, gating=gating)
        self.choices.visibility, self.choices.gating = visibility, gating
        return True

    def _card(self, tagged: bool, words: str) -> bool:
        front = "---\ntags: [not-for-all-audiences]\n---\n" if tagged else ""
        files = {"README.md": f"{front}# Ours\n\n{words}\n".encode()}
        commit(self.thing("repository"), files, actor=self.people["owner"], message="Edit the card")
        self.choices.tagged, self.choices.documented = tagged, "# Risks" in words
        return True

    def _name(self, name: str) -> bool:
        repository = self.thing("repository")
        if repository.name == name:
            return False
        move_repository(repository, namespace=repository.namespace, name=name, actor=self.people["owner"])
        return True

    def _status(self, status: str) -> bool:
        if set_status(self.thing("discussion"), status, actor=self.people["author"]) is None:
            return False
        self.choices.status = status
        return True

    def _lock(self, locked: bool) -> bool:
        if set_locked(self.thing("discussion"), locked, actor=self.people["owner"]) is None:
            return False
        self.choices.locked = locked
        return True

    def _title(self, title: str) -> bool:
        return rename(self.thing("discussion"), title, actor=self.people["author"]) is not None

    def _words(self, words: str) -> bool:
        edit_comment(self.thing("comment"), text=words, actor=self.people["author"])
        return True

    def _hide(self, side: str) -> bool:
        hide(self.thing("comment"), category="spam", actor=self.people[side])
        self.choices.sides.add(side)
        return True

    def _show(self, side: str) -> bool:
        if not Hiding.objects.filter(comment=self.keys["comment"][1], lifted_at=None).exists():
            return False
        unhide(self.thing("comment"), actor=self.people[side])
        self.choices.sides -= set(SIDES) if side == "moderator" else {side}
        return True

    # What ought to hold, and what does ------------------------------------------------------------------------------

    def does(self, place: str) -> set[str]:
        """What the standing measures on a place do, by the rows that enforce them."""
        rows = [one.measure for one in self.standing if one.place == place]
        done = {row.restriction.kind for row in rows if row.restriction}
        done |= {row.limit.kind for row in rows if row.limit}
        return done | {"hidden" for row in rows if row.hiding or (row.kind == "hold" and not row.restriction)}

    def banned(self, name: str) -> bool:
        person = self.people[name].pk
        return any(one.measure.posting_restriction and one.measure.person_id == person for one in self.standing)

    def check(self) -> None:
        """What everybody is answered equals what the choices and the standing measures say."""
        held = {one.measure.pk for one in self.standing} | {one.measure.pk for one in self.asked}
        assert set(Measure.objects.standing().values_list("pk", flat=True)) == held
        self._check_repository()
        self._check_discussion()
        banned = PostingRestriction.objects.active().values_list("user", flat=True)
        assert set(banned) == {self.people[name].pk for name in ("author", "owner") if self.banned(name)}

    @property
    def public(self) -> bool:
        closed = self.does("repository") & {"private", "removed"}
        return self.choices.visibility == "public" and not closed

    def _check_repository(self) -> None:
        row, does, chose = self.thing("repository"), self.does("repository"), self.choices
        assert (row.visibility, row.gating) == (chose.visibility, chose.gating)
        assert row.asked is bool(self.asked)
        stranger = access(row, self.people["stranger"])
        assert stranger.see is self.public
        assert stranger.files is (self.public and chose.gating == "none" and "disabled" not in does)
        assert stranger.card_hidden is bool(does & {"card_held", "card_hidden"})
        settle_label(row)
        assert row.nfaa is (chose.tagged or "nfaa" in does)
        listed = self.public and not does & {"downgraded", "disabled"}
        for statement in self.lists:
            with connection.cursor() as cursor:
                cursor.execute(*statement)
                assert ((row.pk,) in cursor.fetchall()) is listed

    def _check_discussion(self) -> None:
        row, does, chose = self.thing("discussion"), self.does("discussion"), self.choices
        assert row.status == ("closed" if "closed" in does else chose.status)
        assert row.locked is (chose.locked or "locked" in does)
        comment = self.thing("comment")
        assert comment.hidden is bool(chose.sides or "hidden" in self.does("comment"))
        assert (comment.text == "") is comment.hidden
        opening = row.comments.get(position=1)
        assert opening.hidden is ("hidden" in does)

    def look(self) -> None:
        """What somebody who is not signed in is answered: by the page, our API, the protocol, and for a file."""
        row, does, client = self.thing("repository"), self.does("repository"), Client()
        address, comment = row.get_absolute_url(), self.thing("comment")
        gone = 410 if "removed" in does and self.choices.visibility == "public" and "private" not in does else 404
        assert client.get(address).status_code == (200 if self.public else gone)
        assert Repository.objects.filter(seen_by(None), pk=row.pk).exists() is self.public
        if "disabled" not in does:  # then nobody without a token learns of it there
            assert (client.get(f"/api/models{address}").status_code == 200) is self.public
        # Of what is gated or disabled the card is still served, as its page is (hub/views/files.py).
        card = client.get(f"{address}/resolve/main/README.md").status_code
        assert (card == 200) is (self.public and not does & {"card_held", "card_hidden"})
        said = client.get(f"/api/v1/comments/{comment.public_id}")
        assert (said.status_code == 200) is self.public
        if self.public:
            hidden = bool(self.choices.sides or "hidden" in self.does("comment"))
            assert (said.json()["text"] == "") is hidden

    def digest(self) -> dict[str, Any]:
        """Every column of what people made and chose, byte for byte, once the workers did what they had to."""
        self.pass_time(1)  # leases of the dead run out
        for sweep in SWEEPS:
            sweep()
        rows: dict[str, Any] = {}
        for name in ("repository", "discussion"):
            thing = self.thing(name)
            rows |= {f"{name}.{column}": value for column, value in _columns(thing).items()}
        # What a list shows of the moment is asked, whatever is stored.
        row = self.thing("repository")
        rows["repository.listed"] = row.listed or (row.stale_at is not None and row.stale_at <= self.moment)
        rows["repository.kept_private"], rows["repository.removed"] = is_closed(row), is_removed(row)
        comments = Comment.objects.filter(discussion=self.keys["discussion"][1]).order_by("position")
        rows["comments"] = [_columns(one) for one in comments]
        versions = CommentVersion.objects.filter(comment__in=comments).order_by("comment", "number")
        rows["versions"] = list(versions.values_list("comment", "number", "text", "created_at"))
        hidings = Hiding.objects.filter(comment__in=comments, side__in=("author", "owner", "team"))
        rows["hidings"] = sorted(hidings.values_list("comment", "side", "category", "lifted_at"), key=str)
        people = User.objects.filter(pk__in=[self.keys[name][1] for name in ("author", "owner")])
        rows["people"] = list(people.order_by("pk").values_list("username", "fullname", "is_active"))
        rows["posting"] = [standing_restriction(self.people[name]) for name in ("author", "owner")]
        return rows

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """Where `found` differs from what the same choices at the same moments come to in a world without measures."""
        for moment, verb, values in self.made:
            self.set_clock(moment)
            getattr(self, f"_{verb}")(*values)
        plain = self.digest()
        return {name: (value, plain.get(name)) for name, value in found.items() if value != plain.get(name)}


def _columns(row: Any) -> dict[str, Any]:
    return {one.name: getattr(row, one.attname) for one in row._meta.concrete_fields if one.name not in HISTORY | UNTIL}


def _until_done(kind: str, end: int | str | None) -> str:
    """What a measure of this kind waits for, where that was chosen as its end and it can."""
    return end if isinstance(end, str) and end in UNDOABLE[kind].conditions else ""


def _self_and_whole(measure: Measure) -> set[int | None]:
    return {measure.pk, measure.part_of_id}


def attempt(do: Callable[..., None], *values: Any) -> None:
    """Do it, or nothing of it where it is refused."""
    try:
        with transaction.atomic():
            do(*values)
    except Refused:
        pass
