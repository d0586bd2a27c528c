from itertools import pairwise

import pytest

from classifiers.windows import MAX_CHARACTERS, MAX_TOKENS, OVERLAP_TOKENS, WINDOW_TOKENS, cut, spans


@pytest.mark.parametrize("tokens", [1, 125, 126, 127, 220, 221, 1000])
def test_spans_cover_every_token_and_overlap(tokens):
    found = list(spans(tokens))
    assert found[0][0] == 0
    assert found[-1][1] == tokens
    for (_, end), (start, _) in pairwise(found):
        assert end - start == OVERLAP_TOKENS


def test_offsets_are_those_of_the_text(tokenizer):
    text = " ".join(f"word{number}" for number in range(600))
    windows = cut(tokenizer, [text])
    assert windows[0].start == 0
    assert windows[-1].end == len(text)
    for window in windows:
        assert len(window.ids) <= WINDOW_TOKENS
        read = tokenizer.decode(list(window.ids)).removeprefix("##")
        assert read.replace(" ", "") == text[window.start : window.end].replace(" ", "")
    assert all(after.start < before.end for before, after in pairwise(windows))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u200b\u200bgo\u200dod \u202eday", "good day"),
        ("ｇｏｏｄ 𝕕𝕒𝕪", "good day"),
        ("\ud800good\x00 day\udfff", "good day"),
        ("  good\n\n\tday  ", "good day"),
        ("[SEP] [CLS]", "[ sep ] [ cls ]"),
        ("ﷺ good", "صلى الله عليه وسلم good"),
    ],
)
def test_offsets_survive_normalisation(tokenizer, text, read):
    [window] = cut(tokenizer, [text])
    assert tokenizer.decode(list(window.ids)) == read
    assert text[window.start] not in " \u200b\ud800"
    assert text[: window.end].strip().endswith(text.rstrip()[-1:]) or text[window.end :].strip() == "\udfff"


def test_windows_know_their_document(tokenizer):
    assert [window.document for window in cut(tokenizer, ["one", "", "  ", "two"])] == [0, 3]


def test_a_long_document_is_bounded(tokenizer):
    [only] = cut(tokenizer, ["a" * 1_000_000])
    assert only.end == MAX_CHARACTERS
    many = cut(tokenizer, ["\ufdfa" * 20_000])
    assert len(many) < MAX_TOKENS / (WINDOW_TOKENS - OVERLAP_TOKENS - 2) + 2


def test_without_places_the_tokens_are_the_same(tokenizer):
    texts = ["One ｇｏｏｄ day.", "", "word " * 300]
    fast = cut(tokenizer, texts, places=False)
    assert [(one.document, one.ids) for one in fast] == [(one.document, one.ids) for one in cut(tokenizer, texts)]
    assert {(one.start, one.end) for one in fast} == {(0, 0)}
