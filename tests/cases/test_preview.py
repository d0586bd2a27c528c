"""A decision before it is made: what everybody will read, from the composer of the letters; nothing is written (G1)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import join_organization
from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, claim, confirm_decision, decide
from moderation.cases.actions.orders import Verdict
from moderation.cases.models import Case, Confirmation, Decision, Event
from moderation.cases.previewing import preview_decision
from moderation.sanctions.measures import kinds_for
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.queries import subjects
from repositories.models import Restriction

WORDS = "You called people idiots and told them to shut up."


@pytest.fixture(autouse=True)
def _the_clock_stands(set_clock):
    """Times count from the preview: while the clock stands they are those of the letters, too."""
    from foundation import clock

    set_clock(clock.now())


def sent(key: str) -> dict[str, tuple[str, str]]:
    rows = InboxMessage.objects.filter(key__startswith=key).select_related("recipient")
    return {row.recipient.username: (row.subject, row.body) for row in rows}


def shown(letters) -> dict[str, tuple[str, str]]:
    return {one.person.username: (one.letter.subject, one.letter.body) for one in letters}


def verdict_for(clause, *orders, words=WORDS):
    return Verdict("violation", clause, list(orders), words)


def decide_so(case, verdict, actor):
    case.refresh_from_db()
    return decide(
        case, actor=actor, version=case.version, outcome=verdict.outcome, clause=verdict.clause,
        measures=verdict.measures, explanation=verdict.explanation, override="People are harmed by it right now.",
        insufficient="Nobody could answer in time.",
    )  # fmt: skip


@pytest.mark.parametrize("about", ["comment", "discussion", "repository"])
def test_it_is_what_everybody_gets_whatever_is_decided(
    request, about, report, moderator, other_moderator, clause, author, owner
):
    """Every measure that fits, one after the other: the letters of the preview are those that are sent."""
    target = request.getfixturevalue(about)
    for person, zone in ((author, "Asia/Bangkok"), (owner, "America/Lima")):
        person.language, person.time_zone = "th", zone
        person.save()
    case = report(target, "malware")
    subject = subjects().get(pk=case.subject_id)
    ordered = [
        MeasureOrder(kind.code, consequences=tuple(map(str, kind.consequences_for(subject)))) if kind.brings
        else MeasureOrder(kind.code)
        for kind in kinds_for(subject) if kind.undoable
    ]  # fmt: skip
    for order in ordered:
        verdict = verdict_for(clause("malware"), order)
        before = InboxMessage.objects.count()
        found = preview_decision(Case.objects.get(pk=case.pk), verdict, actor=moderator)
        assert InboxMessage.objects.count() == before
        InboxMessage.objects.all().delete()
        decide_so(case, verdict, moderator)
        assert shown(found.notices) == sent("holds:")
        if waiting := Confirmation.objects.filter(state="waiting").first():
            assert found.guard is not None
            assert not sent("statement:")
            confirm_decision(waiting, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
        assert shown(found.statements) == sent("statement:") != {}
        assert {body for _name, (_subject, body) in shown(found.reporters).items()} == {
            body for _subject, body in sent("outcome:").values()
        }
        StatementOfReasons.objects.all().delete()
        case = report(target, "malware")


def test_each_admin_reads_it_in_their_language(
    report, make_repository, organization, owner, make_user, moderator, clause
):
    thai = make_user("somchai", language="th", time_zone="Asia/Bangkok")
    join_organization(thai, organization, role="admin", actor=owner)
    case = report(make_repository("ours", owner=organization, actor=owner), "spam")
    verdict = verdict_for(clause("spam"), MeasureOrder("downgrade", lasts=timedelta(hours=24)))
    found = preview_decision(case, verdict, actor=moderator)
    decide_so(case, verdict, moderator)
    assert shown(found.statements) == sent("statement:")
    assert {one.language for one in found.statements} == {"English", "Thai"}


def test_what_a_rule_did_is_shown_as_it_will_stand(report, comment, moderator, clause):
    from accounts.queries import system_actor

    case = report(comment)
    decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="Three people reported it.", interim=True,
    )  # fmt: skip
    case.refresh_from_db()
    InboxMessage.objects.all().delete()
    verdict = verdict_for(clause("harassment"), MeasureOrder("friendly_warning"), MeasureOrder("posting_ban"))
    found = preview_decision(case, verdict, actor=moderator)
    decide_so(case, verdict, moderator)
    assert shown(found.statements) == sent("statement:") != {}
    assert Measure.objects.filter(kind="posting_ban").count() == 1


# The page -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, moderator) -> Client:
    return sign_in(moderator)


def address(case: Case) -> str:
    return f"{case.get_absolute_url()}/preview"


def nothing_was_decided(case: Case) -> bool:
    events = set(Event.objects.filter(case=case).values_list("kind", flat=True))
    return not (events & {"case.decided", "case.acted_on"} or Decision.objects.exists() or Measure.objects.exists())


def test_the_page_shows_it_without_javascript(desk, case, moderator, decide_form, author):
    claim(case, actor=moderator)
    case.refresh_from_db()
    answer = desk.post(address(case), decide_form(case, measures=["posting_ban"]))
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "What they will read", author.username, "Our decision about your comment in", "What it covers: your account",
        "you can contest this until", "certified body that settles disputes", "What became of your report", WORDS,
    ):  # fmt: skip
        assert words in text
    assert text.count("<html") == 1
    assert nothing_was_decided(case)


def test_htmx_gets_the_part_below_the_form(desk, case, decide_form, django_assert_max_num_queries):
    with django_assert_max_num_queries(28):
        answer = desk.post(address(case), decide_form(case), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "What they will read" in text
    assert "<html" not in text
    assert "This is a friendly warning" in text
    assert nothing_was_decided(case)


def test_no_violation_shows_what_reporters_hear(desk, case, decide_form):
    form = decide_form(case, outcome="no_violation", clause="", measures=[])
    text = desk.post(address(case), form, headers={"HX-Request": "true"}).content.decode()
    assert "decided that it does not break our rules" in text
    assert "Nobody gets a statement of reasons" in text


def test_after_says_what_goes_out_at_once(desk, report, repository, decide_form):
    case = report(repository, "malware")
    form = decide_form(case, clause="malware", measures=["disable"])
    text = desk.post(address(case), form, headers={"HX-Request": "true"}).content.decode()
    assert "At once, while a second moderator looks" in text
    assert "the reasons go out once a second moderator confirms it" in text
    assert not Restriction.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_cannot_be_read_is_said(desk, case, decide_form, headers):
    answer = desk.post(address(case), decide_form(case, explanation="short", measures=[]), headers=headers)
    assert answer.status_code == 422
    assert "Explain the decision in a sentence" in answer.content.decode()
    assert "What they will read</h3>" not in answer.content.decode()
    answer = desk.post(address(case), decide_form(case, measures=[]), headers=headers)
    assert answer.status_code == 422
    assert "A violation needs a clause and at least one measure" in answer.content.decode()


def test_others_do_not_reach_it(client, sign_in, author, reporter, case, decide_form):
    assert client.post(address(case), decide_form(case)).status_code == 302
    for person in (author, reporter):
        assert sign_in(person).post(address(case), decide_form(case)).status_code == 404


# Programs -----------------------------------------------------------------------------------------------------------


def test_programs_read_the_same(desk, case, author, moderator, clause):
    asked = {
        "outcome": "violation",
        "clause": "harassment",
        "measures": [{"kind": "posting_ban"}],
        "explanation": WORDS,
    }
    answer = desk.post(f"/api/v1/cases/{case.public_id}/preview", asked, content_type="application/json")
    found = answer.json()
    assert answer.status_code == 200
    assert [(one["recipient"], one["language"]) for one in found["statements"]] == [("quentin", "en")]
    assert (found["second"], found["notices"], [one["count"] for one in found["reporters"]]) == (None, [], [1])
    assert nothing_was_decided(case)
    decide_so(case, verdict_for(clause("harassment"), MeasureOrder("posting_ban")), moderator)
    assert InboxMessage.objects.get(recipient=author).body == found["statements"][0]["body"]
    again = desk.post(f"/api/v1/cases/{case.public_id}/preview", asked, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "decided")


def test_only_programs_of_the_team(sign_in, reporter, case):
    asked = {"outcome": "no_violation", "explanation": "A blunt but fair question."}
    address = f"/api/v1/cases/{case.public_id}/preview"
    assert sign_in(reporter).post(address, asked, content_type="application/json").status_code == 403


def test_the_conditions_under_which_it_stays_are_shown(report, make_repository, owner, moderator, clause, monkeypatch):
    """The letter about a condition is the one that is sent."""
    from moderation.cases.actions import standing

    monkeypatch.setattr(standing, "is_kept", lambda code, chosen: True)
    case = report(make_repository("gated-one"), "spam")
    verdict = Verdict("violation", clause("spam"), [MeasureOrder("friendly_warning")], WORDS, conditions=("gated",))
    found = preview_decision(case, verdict, actor=moderator)
    case.refresh_from_db()
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"),
        measures=verdict.measures, explanation=WORDS, conditions=("gated",),
    )  # fmt: skip
    rows = InboxMessage.objects.filter(recipient=owner, key__startswith="condition")
    assert (
        [(one.letter.subject, one.letter.body) for one in found.conditions]
        == list(rows.values_list("subject", "body"))
        != []
    )


@pytest.mark.parametrize("outcome", ["no_violation", "violation"])
def test_what_ends_by_it_is_shown_too(outcome, report, comment, moderator, clause):
    """A lane held it: whatever we decide instead of that, its author reads that it holds no more."""
    case = report(comment, "children-data")
    before = set(InboxMessage.objects.values_list("pk", flat=True))
    kind = [MeasureOrder("friendly_warning")] if outcome == "violation" else []
    verdict = Verdict(outcome, clause("children-data") if kind else None, kind, "We looked at all of it.")
    preview = preview_decision(case, verdict, actor=moderator)
    decide_so(case, verdict, moderator)
    parts = (preview.statements, preview.conditions, preview.notices, preview.lifted, preview.reporters)
    promised = {one.person.pk for part in parts for one in part}
    letters = InboxMessage.objects.exclude(pk__in=before)
    assert set(letters.values_list("recipient", flat=True)) == promised
    assert shown(preview.lifted) == sent("lifted:") != {}
