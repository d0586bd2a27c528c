from typing import Any

from django.utils import translation
from django.utils.translation import ngettext, trans_real

ONE, MANY = "We changed %(count)s discussion.", "We changed %(count)s discussions."


def test_a_text_is_looked_for_in_one_dictionary():
    loaded: list[Any] = [trans_real.translation(language) for language in ("en", "th")]
    assert [len(one._catalog._catalogs) for one in loaded] == [1, 1]


def test_words_and_plurals_are_found_still():
    with translation.override("th"):
        assert translation.gettext("Home") == "หน้าแรก"
        assert ngettext(ONE, MANY, 2) not in (ONE, MANY)
    with translation.override("en"):
        assert translation.gettext("Home") == "Home"
        assert [ngettext(ONE, MANY, number) for number in (1, 2)] == [ONE, MANY]
