"""Every classifier gets a request of its own; of those on trial the scores count for nothing (H2)."""

import pytest

from accounts.models import User
from foundation.errors import Forbidden, Refused
from moderation.automation import batches, pipeline
from moderation.automation.pipeline import score_pending
from moderation.automation.succession import replace_scores
from moderation.cases.models import Case
from moderation.cases.overview.content import evidence_of
from moderation.scoring.actions import withdraw_snapshot
from moderation.scoring.configured import configured
from moderation.scoring.drawing import asked, draw
from moderation.scoring.models import Classifier, Embedding, Score, ScoreRequest, Term, TermList
from moderation.scoring.versions import hand_over, retire, take_over, try_out
from moderation.subjects.models import Snapshot

TEXT = {"name": "text", "kind": "text", "engine": "encoder-head"}
INSULT = {"name": "insult", "output": "toxicity", "threshold": 0.01, "confident_threshold": 0.02}
NEWER = TEXT | {"version": 2, "state": "trial", "labels": [INSULT]}
OTHER = {"name": "other", "kind": "text", "engine": "encoder-head", "labels": [INSULT]}


@pytest.fixture
def root(make_user):
    person = make_user("rosa")
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def version(settings, db):
    """version(2): the row of this version of “text”, with NEWER beside the default."""
    settings.CLASSIFIERS = [TEXT, NEWER]
    configured()
    return lambda number: Classifier.objects.get(name="text", version=number)


def requests(**conditions):
    return sorted(ScoreRequest.objects.filter(**conditions).values_list("classifier", flat=True))


def test_alone_the_default_needs_no_second_row(report, comment):
    report(comment)
    assert score_pending() == 1
    assert requests() == ["text"]


def test_several_are_each_asked_once(report, comment, settings):
    settings.CLASSIFIERS = [TEXT, OTHER]
    report(comment)
    assert score_pending() == 2
    assert score_pending() == 0
    assert requests() == ["other@1", "text", "text@1"]
    assert {one.revision.classifier for one in Score.objects.all()} == {"other@1", "text@1"}
    assert Score.objects.get(label="insult").counts


def test_a_broken_one_holds_no_other_up(report, comment, settings, monkeypatch, pass_time):
    settings.CLASSIFIERS = [TEXT, OTHER | {"name": "broken", "model": "/there/is/none"}]
    report(comment)
    assert score_pending() == 1
    assert requests(done_at=None) == ["broken@1"]
    monkeypatch.setitem(settings.CLASSIFIERS[1], "model", "")
    assert score_pending() == 1, "mended in the settings, it is tried at once"
    assert requests(done_at=None) == []


def test_a_version_on_trial_changes_nothing(report, comment, version, moderator):
    case = report(comment)
    score_pending()
    alone = Case.objects.get().rank
    trial = Score.objects.get(revision__classifier="text@2")
    assert (trial.label, trial.counts) == ("insult", False)
    shown = evidence_of(case, moderator)
    assert trial not in shown.scores
    assert len(shown.scores) == 3
    Score.objects.filter(pk=trial.pk).update(value=1.0)
    score_pending()
    assert Case.objects.get().rank == alone
    assert Case.objects.get().best_label == "toxicity"


def test_a_version_that_takes_over_counts_in_the_place_of_the_old_one(report, comment, version, root, moderator):
    case = report(comment)
    score_pending()
    before = Case.objects.get().best_label
    take_over(version(2), actor=root)
    assert (version(1).state, version(2).state) == ("retired", "active")
    assert replace_scores() == 1
    assert [one.label for one in evidence_of(case, moderator).scores] == ["insult"]
    assert (before, Case.objects.get().best_label) == ("toxicity", "insult")
    assert Score.objects.filter(counts=False).count() == 3, "they are kept"
    assert replace_scores() == 0


def test_what_waits_for_the_old_version_is_scored_by_the_new_one(report, comment, version, root):
    report(comment)
    draw(configured())
    take_over(version(2), actor=root)
    assert requests(done_at=None) == ["text@2"]
    assert score_pending() == 1
    assert {one.label for one in Score.objects.counting()} == {"insult"}


def test_what_was_in_hand_while_another_took_over_is_lost_to_nobody(report, comment, version, root, monkeypatch):
    """The old version read it and may save nothing any more: it is the new one's."""
    Classifier.objects.filter(version=2).update(state="retired")
    report(comment)

    def overtaken(ready):
        claimed = batches.claim(ready)
        Classifier.objects.filter(version=1).update(state="retired")
        Classifier.objects.filter(version=2).update(state="active")
        return claimed

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "claim", overtaken)
        assert score_pending() == 0
    assert not Score.objects.exists()
    assert score_pending() == 1
    assert {one.label for one in Score.objects.counting()} == {"insult"}


def test_only_administrators_switch_versions(version, moderator, root):
    for action in (take_over, retire, try_out):
        with pytest.raises(Forbidden):
            action(version(2), actor=moderator)
    with pytest.raises(Refused, match="active already"):
        take_over(version(1), actor=root)
    Classifier.objects.filter(version=2).update(failure="No folder.", failed_at="2026-01-01T00:00Z")
    with pytest.raises(Refused, match="disabled"):
        take_over(version(2), actor=root)


def test_a_retired_version_is_asked_no_more(report, comment, version, root):
    retire(version(2), actor=root)
    report(comment)
    assert score_pending() == 1
    assert not Score.objects.filter(revision__classifier="text@2").exists()
    assert try_out(version(2), actor=root).state == "trial"


def test_the_active_one_retired_without_another_keeps_what_waits(report, comment, version, root):
    report(comment)
    draw(configured())
    retire(version(1), actor=root)
    score_pending()
    assert requests(done_at=None) == ["text@1"]
    Classifier.objects.filter(version=2).update(state="active")
    hand_over(version(2))
    assert requests(done_at=None) == []


def test_what_is_sealed_is_asked_of_nobody(report, comment, settings):
    settings.CLASSIFIERS = [TEXT, OTHER]
    report(comment)
    Snapshot.objects.update(sealed=True)
    draw(configured())
    assert requests(done_at=None) == []


def test_withdrawing_takes_every_request(report, comment, settings):
    settings.CLASSIFIERS = [TEXT, OTHER]
    report(comment)
    draw(configured())
    withdraw_snapshot(Snapshot.objects.get())
    assert (requests(done_at=None), score_pending()) == ([], 0)
    assert not Embedding.objects.exists()


def test_listed_terms_are_a_classifier_among_others(report, comment, settings, moderator):
    settings.CLASSIFIERS = [TEXT, {"name": "words", "kind": "terms", "engine": "terms"}]
    word = comment.text.split()[0].strip(".,!?")
    terms = TermList.objects.create(name="Our words", label="harassment")
    Term.objects.create(term_list=terms, text=word, weight=0.9)
    case = report(comment)
    assert score_pending() == 2
    found = Score.objects.get(revision__classifier="words@1")
    assert found.label == "harassment"
    assert word in comment.text[found.start : found.end]
    assert found in evidence_of(case, moderator).scores


THAI, ENGLISH = OTHER | {"name": "thai", "languages": ["th"]}, OTHER | {"name": "english", "languages": ["en"]}


GERMAN = OTHER | {"name": "german", "languages": ["de"]}
INSULT_IN_ENGLISH = "You are a complete idiot and everybody here knows that very well."
THAI_WORDS = "สวัสดีครับ วันนี้อากาศดีมาก เราไปกินข้าวกันไหม"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (THAI_WORDS, ["text", "thai"]),
        (INSULT_IN_ENGLISH, ["english", "text"]),
        (f"{THAI_WORDS} {INSULT_IN_ENGLISH}", ["english", "text", "thai"]),
        ("Vous êtes un parfait imbécile et tout le monde ici le sait très bien.", ["text"]),
        ("Idiot", ["english", "german", "text"]),
        ("12345", ["english", "german", "text", "thai"]),
    ],
    ids=["Thai", "English", "both", "French", "too short to tell", "no letter"],
)
def test_a_text_goes_to_those_who_may_read_it(settings, db, text, names):
    settings.CLASSIFIERS = [TEXT, THAI, ENGLISH, GERMAN]
    assert sorted(row.name for row in asked(configured(), Snapshot(part="text", text=text))) == names


def test_images_and_files_are_asked_about_files_only(db):
    image, file = Classifier(name="image", kind="image"), Classifier(name="file", kind="file")
    text = Classifier(name="text", kind="text")
    assert asked([image, file, text], Snapshot(part="text", text="Words.")) == [text]
    assert asked([image, file, text], Snapshot(part="file:1", title="a/b.PNG")) == [image, file, text]
    assert asked([image, file, text], Snapshot(part="file:1", title="model.bin")) == [file, text]
