"""The page of a case: everything that a decision needs, on one screen."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.errors import Refused
from moderation.cases import overview
from moderation.cases.actions import read_answers
from moderation.cases.actions.free import works_on
from moderation.cases.audit import REPORTS, THREAD, note_reading
from moderation.cases.case_forms import blank_forms
from moderation.cases.choosing import form_with
from moderation.cases.comfort import comfort_of, is_harmful, note_exposure, wants_pause
from moderation.cases.confirming import waiting_for
from moderation.cases.erasing_paths import at_stake, paths_shown
from moderation.cases.events import words
from moderation.cases.forms import AnswersForm, DecideForm, LiftForm, SecondForm
from moderation.cases.models import Case, ReasonTemplate
from moderation.cases.permissions import Part, is_at_home, why_not_decide
from moderation.cases.priority import explain
from moderation.cases.queries import measures_on
from moderation.cases.stakes import Stakes, stakes_of
from moderation.cases.strikes import advice
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page
from moderation.sanctions.models import Measure
from moderation.subjects.names import name_of


@team_page
@require_safe
def case_page(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """The case with its decide form for whoever holds it (D4); an appeal has a page of its own."""
    case = find_case(case_id, request.user)
    if case.kind == Case.Kind.APPEAL:
        return redirect("appeals:case", case.public_id)
    return show_case(request, case, **chosen(case, request.GET.get("template", ""), typed=QueryDict()))


@team_page
@require_safe
def case_news(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """What happened to the case since the version `since` that the open page shows; a fragment."""
    case = find_case(case_id, request.user)
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdecimal() and len(since) < 10):
        raise Http404
    news = overview.entries(case, since=int(since)) if case.version > int(since) else []
    return render(request, "cases/case.html#news", {"case": case, "news": news})


@team_page
@require_POST
def read_case_answers(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Somebody of the team read the answers that the page showed (G3)."""
    case = find_case(case_id, request.user)
    form = AnswersForm(request.POST)
    if not form.is_valid():
        raise Refused(_("We do not know which answers you read. Reload the page."), code="invalid", status=400)
    read_answers(case, actor=request.user, seen=form.cleaned_data["seen"])
    messages.success(request, _("Thank you. Answers that come from now on bring the case back."))
    return SeeOther(case.get_absolute_url())


def show_case(request: TeamRequest, case: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """Render the page of `case`; `more` are forms that were refused and what happened meanwhile."""
    now, own = clock.now(), stakes_of(request.user)
    sealed = bool(case.lane and case.lane.sealed)
    open_now = case.state == Case.State.OPEN
    points = explain(case, now) if open_now else []
    options = overview.options_for(case, request.user, now) if open_now else []
    reports = overview.report_lines(case)
    parties = overview.party_panels(case, now)
    read = [REPORTS] if any(line.report.confidential for line in reports) else []
    note_reading(case, *read, *([THREAD] if any(one.thread.messages for one in parties) else []), actor=request.user)
    second = waiting_for(case) if open_now else None
    decision = second.decision if second else overview.decision_of(case)
    entries = overview.entries(case)
    evidence = overview.evidence_of(
        case, request.user, snapshot_id=request.GET.get("snapshot", ""), label=request.GET.get("label", "")
    )
    comfort = comfort_of(request.user)
    barred = _why_not(case, request, own, reports)
    # What is folded counts once it is revealed; what lies in quarantine is counted by nobody's page.
    flagged = evidence is not None and evidence.harmful
    harmful = evidence is not None and not sealed and is_harmful(case, flagged)
    if harmful and not (comfort.fold and flagged):
        note_exposure(case, actor=request.user)
    context = {
        "case": case,
        "now": now,
        "parties": parties,
        "asked": overview.asked_of(case, request.user),
        "window": overview.window_of(case, parties, [option.kind for option in options]),
        "linked": overview.linked_cases(case, request.user),
        **blank_forms(case, request.user),
        "name": name_of(case.subject),
        "overdue": bool(case.due_at and case.due_at <= now),
        "evidence": evidence,
        "comfort": comfort,
        "pause": harmful and wants_pause(comfort),
        "reports": reports,
        # The newest of them are listed; what our screening reported is in no count of people's reports.
        "report_total": case.report_count + sum(line.report.by_machine for line in reports),
        "points": points,
        "total": sum(point.points for point in points),
        "background": overview.background_of(case, now, request.user, own),
        "lane_part": overview.lane_part(case, now),
        "locked": overview.locked_snapshots(case),
        "looks": overview.looks(case),
        "entries": entries,
        "notes": [entry for entry in reversed(entries) if entry.event.kind == "note.added"],
        "answers": overview.answers(case),
        "thread": [] if sealed or overview.is_closed(case, request.user) else overview.thread_of(case.subject),
        "options": options,
        "ladder": advice(case, request.user, stakes=own) if options else None,
        "readers": {reader.person.pk: reader for option in options for reader in option.told}.values(),
        "decision": decision,
        "decision_words": words(decision.event) if decision else "",
        "questions": overview.questions_of(case, request.user, now),
        "second": second,
        "consequences": overview.consequences_of(case, second, now) if second else [],
        "erased_files": paths_shown(case, second.decision) if second else None,
        "at_stake": at_stake(case) if any(not option.kind.undoable for option in options) else None,
        "second_form": SecondForm(initial={"version": case.version}),
        "form": DecideForm(case=case),
        "barred": barred,
        # What is theirs alone for the time of the claim is not offered either: it would be refused.
        "works_on": works_on(case, request.user, now) if case.state == Case.State.OPEN else None,
        # Whoever decided before and was wrong may lift what they did, but not decide anew.
        "lift_barred": barred and request.user.pk not in case.not_by,
        "lift_form": LiftForm(),
        **more,
    }
    return render(request, "cases/case.html", context, status=status)


def _why_not(case: Case, request: TeamRequest, own: Stakes, lines: Sequence[overview.ReportLine]) -> str:
    """Why the viewer may not decide; no query where all the reports are on the page."""
    part = None
    if len(lines) < overview.MOST_REPORTS:
        reported = any(line.report.reporter_id == request.user.pk for line in lines)
        part = Part(reported=reported, at_home=is_at_home(case, own))
    return why_not_decide(case, request.user, own, part=part)


def chosen(case: Case, template_id: str, *, typed: QueryDict) -> dict[str, Any]:
    """The form filled in with a template of reasons, and whether it asks before it replaces words; {} without one."""
    try:
        template = ReasonTemplate.objects.filter(active=True).select_related("clause").get(public_id=template_id)
    except (ReasonTemplate.DoesNotExist, ValidationError):
        return {}
    form, asks = form_with(case, template, typed=typed, how=typed.get("how", ""))
    return {"form": form, "template": template, "template_asks": asks}


def find_measure(case: Case, measure_id: uuid.UUID) -> Measure:
    """A measure that the page of `case` shows. Raises the 404 of an unknown address for every other one."""
    measure = measures_on(case.subject.author, case.subject).filter(public_id=measure_id).first()
    if measure is None:
        raise Http404
    return measure
