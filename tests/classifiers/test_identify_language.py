"""Languages by script and by the packaged model, and texts that reach only the classifiers that can read them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.contract import LabelScore, Provenance, Reading
from classifiers.languages import Routed, identify, may_be

THAI = "โมเดลนี้แย่มาก คนทำโง่จริงๆ"
ENGLISH = "This model is bad and whoever made it is an idiot."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (THAI, "th"),
        ("ควย", "th"),
        ("ผมลองใช้ GPT-4 กับ transformers แล้ว", "th"),
        ("これはとても悪いモデルです", "ja"),
        ("東京都", "zh"),
        ("这个模型很糟糕", "zh"),
        ("이 모델은 정말 나빠요", "ko"),
        ("Эта модель очень плохая, не скачивайте её", "ru"),
        ("هذا النموذج سيئ جدا ولا يعمل", "ar"),
        ("Ce modèle est très mauvais, ne le téléchargez pas", "fr"),
        ("Das Modell ist leider ziemlich schlecht geworden", "de"),
        ("See https://example.com/a/very/long/english/path/to/something : แย่มาก", "th"),
        ("ok", None),
        ("idiot", None),
        ("12345 !!", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_the_language_of_a_text(text, language):
    assert identify(text) == language


@pytest.mark.parametrize(
    ("text", "languages", "fits"),
    [
        (THAI, ("en",), False),
        (THAI, ("en", "th"), True),
        (ENGLISH, ("th",), False),
        ("idiot", ("en",), True),  # too short to tell: read rather than overlooked
        ("idiot", ("th",), False),
        ("сука", ("en",), False),
        ("сука", ("uk",), True),
        (THAI + " " + ENGLISH, ("en",), True),  # filling up with Thai does not hide English
        ("Ce modèle est très mauvais, ne le téléchargez pas", ("en",), False),
        ("!!!", ("en",), True),
        (THAI, (), True),
    ],
)
def test_what_a_reader_of_a_language_may_find_something_in(text, languages, fits):
    assert may_be(text, languages) is fits


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_string_has_a_language_or_none(text):
    language = identify(text)
    assert language is None or (language.isalpha() and may_be(text, (language,)))


class Lengths:
    """Says how long a text is, and remembers what it was given."""

    labels: tuple[str, ...] = ("long",)
    provenance = Provenance("lengths", "", "", "", "", {}, "", "")

    def __init__(self) -> None:
        self.given: list[str] = []

    def read(self, items):
        self.given += items
        return [Reading([LabelScore("long", len(text) / 1000, 0.5, 1, 0, len(text))], None) for text in items]


def test_a_text_in_another_language_gets_no_score_instead_of_a_wrong_one():
    inner = Lengths()
    routed = Routed(inner, ("en",))
    (thai, english, short) = routed.read([THAI, ENGLISH, "idiot"])
    assert (thai.scores, thai.vector) == ([], None)
    assert [reading.scores[0].end for reading in (english, short)] == [len(ENGLISH), 5]
    assert inner.given == [ENGLISH, "idiot"]
    assert (routed.labels, routed.provenance) == (inner.labels, inner.provenance)


def test_without_languages_everything_is_read():
    assert all(reading.scores for reading in Routed(Lengths(), ()).read([THAI, ENGLISH, ""]))
    assert Routed(Lengths(), ("en",)).read([]) == []
