"""Terms in texts as people write them: whole words, exceptions, look-alikes, Thai without spaces."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.contract import CannotLoad, Label, Specification
from classifiers.terms import Term, Terms, load

EXAMPLES = [
    Term("cunt", "harassment", exceptions=("Scunthorpe",), whole_word=False),
    Term("idiot", "harassment"),
    Term("go die", "threat", weight=0.9),
    Term("Straße", "street"),
    Term("shit", "harassment"),
    Term("ควย", "harassment", language="th"),
    Term("กา", "bird"),
    Term("หี", "sexual"),
    Term("สัตว์", "harassment", exceptions=("ไอ้สัตว์โลก",)),
    Term("バカ", "harassment"),
    Term("바보", "harassment"),
    Term("chat", "cat", language="fr"),
    Term("οδοσ", "street"),
    Term("dirsek", "elbow"),
]


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms(EXAMPLES)


def found(terms: Terms, text: str) -> list[str]:
    return [text[one.start : one.end] for one in terms.find(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("You IDIOT!", ["IDIOT"]),
        ("two idiots", []),
        ("x_idiot_x", ["idiot"]),
        ("bullshit", []),
        ("bull-shit", ["shit"]),
        ("im STRASSE wohnen", ["STRASSE"]),
        ("η ΟΔΟΣ", ["ΟΔΟΣ"]),
        ("DİRSEK", ["DİRSEK"]),
        ("You stupid idiot. İ s t a n b u l", ["idiot"]),
        ("go\n  die", ["go\n  die"]),
        ("go\u200b die", ["go\u200b die"]),
        ("I live in Scunthorpe", []),
        ("the cunts of SCUNTHORPE", ["cunt"]),
        ("іdiоt", ["іdiоt"]),
        ("i.d.i.o.t", ["i.d.i.o.t"]),
        ("idi\u200bot", ["idi\u200bot"]),
        ("𝗶𝗱𝗶𝗼𝘁", ["𝗶𝗱𝗶𝗼𝘁"]),
        ("1d10t", ["1d10t"]),
        ("$h!t happens!", ["$h!t"]),
        ("idiooooot", ["idiooooot"]),
        ("the idíot", []),  # accents tell words apart
        ("ไอ้ควยนี่", ["ควย"]),
        ("กินกาแฟ", []),  # coffee
        ("อีกาดำ", []),  # a raven, a word of its own
        ("กาดำ", ["กา"]),
        ("เปิดหีบ", []),  # a chest
        ("เลี้ยงสัตว์เลี้ยง", []),  # a pet
        ("ไอ้สัตว์", ["สัตว์"]),
        ("ไอ้สัตว์โลก", []),
        ("ค ว ย", ["ค ว ย"]),
        ("お前バカだ", ["バカ"]),
        ("바보야", ["바보"]),
        ("a3f idiot0b55e7d9a1c4", []),
        ("let us chat about the model and its license here", []),
        ("mon chat est un modèle très gentil pour les enfants", ["chat"]),
        ("", []),
        ("\ud800 idiot", ["idiot"]),
    ],
)
def test_what_counts(terms, text, wanted):
    assert found(terms, text) == wanted


def test_each_term_is_found_once_and_in_the_order_of_the_text(terms):
    assert found(terms, "shit, idiot, shit") == ["shit", "idiot"]


def spec(*terms, labels=(), **options) -> Specification:
    return Specification("lists", "terms", "terms", labels=labels, options={"terms": terms, **options})


def test_several_terms_say_more_than_one_and_the_strongest_is_shown():
    classifier = load(spec({"text": "idiot", "label": "x"}, {"text": "moron", "label": "x", "weight": 0.8}))
    text = "idiot and moron"
    (one, both, none) = (classifier.read([words])[0].scores[0] for words in ("idiot idiot", text, "walrus"))
    assert (one.value, both.value, none.value) == pytest.approx((0.5, 0.9, 0))
    assert (both.start, both.end) == (0, len(text))
    assert (none.start, none.end) == (0, 0)


def test_a_score_shows_the_words_around_and_not_the_term_alone():
    classifier = load(spec({"text": "idiot", "label": "x"}))
    text = "ordinary words " * 20 + "idiot " + "more words " * 20
    (score,) = classifier.read([text])[0].scores
    shown = text[score.start : score.end]
    assert 100 < len(shown) <= 125
    assert set(shown.split()) == {"ordinary", "words", "idiot", "more"}
    (found,) = classifier.find(text)
    assert text[found.start : found.end] == "idiot"


def test_a_term_inside_of_a_longer_one_says_nothing_more():
    classifier = load(spec({"text": "die", "label": "x"}, {"text": "go die", "label": "x", "weight": 0.9}))
    assert classifier.read(["go die"])[0].scores[0].value == pytest.approx(0.9)


def test_labels_of_the_specification_rename_and_bring_thresholds():
    labels = (Label("rude", "x", threshold=0.4, confident_threshold=0.8), Label("other"))
    classifier = load(spec({"text": "idiot", "label": "x"}, labels=labels))
    (rude, other) = classifier.read(["idiot"])[0].scores
    assert (rude.label, rude.value, rude.threshold, rude.confident_threshold) == ("rude", 0.5, 0.4, 0.8)
    assert (other.label, other.value) == ("other", 0)


def test_provenance_changes_with_the_terms():
    def digest(weight: float) -> str:
        return load(spec({"text": "idiot", "label": "x", "weight": weight})).provenance.weights_sha256

    assert digest(0.5) == digest(0.5) != digest(0.6)


@pytest.mark.parametrize(
    "wrong",
    ["idiot", {"text": "a"}, {"text": "a", "label": "x", "weight": 2}, {"text": "a", "label": "x", "colour": 1}],
)
def test_a_term_that_makes_no_sense_is_refused_by_its_number(wrong):
    with pytest.raises(CannotLoad, match="Term 2"):
        load(spec({"text": "idiot", "label": "x"}, wrong))


def test_without_a_list_of_terms_nothing_is_loaded():
    with pytest.raises(CannotLoad, match="lists"):
        load(Specification("lists", "terms", "terms"))
    assert load(spec()).read(["idiot"])[0].scores == []


@given(
    st.text(alphabet="ab c.กาแฟ\u200bΑ1!\n", max_size=40), st.lists(st.text(alphabet="abcกแฟ ", min_size=1, max_size=4))
)
def test_a_find_lies_in_the_text(text, words):
    for one in Terms([Term(word, "x", whole_word=False) for word in words]).find(text):
        assert 0 <= one.start < one.end <= len(text)


@given(st.lists(st.sampled_from(["idiot", "shit", "walrus", "Idiots", "un-idiot", "cunt"]), max_size=8))
def test_plain_words_are_found_as_a_regular_expression_finds_them(words):
    text = " ".join(words)
    wanted = {one.lower() for one in re.findall(r"\b(?:idiot|shit)\b|cunt", text, re.IGNORECASE)}
    assert {one.term.text for one in Terms(EXAMPLES[:5]).find(text)} == wanted


@pytest.mark.parametrize("before", ["classes " * 12_000, "กินกาแฟ " * 12_000])
def test_finds_that_do_not_count_hide_none_behind_them(before):
    terms = Terms([Term("ass", "x"), Term("กา", "x"), Term("idiot", "x"), Term("ค", "x")])
    assert found(terms, f"{before}you idiot, you ass กา") == ["idiot", "ass", "กา"]


def test_exceptions_count_where_they_stand_and_nowhere_else():
    terms = Terms([Term("ass", "x", exceptions=("class", "classic", "a classy lass"), whole_word=False)])
    assert found(terms, "class CLASSIC a classy lass") == []
    assert [(one.start, one.end) for one in terms.find("class ass classic")] == [(6, 9)]
    assert [(one.start, one.end) for one in terms.find("a classy lasso glass")] == [(17, 20)]
    assert [(one.start, one.end) for one in terms.find("grass classic")] == [(2, 5)]


@pytest.mark.parametrize("text", ["class " * 16_000, "classes " * 12_000, "กา " * 33_000, "ก่า" * 33_000])
def test_no_text_with_many_finds_and_exceptions_holds_a_worker(text):
    import time

    exceptions = ("class", "classic", "classes")
    terms = Terms([Term("ass", "x", exceptions=exceptions), Term("กา", "x", exceptions=("กา ",))])
    terms.find("กา")  # the dictionary is loaded once
    began = time.process_time()
    assert not terms.find(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["ควย" * 30_000, "กา" * 50_000, "idiot" * 20_000, "a" * 1_000_000, "\u200d" * 100_000])
def test_no_text_holds_a_worker(terms, text):
    import time

    terms.find("กา")  # the dictionary is loaded once
    began = time.process_time()
    terms.find(text)
    assert time.process_time() - began < 2
