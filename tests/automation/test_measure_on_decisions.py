"""Decisions as labels: what they say of scores, and what counts as the last word (H9)."""

import numpy as np
import pytest
from django.urls import reverse

from classifiers.text import LabelScore
from community.actions import add_comment
from foundation import clock
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.automation.quality.figures import calibration, measured, suggest
from moderation.automation.quality.labels import labels, recent_cases
from moderation.automation.quality.own import own_labels
from moderation.cases.actions import decide, reopen
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.scoring.actions import revision_of, save_scores
from moderation.scoring.models import Classifier, ClassifierLabel
from moderation.subjects.models import Snapshot
from tests.api.conftest import program
from tests.cases.conftest import PROVENANCE, report
from tests.reports.steps import decided

__all__ = ["program", "report"]

CODE = "text@1"


@pytest.fixture
def classifier(db) -> Classifier:
    return Classifier.objects.create(name="text", kind="text", engine="encoder-head", state="active")


@pytest.fixture
def scored(report, discussion, author, classifier):
    """scored(0.9): a comment was reported and scored; its case."""

    def make(value: float, label: str = "toxicity", code: str = CODE) -> Case:
        comment = add_comment(discussion, text=f"You are number {Snapshot.objects.count()}.", actor=author)
        case = report(comment)
        say(case, value, label, code)
        return case

    return make


def say(case: Case, value: float, label: str = "toxicity", code: str = CODE) -> None:
    snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
    one = LabelScore(label, value, threshold=0.5, confident_threshold=0.8, start=0, end=5)
    save_scores(snapshots, [[one]] * len(snapshots), revision=revision_of(PROVENANCE, code), milliseconds=1)


def last_words() -> list[tuple[bool, str]]:
    return [(one.positive, one.agreement.value) for one in labels(CODE)]


def test_a_decision_is_a_label(scored, moderator):
    case = scored(0.9)
    assert labels(CODE) == []
    decided(case, moderator, "friendly_warning")
    [one] = labels(CODE)
    assert (one.case, one.violation, one.positive, one.clause) == (case.public_id, True, True, "harassment")
    assert (one.decided_by, one.value, one.label, one.agreement.value) == ("mira", 0.9, "toxicity", "stands")


def test_decided_texts_are_labelled_for_a_head_each_once_and_none_that_is_gone(scored, moderator, classifier):
    cases = [scored(value) for value in (0.9, 0.2, 0.6)]
    decided(cases[0], moderator, "friendly_warning")
    decided(cases[1], moderator)
    decided(cases[2], moderator)
    first, second, third = (Snapshot.objects.get(reports__case_report__case=one) for one in cases)
    # The same words as the first, decided otherwise and later; and words that were locked away.
    Snapshot.objects.filter(pk=second.pk).update(text=first.text.upper())
    found = own_labels(classifier)
    assert [(one.text.casefold(), one.truth) for one in found] == [
        (first.text.casefold(), {"toxicity": False}), (third.text.casefold(), {"toxicity": False})
    ]  # fmt: skip
    assert {one.group for one in found} == {first.author_name}
    Snapshot.objects.filter(pk=third.pk).update(sealed=True)
    assert len(own_labels(classifier)) == 1


def test_no_violation_is_one_too(scored, moderator):
    decided(scored(0.9), moderator)
    assert last_words() == [(False, "stands")]


def test_what_was_taken_back_or_reopened_says_nothing(scored, moderator, other_moderator):
    first, second = scored(0.9), scored(0.2)
    undo_decision(decided(first, moderator, "friendly_warning"), actor=moderator, reason="I mistook the thread.")
    decided(second, moderator)
    second.refresh_from_db()
    reopen(second, actor=other_moderator, reason="It was quoted elsewhere.")
    assert labels(CODE) == []
    decided(second, moderator, "friendly_warning")
    assert last_words() == [(True, "stands")]


def test_what_an_appeal_overturned_is_no_violation(scored, moderator, other_moderator, author):
    decision = decided(scored(0.9), moderator, "posting_ban")
    appeal = file_appeal(decision, text="It was a quotation.", actor=author)
    assert last_words() == [(True, "stands")]
    decide_appeal(appeal, state="upheld", answer="You were right, it was one.", actor=other_moderator)
    assert last_words() == [(False, "overturned")]


def test_what_an_appeal_confirmed_says_so(scored, moderator, other_moderator, author):
    decision = decided(scored(0.9), moderator, "posting_ban")
    appeal = file_appeal(decision, text="It was a quotation.", actor=author)
    decide_appeal(appeal, state="rejected", answer="It was no quotation at all.", actor=other_moderator)
    assert last_words() == [(True, "upheld")]


def test_what_a_rule_did_is_no_label(scored, moderator):
    from accounts.queries import system_actor
    from moderation.cases.actions import MeasureOrder

    case = scored(0.9)
    decide(
        case,
        actor=system_actor(),
        version=case.version,
        outcome="violation",
        clause=Clause.objects.get(code="harassment"),
        measures=[MeasureOrder("posting_ban")],
        explanation="A rule held it until somebody looks.",
        interim=True,
    )
    assert labels(CODE) == []


def test_a_label_with_a_clause_is_right_about_that_clause_only(scored, moderator, classifier):
    spam = Clause.objects.get(code="spam")
    ClassifierLabel.objects.create(classifier=classifier, name="toxicity", clause=spam)
    decided(scored(0.9), moderator, "friendly_warning")
    [one] = labels(CODE)
    assert (one.violation, one.positive) == (True, False)


def test_precision_with_its_counts(scored, moderator):
    for value, measures in ((0.9, ["friendly_warning"]), (0.7, []), (0.6, ["friendly_warning"]), (0.2, []), (0.1, [])):
        decided(scored(value), moderator, *measures)
    scored(0.95)  # nobody decided about it
    [one] = measured(CODE)
    assert (one.precision.part, one.precision.whole, one.precision.percent) == (2, 3, 67)
    assert (one.recall.part, one.recall.whole) == (2, 2)
    assert (one.confident.part, one.confident.whole) == (1, 1)
    low, high = one.precision.interval
    assert low == pytest.approx(0.2077, abs=1e-3)
    assert high == pytest.approx(0.9385, abs=1e-3)


def test_each_version_has_its_own(scored, moderator):
    case = scored(0.9)
    say(case, 0.1, code="text@2")
    decided(case, moderator, "friendly_warning")
    assert {one.of.classifier: one.of.right for one in measured()} == {"text@1": 1, "text@2": 0}


@pytest.fixture
def many(monkeypatch):
    """many(positive, values): that many decisions, without a database: the query has tests of its own."""

    def give(positive: list[bool], values: list[float]) -> None:
        module = "moderation.automation.quality.figures"
        monkeypatch.setattr(f"{module}.values_of", lambda *_: (np.array(positive), np.array(values)))
        monkeypatch.setattr(f"{module}.recent_cases", lambda _code, _label, threshold: (int(threshold < 1), 1))

    return give


def test_a_threshold_for_a_target(many):
    # From 0.5 on 90 of 100 are violations; below, none of 100, and 10 violations at 0.1.
    many([True] * 90 + [False] * 10 + [False] * 100 + [True] * 10, [0.8] * 50 + [0.5] * 50 + [0.3] * 100 + [0.1] * 10)
    found = suggest(CODE, "toxicity", 0.9)
    assert (found.chosen.threshold, found.precision.part, found.precision.whole) == (0.5, 90, 100)
    assert (found.recall.part, found.recall.whole, found.cases) == (90, 100, 1)
    assert suggest(CODE, "toxicity", 0.99).chosen.threshold == 0.8
    assert suggest(CODE, "toxicity", 0.46).chosen.threshold == 0.1


def test_no_threshold_on_a_handful(many):
    many([True] * 19 + [False] * 30, [0.9] * 19 + [0.1] * 30)
    found = suggest(CODE, "toxicity", 0.9)
    assert (found.chosen, found.cases, found.precision.whole) == (None, 0, 0)


def test_calibration(many):
    many([True] * 30 + [False] * 10 + [False] * 40, [0.95] * 40 + [0.05] * 40)
    found = calibration(CODE, "toxicity")
    assert (found.bins[9].rows, found.bins[9].positive, found.bins[9].share) == (40, 30, 0.75)
    assert found.error.value == pytest.approx((40 * 0.2 + 40 * 0.05) / 80)
    assert found.auroc.low < found.auroc.value < found.auroc.high


def test_how_many_cases_it_would_have_made(scored, classifier, report, make_user):
    for value in (0.9, 0.6, 0.1):
        scored(value)
    assert recent_cases(CODE, "toxicity", 0.5) == (2, 3)
    assert recent_cases(CODE, "spam", 0.5) == (0, 0)


def test_long_ago_is_not_recent(scored, pass_time):
    from datetime import timedelta

    scored(0.9)
    pass_time(timedelta(days=31))
    assert recent_cases(CODE, "toxicity", 0.5) == (0, 0)
    assert clock.now()


def test_the_page_says_what_it_cannot_know(scored, moderator, sign_in, django_assert_max_num_queries):
    decided(scored(0.9), moderator)
    client = sign_in(moderator)
    client.get(reverse("quality:classifiers"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("quality:classifiers")).content.decode()
    assert "0 %" in page
    assert "0 of 1; between 0 and 79 %" in page
    assert "Nobody looked at what was never" in " ".join(page.split())
    label = client.get(reverse("quality:label", args=[CODE, "toxicity"]), {"target": "90"}).content.decode()
    assert "No threshold reaches this" in label
    assert "Where people decided otherwise" in label
    assert "mira" in label
    assert 'style="' not in label
    assert client.get(reverse("quality:label", args=[CODE, "none"])).status_code == 404
    assert client.get(reverse("quality:classifier", args=["text@9"])).status_code == 404


def test_cases_about_oneself_are_not_listed(scored, moderator, other_moderator, sign_in, discussion, report):
    comment = add_comment(discussion, text="I wrote this one.", actor=other_moderator)
    case = report(comment)
    say(case, 0.9)
    decided(case, moderator)
    address = reverse("quality:label", args=[CODE, "toxicity"])
    assert str(case.public_id) in sign_in(moderator).get(address).content.decode()
    assert str(case.public_id) not in sign_in(other_moderator).get(address).content.decode()


def test_by_api(scored, moderator, program):
    decided(scored(0.9), moderator, "friendly_warning")
    client = program(moderator, "moderate")
    [row] = client.get("/api/v1/classifiers").json()
    [label] = row["measured"]
    assert (row["code"], label["label"], label["precision"]["part"], label["precision"]["whole"]) == (
        CODE,
        "toxicity",
        1,
        1,
    )
    one = client.get(f"/api/v1/classifiers/{CODE}/labels/toxicity?target=0.9").json()
    assert one["suggestion"]["threshold"] is None
    assert one["suggestion"]["scored"] == 1
    assert one["calibration"]["decided"] == 1
    assert client.get(f"/api/v1/classifiers/{CODE}/labels/none").status_code == 404
    assert client.get(f"/api/v1/classifiers/{CODE}/labels/toxicity?target=7").status_code == 400
