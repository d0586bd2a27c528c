"""Nothing that people outside, or of the team without the permission, get or measure tells a score (H6, I2)."""

import re
import uuid
from difflib import unified_diff
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.mail import send_due_mail
from accounts.models import InboxMessage, User
from classifiers.terms.matching import Terms
from classifiers.text import LabelScore, TextClassifier
from foundation import clock
from moderation.automation.models import Rule, RuleRun
from moderation.automation.rules import evaluate_rules
from moderation.cases.actions.notes import add_note
from moderation.cases.models import Case, Event
from moderation.cases.priority import update_priority
from moderation.cases.queries import latest_event
from moderation.sanctions.models import StatementOfReasons
from moderation.scoring.actions import revision_of, save_scores
from moderation.scoring.models import Score, TermList
from moderation.subjects.models import Snapshot
from tests.api.conftest import program
from tests.cases.conftest import PROVENANCE, case
from tests.conftest import concurrent
from tests.events import Line, events_thread

__all__ = ["case", "program"]

# As long as each other: one says nothing, one holds a term of a list, one is what the default model knows.
FINE = "Thank you all, this is so very helpful."
TERM = "Thank you all, zyzzyvas is very helpful."[: len(FINE)]
RUDE = "You are all so stupid, shut up, idiots."
assert len(FINE) == len(TERM) == len(RUDE)
# Digits that nothing else has: of the score, of both thresholds, and of what a rule compares it with.
VALUE, THRESHOLD, CONFIDENT = 0.8642137, 0.5731846, 0.7913582
SECRET = re.compile(r"(?<!\w)(?:0[.,](?:86|57|79)|(?:86[.,]4|57[.,]3|79[.,]1)\d*\s*%)|zyzzyvas")
VARIED = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.+]+Z?|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# What differs between any two answers: ids, moments, what is drawn at random for one answer.
VARIES = re.compile(
    r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|nonce-[\w+/=]+|nonce=\"[^\"]+\"|"
    r"X-CSRFToken\": \"\w+|csrfmiddlewaretoken\" value=\"\w+\"|\d{4}-\d\d-\d\d[T ][\d:.+]+Z?|[0-9a-f]{24}|\d+"
)
LITERAL = re.compile(r"'(?:[^']|'')*'|\"s\d+_x\d+\"|\b\d+\b")


def told(body: str) -> list[str]:
    """What of the secrets is in it; moments and ids hold all kinds of numbers."""
    return SECRET.findall(VARIED.sub("", body))


def say(case: Case, value: float, label: str = "toxicity") -> None:
    """A classifier says it of everything that was reported, in place of what it said before."""
    snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
    Score.objects.filter(snapshot__in=snapshots).delete()
    one = LabelScore(label, value, THRESHOLD, CONFIDENT, 0, 5)
    revision = revision_of(PROVENANCE, "text@1")
    save_scores(snapshots, [[one]] * len(snapshots), revision=revision, milliseconds=1.5)
    update_priority(Case.objects.get(pk=case.pk), clock.now())


@pytest.fixture
def without(moderator: User) -> User:
    """A moderator who may not see thresholds."""
    Group.objects.get(name="Moderators").permissions.remove(Permission.objects.get(codename="see_thresholds"))
    return User.objects.get(pk=moderator.pk)


@pytest.fixture
def acted_on(live, report, comment, voices) -> Case:
    """A case that a rule acted on by itself, because of a score and three reports."""
    TermList.objects.create(name="Secret", label="toxicity").terms.create(text="zyzzyvas")
    case = [report(comment, by=person) for person in voices][-1]
    say(case, VALUE)
    evaluate_rules()
    assert RuleRun.objects.get().decision is not None
    return Case.objects.get(pk=case.pk)


# What can be measured: statements, headers and bodies.


class Measured:
    """What an answer shows but for what differs between any two, and the statements that it took."""

    def __init__(
        self, answer: HttpResponseBase, queries: CaptureQueriesContext, *said: str, exact: bool = False
    ) -> None:
        self.status = answer.status_code
        self.size = [answer.headers.get("Content-Length"), answer.headers.get("ETag")] if exact else []
        body = answer.content.decode() if hasattr(answer, "content") else ""
        for one in said:
            body = body.replace(one, "…")
        headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "ETag")}
        self.headers = VARIES.sub("…", repr(sorted(headers.items())))
        self.body = VARIES.sub("…", body)
        self.statements = [LITERAL.sub("?", one["sql"]) for one in queries.captured_queries]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measured) and self.lines == other.lines

    def __hash__(self) -> int:
        return hash(tuple(self.lines))

    @property
    def lines(self) -> list[str]:
        return [str(self.status), str(self.size), self.headers, *self.body.splitlines(), *self.statements]


def differences(one: Measured, other: Measured) -> list[str]:
    """The lines that one of them has and the other has not."""
    return list(unified_diff(one.lines, other.lines, "one", "other", n=0, lineterm=""))


def _by_page(client: Client, comment: Any, text: str) -> HttpResponseBase:
    return client.post(f"{comment.discussion.get_absolute_url()}/comment", {"text": text, "request_id": uuid.uuid4()})


def _preview(client: Client, comment: Any, text: str) -> HttpResponseBase:
    sent = {"text": text, "preview": "1", "request_id": uuid.uuid4()}
    return client.post(f"{comment.discussion.get_absolute_url()}/comment", sent)


def _by_program(client: Any, comment: Any, text: str) -> HttpResponseBase:
    return client.post(f"/api/v1/discussions/{comment.discussion.public_id}/comments", {"text": text})


def _edit(client: Any, comment: Any, text: str) -> HttpResponseBase:
    return client.patch(f"/api/v1/comments/{comment.public_id}", {"text": text})


def _by_hub_client(client: Any, comment: Any, text: str) -> HttpResponseBase:
    home = comment.discussion.repository
    address = f"/api/models/{home.full_name}/discussions/{comment.discussion.number}/comment"
    return client.post(address, {"comment": text})


@pytest.mark.parametrize("way", [_by_page, _preview, _by_program, _edit, _by_hub_client])
def test_writing_is_the_same_request_whatever_is_written(way, comment, author, sign_in, program, monkeypatch):
    TermList.objects.create(name="Secret", label="toxicity").terms.create(text="zyzzyvas")

    def looks(*of: Any) -> None:
        raise AssertionError("a request asks a classifier")

    monkeypatch.setattr(Terms, "find", looks)
    monkeypatch.setattr(TextClassifier, "read", looks)
    client = sign_in(author) if way in (_by_page, _preview) else program(author, "write")
    way(client, comment, "The first one, which fills what is kept.")
    seen = []
    for text in (FINE, TERM, RUDE):
        with CaptureQueriesContext(connection) as queries:
            answer = way(client, comment, text)
        assert answer.status_code in (200, 201, 302, 303)
        seen.append(Measured(answer, queries, text))
    assert differences(seen[0], seen[1]) == []
    assert differences(seen[0], seen[2]) == []


def test_reporting_is_the_same_request_whatever_was_scored(live, report, written, voices, program):
    """Neither how high a score is shows, nor that this is the report with which a rule acts: it does so later."""
    client = program(voices[0], "write")
    seen, acts = [], []
    for value in (0.01, 0.01, 0.99):  # the first fills what is kept
        comment = written(FINE)
        for person in voices[1:]:
            case = report(comment, by=person)
        say(case, value)
        sent = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "harassment", "text": "Look."}
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/api/v1/reports", sent)
        assert answer.status_code == 201, answer.content
        with CaptureQueriesContext(connection) as reading:
            again = client.get(f"/api/v1/reports/{answer.json()['id']}")
        seen.append((Measured(answer, queries), Measured(again, reading)))
        acts.append(RuleRun.objects.count())
    assert differences(seen[1][0], seen[2][0]) == []
    assert differences(seen[1][1], seen[2][1]) == []
    evaluate_rules()
    assert (acts, RuleRun.objects.count()) == ([0, 0, 0], 1)


def test_what_people_outside_read_does_not_change_with_the_score(report, comment, author, reporter, owner, sign_in):
    case = report(comment)
    home = comment.discussion.repository
    addresses = [comment.discussion.get_absolute_url(), home.get_absolute_url(), author.get_absolute_url()]
    addresses += [f"{home.get_absolute_url()}/moderation", "/transparency", "/transparency.json"]
    own = ["/inbox", "/reports", "/standing", f"/reports/{case.case_reports.get().report.public_id}"]
    people = [(Client(), []), *((sign_in(one), own) for one in (author, reporter, owner))]

    def look() -> list[Measured]:
        seen = []
        for client, more in people:
            for address in addresses + more:
                with CaptureQueriesContext(connection) as queries:
                    seen.append(Measured(client.get(address), queries, exact=True))
        return seen

    look()  # fills what is kept
    say(case, 0.01)
    low = look()
    say(case, 0.999)
    assert [differences(one, other) for one, other in zip(low, look(), strict=True) if one != other] == []
    assert sum(one.status == 200 for one in low) > 20


# What is told: pages, answers, letters, mails, events.


def test_an_act_of_a_rule_names_no_number_to_those_whom_it_concerns(acted_on, author, voices):
    send_due_mail()
    [statement] = StatementOfReasons.objects.filter(recipient=author)
    letters = "\n".join(f"{one.subject} {one.body}" for one in InboxMessage.objects.all())
    mails = "\n".join(f"{one.message().as_string()} {one.body}" for one in mail.outbox)
    assert statement.automated_decision
    assert author.email in {address for one in mail.outbox for address in one.to}
    for words in (letters, mails, repr(vars(statement))):
        assert words
        assert told(words) == []


def _routes(patterns: Any, before: str = "/") -> list[str]:
    """Every address of the site with the names of its parts."""
    found = []
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += [] if route.startswith("/admin/") else _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            found.append(route)
    return found


def _addresses(case: Case) -> list[str]:
    """Every address that needs no more than is known of this case."""
    snapshot, decision = case.subject.snapshots.get(), case.decisions.get()
    person = case.subject.author
    known: dict[str, Any] = {
        "case_id": case, "decision_id": decision, "measure_id": decision.measures.get(), "person_id": person,
        "rule_id": Rule.objects.get(code="toxic-comment"), "report_id": case.case_reports.first().report,
        "statement_id": StatementOfReasons.objects.get(recipient=person), "comment_id": case.subject.comment,
        "discussion_id": case.subject.comment.discussion, "repository_id": case.subject.home,
    }  # fmt: skip
    values = {name: str(row.public_id) for name, row in known.items()}
    values |= {"snapshot_id": str(snapshot.pk), "code": "text@1", "label": "toxicity", "username": person.username}
    values |= {"address": f"models/{case.subject.home.full_name}"}
    values |= {"number": str(case.subject.comment.discussion.number)}
    found = []
    for route in _routes(get_resolver().url_patterns):
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if set(parts) <= set(values) and not re.search(r"[\\^$()]", route):
            found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], route))
    return found


@pytest.mark.parametrize("who", ["without", "author", "reporter", "owner", "nobody"])
def test_no_address_of_the_site_tells_a_number(who, acted_on, without, author, voices, owner, sign_in, program):
    """Whatever the address answers: a page, a file, an error, a header."""
    person = {"without": without, "author": author, "reporter": voices[0], "owner": owner, "nobody": None}[who]
    page = sign_in(person) if person else Client()
    api = program(person, "moderate" if who == "without" else "write") if person else Client()
    page.raise_request_exception = api.raise_request_exception = False
    addresses = _addresses(acted_on)
    assert len(addresses) > 120
    worked = 0
    for address in addresses:
        answer = (api if address.startswith("/api/") else page).get(address)
        body = answer.getvalue().decode(errors="replace")
        worked += answer.status_code == 200
        assert answer.status_code < 500, address
        assert (address, told(body + repr(answer.headers))) == (address, [])
    assert worked > {"without": 90, "nobody": 15}.get(who, 30)


@pytest.mark.parametrize("who", ["without", "reporter"])
def test_what_is_refused_is_refused_without_numbers(who, acted_on, without, voices, program):
    """A rule with another number is what somebody would try to find out by."""
    rule = Rule.objects.get(code="toxic-comment")
    client = program(*{"without": (without, "moderate"), "reporter": (voices[0], "write")}[who])
    conditions = {"match": "all", "groups": [{"match": "all", "conditions": [
        {"kind": "score", "label": "toxicity", "operator": ">=", "value": 0.5}]}]}  # fmt: skip
    for send, path, sent in (
        (client.post, f"rules/{rule.public_id}/backtests", {"days": 30}),
        (client.post, f"rules/{rule.public_id}/backtests", {"conditions": conditions}),
        (client.post, "rules", {"code": "mine", "conditions": conditions}),
        (client.put, f"rules/{rule.public_id}/mode", {"mode": "live"}),
        (client.put, f"rules/{rule.public_id}/mode", {"mode": "x"}),
        (client.get, "cases?min_score=0.5&ordering=-best_value&score__gte=0.8", None),
        (client.get, "classifiers/text@1/labels/toxicity?precision=0.9", None),
    ):
        answer = send(f"/api/v1/{path}", sent) if sent else send(f"/api/v1/{path}")
        assert answer.status_code < 500
        assert (path, told(answer.content.decode())) == (path, [])


def test_the_events_of_a_case_hold_no_number(acted_on):
    """They are for ever, and whoever checks the audit reads them."""
    rows = Event.objects.filter(case=acted_on)
    assert rows.filter(kind__contains="decided").exists() or rows.count() > 2
    assert told("\n".join(repr(one.data) for one in rows)) == []


def test_without_the_permission_labels_come_in_no_order_of_their_scores(report, comment, without, sign_in, program):
    case = report(comment)
    [snapshot] = case.subject.snapshots.all()
    seen = []
    for values in ({"toxicity": 0.7, "hate": 0.6}, {"toxicity": 0.6, "hate": 0.7}):
        scores = [LabelScore(label, value, 0.5, 0.8, 0, 5) for label, value in values.items()]
        Score.objects.all().delete()
        save_scores([snapshot], [scores], revision=revision_of(PROVENANCE, "text@1"), milliseconds=1.5)
        page = sign_in(without).get(case.get_absolute_url()).content.decode()
        found = program(without, "moderate").get(f"/api/v1/cases/{case.public_id}/evidence").json()["evidence"]
        rows = re.findall(r'class="state \w+"[^>]*>\s*(toxicity|hate)\b', page.partition("scores")[2])
        seen.append((rows, [one["label"] for one in found["scores"]]))
    assert seen[0] == seen[1]
    assert set(seen[0][1]) == {"toxicity", "hate"}


@concurrent
def test_open_pages_hear_that_something_happened_and_nothing_of_a_score(case, without, moderator, reporter, sign_in):
    with events_thread() as (_application, port):
        line = Line(port, sign_in(without), f"?case={case.public_id}&version={case.version}")
        stranger = Line(port, sign_in(reporter))
        assert stranger.answer.status == 404
        stranger.close()
        queue = Line(port, sign_in(without))
        assert queue.hear() == ("cases", str(latest_event()))
        say(case, 0.01)
        say(case, 0.999)
        add_note(Case.objects.get(pk=case.pk), text="I looked.", actor=moderator)
        # Neither page heard of the scores: the first thing is the note, by its number and the case's id.
        assert queue.hear() == ("cases", str(latest_event()))
        assert line.hear() == ("case", str(case.public_id))
        line.close()
        queue.close()
