"""The administration says where things stand, and nothing of what was written, why, or whom it concerns (C1, C9, F1).

Every page of every model of ours is opened by a superuser, with words in every text of every row, and people whose
names give them away: its list, what a search for these words finds, and of rows their page, history and deletion.
"""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin as administration
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from accounts.actions import create_token, guest_for
from accounts.models import NameReset
from accounts.queries import system_actor
from community.actions import add_comment
from community.models import Block, Comment, CommentVersion, Hiding, TabSettings
from moderation.appeals.actions import file_appeal
from moderation.appeals.models import AppealLimit, AppealMessage
from moderation.automation.models import Backtest, Finding, Rule, RuleRun, RuleSwitch
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Deadline, Formula
from moderation.intake.claims import file_claim
from moderation.reports.actions.claims import Particulars
from moderation.reports.models import CounterStatement, PreservedFile, ReportingLimit
from moderation.sanctions.models import StandingCondition
from moderation.scoring.models import ScoreRequest
from moderation.subjects.models import Erasure, LegalHold, Quarantine, Snapshot
from repositories.models import AccessRequest, Inspection, OwnerRequest, Restriction
from tests.reports.steps import reported

WORDS, REPORTER, GUEST, SANCTIONED = "zanzibar", "whistler", "wanderer", "scolded"
ROOMS = ("accounts", "community", "moderation", "repositories")
# What administrators write themselves, what everybody can read, and what owners are shown.
WRITTEN_HERE = {
    "accounts.Namespace", "accounts.Organization", "accounts.Token", "accounts.User", "automation.Rule",
    "cases.Formula", "community.Comment", "community.CommentVersion", "community.Discussion", "policy.Clause",
    "policy.GuardedMeasure",
    "policy.Lane", "policy.PolicyVersion", "repositories.Inspection", "reports.TrustedFlagger", "scoring.Classifier",
    "scoring.ClassifierLabel", "scoring.ClassifierRevision", "scoring.HashList", "scoring.KnownHash", "scoring.Term",
    "scoring.TermList",
}  # fmt: skip
# Codes, ids and hashes; names of repositories; and what mail servers said, which is what the page is for.
NO_WORDS = {
    ("accounts.MailDelivery", "first_error"), ("accounts.MailDelivery", "last_error"), ("accounts.NameReset", "given"),
    ("cases.Case", "best_label"), ("cases.Case", "subject_kind"), ("repositories.Repository", "head"),
    ("repositories.Repository", "name"), ("scoring.Score", "label"), ("scoring.ScoreRequest", "classifier"),
    ("subjects.Snapshot", "part"), ("subjects.Snapshot", "revision"),
}  # fmt: skip
# Where an account is named as one: on its own pages, as whoever got a letter, and beside what it wrote in public.
NAMES = {
    "accounts.InboxMessage", "accounts.MailDelivery", "accounts.Namespace", "accounts.User", "account.EmailAddress",
    "community.Comment",
}  # fmt: skip


@pytest.fixture
def history(repository, discussion, make_user, make_repository, owner, moderator, clause, organization, admin, score):
    """At least one row of each model that has pages in the administration."""
    reporter, sanctioned, system = make_user(REPORTER), make_user(SANCTIONED), system_actor()
    guest = guest_for("guest@letters.example", GUEST, "en", confirmed=True)
    comment = add_comment(discussion, text=f"You are all idiots in {WORDS}.", actor=sanctioned)
    report = reported(comment, reporter)
    reported(repository, guest)
    case = Case.objects.order_by("pk")[0]
    score(case)
    decision = decide(
        case, actor=moderator, version=Case.objects.get(pk=case.pk).version, outcome="violation",
        clause=clause("harassment"), measures=[MeasureOrder("posting_ban")], explanation="You insulted somebody here.",
    )  # fmt: skip
    appeal = file_appeal(decision, text="I quoted somebody else.", actor=sanctioned)
    AppealMessage.objects.create(appeal=appeal, author=sanctioned, from_team=False, text=WORDS)
    particulars = Particulars("copyright", "My novel")
    claim = file_claim(make_repository("copied"), particulars, request_id=uuid.uuid4(), actor=reporter).claim
    Comment.objects.filter(pk=comment.pk).update(hidden=True, text="")
    soon, about, who = timezone.now() + timedelta(days=3), {"subject": report.subject}, {"person": reporter}
    quarantine = Quarantine.objects.create(snapshot=report.snapshot, due_at=soon, ciphertext=b"x", key=b"x")
    rule, limit = Rule.objects.all()[0], {"per_day": 1, "ends_at": soon}
    states = {"good_faith": True, "jurisdiction": True}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (Hiding, {"comment": comment, "side": Hiding.Side.HOLD, "actor": system}),
        (CounterStatement, {"claim": claim, "author": owner, "restore_at": soon, **states}),
        (PreservedFile, {"quarantine": quarantine, "size": 1, "key": b"x"}),
        (ReportingLimit, who | limit),
        (AppealLimit, who | limit),
        (StandingCondition, about | {"condition": "gated", "clause": clause("spam"), "actor": moderator,
                                     "decision_id": decision.public_id}),
        (Restriction, {"repository": repository, "kind": "downgraded", "ends_at": soon}),
        (OwnerRequest, {"repository": repository, "condition": "gated", "until": soon}),
        (AccessRequest, {"repository": repository, "user": owner, "answers": [{"label": "Why", "value": WORDS}]}),
        (Inspection, {"repository": repository, "moderator": moderator, "reason": "We looked.", "ends_at": soon}),
        (LegalHold, about | {"placed_by": admin}),
        (Erasure, about | {"paths": [WORDS]}),
        (Deadline, {"case": case, "kind": Deadline.Kind.DECIDE, "due_at": soon}),
        (Finding, {"kind": "links", "comment": comment, "count": 3, "report": report}),
        (RuleRun, {"rule": rule, "case": case, "snapshot": report.snapshot, "mode": "shadow", "facts": {"is": WORDS}}),
        (RuleSwitch, {"rule": rule, "mode": "shadow", "reason": "person", "actor": admin}),
        (Backtest, {"rule": rule, "definition": {}, "actor": admin}),
        (ScoreRequest, {"snapshot": report.snapshot, "classifier": "text@2"}),
        (Formula, {"version": 99, "weights": {}, "actor": admin}),
        (NameReset, {"namespace": sanctioned.namespace, "former": WORDS, "given": "user-1"}),
        (Block, {"namespace": repository.namespace, "user": owner, "actor": owner, "note": WORDS}),
        (TabSettings, {"repository": repository, "changed_by": owner}),
    ]  # fmt: skip
    for model, values in rows:
        if not model.objects.exists():
            model.objects.create(**values)
    create_token(owner, scope="read", actor=owner)
    _write_words()
    Snapshot.objects.update(part=f"file:{WORDS}")
    assert CommentVersion.objects.filter(text__contains=WORDS).exists()
    return case


def _write_words() -> None:
    """Put words into every text that is not written here; where the database refuses, none could stand there."""
    for model in apps.get_models():
        label = model._meta.label
        if not model.__module__.startswith(ROOMS) or label in WRITTEN_HERE:
            continue
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField)
            if not text or field.choices or field.primary_key or (label, field.name) in NO_WORDS:
                continue
            words = Concat(Value(f"{WORDS} "), Cast("pk", models.TextField()), output_field=models.TextField())
            try:
                with transaction.atomic():
                    model._default_manager.update(**{field.attname: words})
            except DatabaseError:
                continue


def _pages() -> Iterator[tuple[Any, Any]]:
    for model, pages in list(administration.site._registry.items()):
        if model.__module__.startswith(ROOMS):
            yield model, pages


def test_no_page_of_the_administration_says_more_than_where_things_stand(sign_in, admin, history):
    client, wrong, empty = sign_in(admin), [], []
    for model, pages in _pages():
        options = model._meta
        secrets = {WORDS, GUEST} | (set() if options.label in NAMES else {REPORTER, SANCTIONED})
        place = f"admin:{options.app_label}_{options.model_name}"
        listed = reverse(f"{place}_changelist")
        keys = list(model._default_manager.values_list("pk", flat=True)[:20])
        if not keys:
            empty.append(options.label)
        asked = [listed] + [reverse(f"{place}_{page}", args=[key]) for key in keys for page in ("change", "history")]
        asked += [reverse(f"{place}_delete", args=[key]) for key in keys[:3]]
        for address in asked:
            answer = client.get(address)
            assert answer.status_code in (200, 302, 403), (address, answer.status_code)
            text = answer.content.decode().casefold()
            wrong += [f"{address}: {secret}" for secret in secrets if secret in text]
        if pages.get_search_fields(None):
            for secret in secrets:
                found = client.get(listed, {"q": secret})
                if found.status_code == 200 and found.context["cl"].result_count:
                    wrong.append(f"{listed}?q={secret} finds it")
    assert not wrong, "\n".join(wrong)
    # A page with nothing on it was not looked at.
    assert set(empty) <= WRITTEN_HERE
