"""Conflict of interest: nobody works on own content, own reports or things of an own organization, by any way in."""

from collections.abc import Callable
from functools import partial as partial_of
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from accounts.actions import create_organization, create_token, join_organization, make_moderator
from accounts.models import User
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from foundation import clock
from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import (
    MeasureOrder,
    claim,
    claim_next,
    confirm_decision,
    decide,
    decline,
    hand_over,
    lift_measure,
)
from moderation.cases.actions.bulk import obstacles_of
from moderation.cases.actions.orders import Verdict
from moderation.cases.confirming import to_confirm
from moderation.cases.models import Case, Confirmation, Decision
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure

WORDS = "You called people idiots and told them to shut up."
CLEAR: dict[str, Any] = {"outcome": "no_violation", "explanation": "Only a figure of speech."}


@pytest.fixture
def partial(make_user) -> User:
    """Somebody of the team with things of their own."""
    return make_user("partial", moderator=True)


@pytest.fixture
def subject_of(partial, make_repository, repository, discussion, author, owner, make_user) -> Callable[[str], Any]:
    """subject_of("comment"): something to report that `partial` has a stake in, or for reports none."""

    def make(relation: str) -> Any:
        if relation == "comment":
            return add_comment(discussion, text="You people are idiots.", actor=partial)
        if relation == "discussion":
            return open_discussion(repository, title="Read this", text="You people are idiots.", actor=partial)
        if relation == "repository":
            return make_repository("mine", owner=partial)
        if relation == "person":
            return partial
        if relation in ("organization", "of organization"):
            organization = create_organization("own-lab", actor=owner)
            join_organization(partial, organization, role="read", actor=owner)
            return organization if relation == "organization" else make_repository("ours", owner=organization)
        return add_comment(discussion, text="Somebody else wrote this.", actor=author)

    return make


RELATIONS = ("comment", "discussion", "repository", "person", "organization", "of organization", "own report")


def _decided(case: Case, by: User, **values: Any) -> Any:
    """What `by` decided, whatever fits the subject."""
    kinds = {"organization": None, "repository": "downgrade"}
    kind = kinds.get(case.subject_kind, "friendly_warning")
    case.refresh_from_db()
    if kind is None:
        return decide(case, actor=by, version=case.version, **CLEAR)
    return decide(
        case, actor=by, version=case.version, outcome="violation", clause=Clause.objects.get(code="harassment"),
        measures=[MeasureOrder(kind)], explanation=WORDS,
    )  # fmt: skip


def _waiting(case: Case, by: User) -> Confirmation:
    """A decision that waits, made without asking whether the measure fits."""
    decision = _decided(case, by)
    Case.objects.filter(pk=case.pk).update(state="open", decided_at=None)
    case.refresh_from_db()
    return Confirmation.objects.create(
        decision=decision, orders=[], after=True, due_at=decision.decided_at, first_decider=by
    )


def _try_api(case: Case, person: User, path: str, data: dict[str, Any]) -> None:
    """The same by a program. Raises Refused for what it answers with an error."""
    client = APIClient()
    secret = create_token(person, scope="moderate", actor=system_actor())
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    answer = client.post(f"/api/v1/cases/{case.public_id}/{path}", data, format="json")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        raise Refused("refused")


def _appeal(case: Case, other: User, reporter: User) -> Appeal:
    return file_appeal(_decided(case, other), text="Please look at this once more.", actor=reporter)


VERBS: dict[str, Callable[[Case, User, User, User], Any]] = {
    "decide": lambda case, person, other, reporter: decide(case, actor=person, version=case.version, **CLEAR),
    "claim": lambda case, person, other, reporter: claim(case, actor=person),
    "confirm": lambda case, person, other, reporter: confirm_decision(
        _waiting(case, other), actor=person, version=Case.objects.get(pk=case.pk).version
    ),
    "decline": lambda case, person, other, reporter: decline(
        _waiting(case, other), actor=person, reason="A warning is enough here."
    ),
    "hand over": lambda case, person, other, reporter: hand_over(claim(case, actor=other), to=person, actor=other),
    "answer an appeal": lambda case, person, other, reporter: decide_appeal(
        _appeal(case, other, reporter), state="rejected", answer="We looked again and it stands.", actor=person
    ),
    "claim by API": lambda case, person, other, reporter: _try_api(case, person, "claim", {}),
    "decide by API": lambda case, person, other, reporter: _try_api(
        case, person, "decisions", {"version": case.version, **CLEAR}
    ),
}


def _undone(act: Callable[[], None]) -> None:
    """Do it, and take all of it back: the next verb finds the case as it was."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


@pytest.mark.parametrize("relation", RELATIONS)
def test_nobody_works_on_what_concerns_them(relation, report, subject_of, partial, moderator, reporter):
    case = report(subject_of(relation))
    if relation == "own report":
        report(case.subject.target, by=partial)

    def refused(verb: str) -> None:
        row = Case.objects.get(pk=case.pk)
        with pytest.raises(Refused):
            VERBS[verb](row, partial, moderator, reporter)
        assert not Case.objects.filter(assignee=partial).exists(), verb
        assert not Decision.objects.filter(actor=partial).exists(), verb

    for verb in VERBS:
        _undone(partial_of(refused, verb))


def test_without_a_stake_all_of_it_works(report, subject_of, partial, moderator, reporter):
    """Else the refusals above would say nothing."""
    case = report(subject_of("nothing"))
    for verb in VERBS.values():
        _undone(partial_of(verb, Case.objects.get(pk=case.pk), partial, moderator, reporter))


@pytest.mark.parametrize("relation", RELATIONS)
def test_nothing_of_it_is_offered(relation, report, subject_of, partial, moderator):
    case = report(subject_of(relation))
    if relation == "own report":
        report(case.subject.target, by=partial)
        case.refresh_from_db()
    assert claim_next(actor=partial) is None
    verdict = Verdict("no_violation", None, (), CLEAR["explanation"])
    assert obstacles_of(case, case.version, verdict, partial)
    _waiting(case, moderator)
    assert list(to_confirm(partial)) == []


@pytest.mark.parametrize("relation", ["comment", "discussion", "repository", "person", "of organization", "own report"])
def test_nobody_lifts_what_concerns_them(relation, report, subject_of, partial, moderator):
    case = report(subject_of(relation))
    if relation == "own report":
        report(case.subject.target, by=partial)
    _decided(case, moderator)
    measure = Measure.objects.get()
    with pytest.raises(Refused):
        lift_measure(measure, reason="I find this too hard.", actor=partial)
    assert Measure.objects.standing().filter(pk=measure.pk).exists()


def test_a_measure_of_no_case_is_not_lifted_by_its_author_either(report, comment, moderator, author, clause):
    from moderation.sanctions.actions import impose
    from moderation.subjects.actions import subject_of

    make_moderator(author, actor=system_actor())
    measure = impose("hold", subject_of(comment), clause=clause("harassment"), reason="Held.", actor=moderator)
    with pytest.raises(Refused, match="your own content"):
        lift_measure(measure, reason="It is fine.", actor=User.objects.get(pk=author.pk))


# Whose repository, who wrote, what is reported, who reported: nobody of the team decides where one of them is theirs.
PLACES = ("own", "own organization", "somebody else's", "another organization's")
PARTS = [
    (place, kind, by_partial, reports)
    for place in PLACES
    for kind in ("repository", "discussion", "comment")
    for by_partial in ((False, True) if kind != "repository" else (False,))
    for reports in (False, True)
]


@pytest.mark.parametrize(("place", "kind", "by_partial", "reports"), PARTS)
def test_who_owns_what(
    place, kind, by_partial, reports, partial, moderator, owner, author, make_repository, report, sign_in
):
    holder: Any = {"own": partial, "somebody else's": owner}.get(place)
    if holder is None:
        holder = create_organization("some-lab", actor=owner)
        if place == "own organization":
            join_organization(partial, holder, role="read", actor=owner)
    repository = make_repository("theirs", owner=holder)
    writes = partial if by_partial else author
    opened = open_discussion(repository, title="Read this", text="You people are idiots.", actor=writes)
    target = {"repository": repository, "discussion": opened}.get(kind)
    target = target or add_comment(opened, text="You people are idiots.", actor=writes)
    case = report(target)
    if reports:
        report(target, by=partial)
    case.refresh_from_db()
    barred = reports or by_partial or place.startswith("own")
    verdict = Verdict("no_violation", None, (), CLEAR["explanation"])
    assert bool(obstacles_of(case, case.version, verdict, partial)) == barred
    page = sign_in(partial).get(case.get_absolute_url())
    seen = page.status_code == 200
    assert seen or barred
    if seen:
        html = page.content.decode()
        assert html.count("Somebody else has to decide about it.") == barred, "said once"
        assert html.count('id="barred"') == barred
        assert ('href="#barred"' in html) == barred
        for verb in ("hand-over", "snooze", "track", "parties"):
            assert (f'action="{case.get_absolute_url()}/{verb}"' in html) == (not barred), verb
    data = {"version": case.version, **CLEAR}
    tries: list[Callable[[], Any]] = [
        lambda: claim(case, actor=partial),
        lambda: decide(case, actor=partial, **data),
        lambda: _try_api(case, partial, "claim", {}),
        lambda: _try_api(case, partial, "decisions", data),
    ]
    for attempt in tries:
        _undone(partial_of(_refused if barred else _works, attempt))
    _undone(lambda: _offered(partial, is_offered=not barred))
    _undone(lambda: _in_the_database(case, moderator, partial, barred=barred))
    measure = _decided(case, moderator).measures.get()
    if seen:
        html = sign_in(partial).get(case.get_absolute_url()).content.decode()
        assert (f'action="{case.get_absolute_url()}/lift/{measure.public_id}"' in html) == (not barred)
        assert html.count('id="barred"') == barred
    if barred:
        with pytest.raises(Refused):
            lift_measure(measure, reason="I find this too hard.", actor=partial)
    else:
        lift_measure(measure, reason="I find this too hard.", actor=partial)


def _refused(attempt: Callable[[], Any]) -> None:
    with pytest.raises(Refused):
        attempt()


def _works(attempt: Callable[[], Any]) -> None:
    attempt()


def _offered(person: User, *, is_offered: bool) -> None:
    assert (claim_next(actor=person) is not None) == is_offered


def _in_the_database(case: Case, other: User, person: User, *, barred: bool) -> None:
    """Whatever an action says: a row with this person as who decided is refused."""
    said = Decision.objects.filter(pk=_decided(case, other).pk)
    if not barred:
        said.update(actor=person)
        return
    with pytest.raises(IntegrityError, match="case_decided_without_stake"), transaction.atomic():
        said.update(actor=person)


def test_tables_that_a_session_makes_for_itself_hide_nothing_from_the_guards(report, subject_of, partial, moderator):
    """PostgreSQL looks at temporary tables first, and the application may make some (verify_events does)."""
    case = report(subject_of("repository"))
    decision = _decided(case, moderator)
    with connection.cursor() as cursor:
        for table in ("cases_case", "cases_casereport", "repositories_repository", "cases_decision"):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {table}) ON COMMIT DROP")
    refused = pytest.raises(IntegrityError, match="case_decided_without_stake")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE public.cases_decision SET actor_id = %s WHERE id = %s", [partial.pk, decision.pk])


@pytest.mark.django_db
def test_every_guard_that_reads_tables_reads_ours():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype AND prosrc ~* '\\m(from|join)\\M'
            AND pronamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM unnest(proconfig) one WHERE one LIKE 'search_path=%, pg_temp')
        """)
        assert cursor.fetchall() == []


def test_an_appeal_about_something_in_an_own_repository(report, make_repository, partial, moderator, author, sign_in):
    discussion = open_discussion(make_repository("mine", owner=partial), title="Read", text="Idiots.", actor=author)
    case = report(discussion)
    appeal = file_appeal(_decided(case, moderator), text="Please look at this once more.", actor=author)
    about = Case.objects.get(kind="appeal")
    page = sign_in(partial).get(about.get_absolute_url(), follow=True)
    assert "This lies in a repository of yours" in page.content.decode()
    with pytest.raises(Refused, match="repository of yours"):
        decide_appeal(appeal, state="rejected", answer="We looked again and it stands.", actor=partial)
    with pytest.raises(IntegrityError, match="appeal_decided_without_stake"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            state="rejected", decided_by=partial, decided_at=clock.now(), answer="We looked again and it stands."
        )
