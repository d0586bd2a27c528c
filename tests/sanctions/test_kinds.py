"""Every kind of measure answers all that other rooms ask of it, in words that can be translated (E1-E5, F1-F4)."""

from datetime import timedelta
from inspect import getsource

import pytest
from django.utils import translation

from community import wording
from foundation import clock
from moderation.policy.models import GuardedMeasure
from moderation.policy.words import MEASURES
from moderation.sanctions import measures
from moderation.sanctions.measures import KINDS, MeasureKind, judging
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from moderation.subjects.models import TARGETS

EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
FLAGS = (
    "asks_why_requests_fail", "chooses_end", "enforced", "judges", "logged", "only_words", "public",
    "second_by_default", "waits_for_owner",
)  # fmt: skip


@pytest.fixture
def drafted(repository, discussion, comment, author, clause):
    """drafted(kind): a measure of this kind on the first thing that it fits, not saved."""
    subjects = [subject_of(one) for one in (repository, discussion, comment, author)]

    def draft(kind: MeasureKind) -> Measure:
        subject = next(one for one in subjects if kind.applies_to(one))
        ends_at = clock.now() + kind.lasts if kind.lasts else None
        person = kind.person(subject)
        return Measure(kind=kind.code, subject=subject, person=person, clause=clause("spam"), ends_at=ends_at)

    return draft


def test_every_code_has_a_class_and_every_class_a_code():
    assert set(KINDS) == set(Measure.Kind.values)
    assert all(kind.code == code for code, kind in KINDS.items())


@EVERY
def test_it_answers_everything(kind):
    assert {type(getattr(kind, name)) for name in FLAGS} == {bool}
    assert kind.subject_kinds <= set(TARGETS)
    assert kind.subject_kinds
    assert 1 <= kind.weight <= 6
    assert kind.lasts is None or kind.lasts > timedelta(0)
    assert kind.permission == ("sanctions.quarantine" if kind.preserves else "sanctions.add_measure")
    assert not (kind.undoable and kind.preserves)
    assert not (kind.only_words and (kind.public or kind.logged or kind.chooses_end))
    assert not kind.asks_why_requests_fail or kind.waits_for_owner
    assert not kind.public or kind.logged


@EVERY
def test_it_has_words_for_everything(kind, drafted):
    measure = drafted(kind)
    assert kind.label
    assert kind.help.endswith(".")
    assert str(kind.consequence(measure)).endswith(".")
    assert bool(kind.what_would_lift_it(measure)) == kind.enforced
    assert kind.public_state(measure) == ("Restricted" if not kind.judges else kind.label)
    assert kind.code in MEASURES


@EVERY
def test_it_tells_somebody(kind, drafted):
    assert kind.told(drafted(kind))


@EVERY
def test_of_a_confidential_clause_the_public_reads_restricted(kind, drafted, clause):
    measure = drafted(kind)
    measure.clause = clause("malware")
    assert (kind.confidential(measure), kind.public_state(measure)) == (True, "Restricted")


@EVERY
def test_what_it_opens_in_public_is_said_there(kind):
    assert not kind.public or {kind.code} <= set(wording.TAKEN) & set(wording.LIFTED)


@EVERY
def test_no_text_of_it_is_put_together_before_it_is_translated(kind):
    assert 'f"' not in getsource(type(kind))
    with translation.override("th"):
        assert kind.label


def test_what_needs_a_second_moderator_is_so_in_the_policy_that_we_bring(db):
    known = set(GuardedMeasure.objects.values_list("kind", flat=True)) & set(KINDS)
    assert known == {kind.code for kind in KINDS.values() if kind.second_by_default}


def test_a_hold_judges_nothing():
    assert not judging(["hold"])
    assert judging(["hold", "downgrade"])
    assert judging(["something-that-was-removed"])
    assert measures.judging([]) is False
