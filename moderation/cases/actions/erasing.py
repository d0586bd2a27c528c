"""Destroying on purpose, as leased work in steps (C6, L3): a crash between any two of them continues with the next."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db.models import Model, Q, QuerySet

from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import erasing as community
from community.models import Comment, CommentVersion, Discussion
from foundation import changes
from foundation.clock import Now
from foundation.work import LONGEST_PAUSE, work_off
from moderation.cases.actions.locking import lock_newest
from moderation.cases.actions.preserving import preserve_all
from moderation.cases.chain import WORDS_DESTROYED
from moderation.cases.erasing_paths import paths_of
from moderation.cases.events import record, seal
from moderation.cases.letters_of_erasing import leave_titles_out
from moderation.cases.models import Case, CaseReport, Decision, EventText, Party, PartyMessage, TextKey
from moderation.reports.actions.erasing import erase_reports
from moderation.reports.models import Report
from moderation.sanctions.models import Measure
from moderation.scoring.actions import erase_scored
from moderation.subjects import erasing, quarantine
from moderation.subjects.actions import subject_of
from moderation.subjects.legal_holds import is_held
from moderation.subjects.models import Erasure
from moderation.subjects.queries import same_words
from repositories.actions import restrictions

# Kept: our own words about what we decided, which people were told and may contest, and who looked at what and why.
OURS = (
    "appeal.decided",
    "case.acted_on",
    "case.decided",
    "condition.withdrawn",
    "decision.declined",
    "decision.overturned",
    "decision.undone",
    "evidence.handed_over",
    "evidence.kept",
    "evidence.opened",
    "legal_hold.lifted",
    "legal_hold.placed",
    "measure.lifted",
    "measures.lifted",
    "requests.insufficient",
    "summary.published",
    "window.overridden",
)


def order_erasures(row: Case, decision: Decision, taken: Sequence[Measure]) -> None:
    """The decision about `row`, whose row the caller holds locked, is final: what it erases is destroyed from now on.

    Of a repository the files that reports of this case name (see erasing_paths.py).
    """
    for measure in taken:
        if measure.erasure is not None:
            paths = paths_of(row, decision) if row.subject_kind == "repository" else []
            erasing.order(measure.erasure, paths)
            data = {"erasure": measure.erasure.public_id.hex, "files": len(paths)}
            kind = "quarantine.ordered" if measure.erasure.preserves else "erasure.ordered"
            record(row, kind, actor=system_actor(), data=data, moves=False)


def erase_ordered() -> int:
    """Do the next step of every erasure that is ordered, until none is left; returns how many steps were done."""
    return work_off(erasing.due(), _step, hold=_locked_case)


def _step(work: Erasure) -> None:
    # Asked under the lock of its case: a legal hold may have come in between.
    # Nor is destroyed what was locked away for the authorities since: that has a date of its own (C9).
    if is_held(work.subject) or (not work.preserves and quarantine.is_locked(work.subject)):
        Erasure.objects.filter(pk=work.pk).update(done_at=None, due_at=Now() + LONGEST_PAUSE)
        return
    work.refresh_from_db(fields=["paths", "steps"])
    STEPS[work.steps](work)
    steps = work.steps + 1
    # The next step is a piece of work of its own.
    left = {} if steps == len(STEPS) else {"done_at": None, "due_at": Now()}
    Erasure.objects.filter(pk=work.pk).update(steps=steps, **left)


def _locked_case(work: Erasure) -> Case | None:
    """The newest case of the subject, before anything of it: whoever decides or holds for the law holds it.

    With it every case in which words are destroyed, which is an event there; all in the order of their ids.
    """
    newest = Case.objects.filter(subject__in=same_words(work.subject)).order_by("subject", "-pk").distinct("subject")
    keys = {*_cases_of(work).values_list("pk", flat=True), *newest.values_list("pk", flat=True)}
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    return lock_newest(work.subject)


def _kept_with_evidence(work: Erasure) -> None:
    """What snapshots, scores and reports hold of it; first, because by the words themselves we know who quoted them."""
    if work.preserves:
        _seal(work, [*preserve_all(work), *erasing.erase_quotes(work)])
        return
    _said_in_public(work)
    erase_scored(erasing.snapshots_of(work))
    said = erase_reports(erasing.snapshots_of(work))
    _seal(work, [*said, *erasing.erase_snapshots(work)])


def _seal(work: Erasure, changed: Sequence[Model]) -> None:
    row = _locked_case(work)
    if row is not None and changed:
        seal(row, *changed)


def _said_in_public(work: Erasure) -> None:
    """What reports say stands in public discussions too: written there as comments of whoever reported it (C2)."""
    found = Report.objects.filter(snapshot__in=erasing.snapshots_of(work), discussion__isnull=False)
    for report in found.select_for_update(of=("self",)).order_by("pk"):
        said = {report.text, *report.versions.values_list("text", flat=True)} - {""}
        versions = CommentVersion.objects.filter(comment__discussion=report.discussion_id, author=report.reporter_id)
        # A report that was changed is said again, below a line of ours.
        same = {
            comment
            for comment, text in versions.values_list("comment", "text")
            if any(text == words or text.endswith(f"\n\n{words.strip()}") for words in said)
        }
        for comment in Comment.objects.filter(pk__in=same).order_by("pk"):
            community.erase_comment(comment)
            changes.tell("evidence.locked", subject_of(comment).pk, actor_id=None)  # its prints go too


def _said_in_cases(work: Erasure) -> None:
    """Notes, private conversations and their letters; the words of decisions are ours, and stay to be contested."""
    if discussion := _opened(work):
        leave_titles_out(discussion, community.titles_of(discussion))
    if work.preserves:
        return
    cases = _cases_of(work)
    texts = EventText.objects.filter(event__case__in=cases).exclude(event__kind__in=OURS)
    messages = PartyMessage.objects.filter(party__case__in=cases)
    keys = [f"matter-message:{one}" for one in messages.values_list("public_id", flat=True)]
    InboxMessage.objects.filter(key__in=keys).update(body="")
    for party in Party.objects.filter(case__in=cases).order_by("pk"):
        InboxMessage.objects.filter(key__startswith=f"matter:{party.public_id}:").update(body="")
    messages.update(text="")
    destroy_words(texts, messages)


def destroy_words(texts: QuerySet[EventText], messages: QuerySet[PartyMessage] | None = None) -> None:
    """Destroy the keys of `texts`; an event of each case says of which of its events, and that `messages` are empty.

    The caller holds the cases locked, or takes them in the order of their ids here.
    """
    destroyed: dict[int, list[int]] = defaultdict(list)
    emptied: dict[int, list[PartyMessage]] = defaultdict(list)
    keyed = TextKey.objects.filter(text__in=texts)
    for case, number in keyed.order_by("pk").values_list("text__event__case", "text__event__number"):
        destroyed[case].append(number)
    for message in (messages or PartyMessage.objects.none()).select_related("party").order_by("pk"):
        emptied[message.party.case_id].append(message)
    for key in sorted(destroyed.keys() | emptied.keys()):
        row = Case.objects.select_for_update(of=("self",)).get(pk=key)
        data = {"events": sorted(destroyed[key])}
        record(row, WORDS_DESTROYED, actor=system_actor(), data=data, moves=False, seals=emptied[key])
    keyed.delete()


def _opened(work: Erasure) -> Discussion | None:
    """The discussion whose opening is erased; None for other comments, and for files."""
    subject = work.subject
    if subject.comment is not None and subject.comment.position == 1:
        return subject.comment.discussion
    return subject.discussion


def _things_themselves(work: Erasure) -> None:
    subject = work.subject
    if subject.repository is not None:
        community.erase_files(subject.repository, work.paths)
    elif discussion := _opened(work):
        community.erase_opening(discussion)
    else:
        assert subject.comment is not None
        community.erase_comment(subject.comment)


def _objects_on_disk(work: Erasure) -> None:
    if work.subject.repository is not None:
        community.destroy_files(work.subject.repository)


def _record(work: Erasure) -> None:
    """Only that it is gone is left: an event, with a salted digest of where files lay."""
    measure = Measure.objects.filter(erasure=work).select_related("restriction").first()
    if measure and measure.restriction:
        restrictions.lift(measure.restriction, actor=system_actor())
    salt = secrets.token_hex(16)
    digests = [hashlib.sha256(f"{salt}\n{path}".encode()).hexdigest() for path in work.paths]
    cases = [] if work.preserves else list(_cases_of(work).order_by("pk").values_list("pk", flat=True))
    Erasure.objects.filter(pk=work.pk).update(paths=[])
    row = _locked_case(work)
    if row is not None:
        data = {"erasure": work.public_id.hex, "salt": salt, "files": digests}
        kind = "quarantine.done" if work.preserves else "erasure.done"
        record(row, kind, actor=system_actor(), data=data, moves=False)
    for subject in same_words(work.subject):
        changes.tell("evidence.locked", subject.pk, actor_id=None)
    changes.tell_all("content.erased", cases, actor_id=None)


def _cases_of(work: Erasure) -> QuerySet[Case]:
    """Cases about what it destroys: of a repository its own, and those in which the same files were reported."""
    if work.subject.repository_id is None:
        return Case.objects.filter(subject__in=same_words(work.subject))
    own = Decision.objects.filter(measures__erasure=work).values("case")
    reported = CaseReport.objects.filter(report__snapshot__in=erasing.snapshots_of(work)).values("case")
    return Case.objects.filter(Q(pk__in=own) | Q(pk__in=reported))


STEPS: tuple[Callable[[Erasure], None], ...] = (
    _kept_with_evidence,
    _said_in_cases,
    _things_themselves,
    _objects_on_disk,
    _record,
)
