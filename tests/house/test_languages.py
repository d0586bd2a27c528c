"""The Thai catalogue is whole, keeps every placeholder, is compiled as it stands, and is what Thai readers see."""

import ast
import gettext
import html
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timesince import timesince

from accounts.models import InboxMessage
from foundation import borrowed
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause

FOLDER = Path(settings.BASE_DIR) / "locale" / "th" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd](?!\w)|\{\w*\}|<[^>]+>")
THAI = re.compile("[ก-๙]")
# Words that are the same in every language.
SAME = {"API", "AUROC", "BNSP AUC", "BPSN AUC", "Creative Commons", "Ombud", "th, en, …", "%(repository)s: %(how)s"}


def entries() -> list[dict[str, str]]:
    """The entries of the .po: keyword (msgctxt, msgid, msgid_plural, msgstr, msgstr[0]) or flags to text; no header."""
    found: list[dict[str, str]] = []
    for block in (FOLDER / "django.po").read_text().split("\n\n")[1:]:
        entry: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#"):
                entry["flags"] = entry.get("flags", "") + (line if line.startswith("#,") else "")
                continue
            if not line.startswith('"'):
                keyword, line = line.split(" ", 1)
            entry[keyword] = entry.get(keyword, "") + ast.literal_eval(line)
        if "msgid" in entry:
            found.append(entry)
    return found


ENTRIES = entries()


def thai(entry: dict[str, str]) -> str:
    return entry.get("msgstr", "") or entry.get("msgstr[0]", "")


def catalogue() -> dict[str, str]:
    """What the .mo says, by context and id as gettext writes them."""
    with (FOLDER / "django.mo").open("rb") as file:
        words = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key[0] if isinstance(key, tuple) else key: text for key, text in words.items() if key}


def test_everything_is_said_in_thai() -> None:
    assert len(ENTRIES) > 1000
    assert [one["msgid"] for one in ENTRIES if not THAI.search(thai(one)) and one["msgid"] not in SAME] == []
    assert [one["msgid"] for one in ENTRIES if "fuzzy" in one["flags"]] == []


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def test_placeholders_and_markup_are_kept() -> None:
    asked = {one.get("msgid_plural", one["msgid"]): thai(one) for one in ENTRIES}
    assert [text for text, said in asked.items() if placeholders(text) != placeholders(said)] == []


def test_what_is_compiled_is_what_is_written() -> None:
    written = {"\x04".join(filter(None, (one.get("msgctxt"), one["msgid"]))): thai(one) for one in ENTRIES}
    assert catalogue() == written


def test_the_months_are_still_djangos() -> None:
    # "May" is a month, "Code" a field of the sign-in: words of our pages that look the same need a context.
    shared = {one["msgid"] for one in ENTRIES if "msgctxt" not in one} & {
        "May",
        "March",
        "Code",
        "second",
        "Mar",
        "Sun",
    }
    assert shared == set()
    with translation.override("th"):
        assert date_format(date(2027, 5, 22), "DATE_FORMAT") == "22 พฤษภาคม 2027"


@pytest.mark.django_db
def test_every_clause_of_the_policy_reads_thai() -> None:
    with translation.override("th"):
        for clause in Clause.objects.all():
            assert THAI.search(str(clause)), clause.code
            assert THAI.search(translation.gettext(clause.text)), clause.code


def test_what_django_lacks_is_there() -> None:
    with translation.override("th"):
        assert [str(one) for one in borrowed.SAID if not THAI.search(str(one))] == []
        assert timesince(timezone.now() - timedelta(days=2)) == "2\xa0วัน"
        assert THAI.search(MinimumLengthValidator(9).get_error_message())
        with pytest.raises(forms.ValidationError, match="ไม่เกิน 3 ตัวอักษร"):
            forms.CharField(max_length=3).clean("four")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "words"),
    [("/", ["โมเดล ชุดข้อมูล และสเปซ", "ลงชื่อเข้าใช้"]), ("/accounts/login/", ["ชื่อผู้ใช้หรืออีเมล", "ฉันลืมรหัสผ่าน"])],
)
def test_a_page_speaks_thai(client, address: str, words: list[str]) -> None:
    with translation.override("en"):  # what the page switched on ends with it
        page = html.unescape(client.get(address, headers={"accept-language": "th"}).content.decode())
    assert '<html lang="th">' in page
    assert [one for one in words if one not in page] == []


def test_a_statement_of_reasons_speaks_the_authors_thai(comment, author, moderator, owner, clause) -> None:
    author.language, author.time_zone = "th", "Asia/Bangkok"
    author.save(update_fields=["language", "time_zone"])
    receive_report(comment, clause=clause("harassment"), text="He insults people.", actor=owner)
    decide(
        Case.objects.get(), actor=moderator, version=Case.objects.get().version, outcome="violation",
        clause=clause("harassment"), measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    body = InboxMessage.objects.get(recipient=author).body
    assert "ข้อกำหนด “การคุกคามและกลั่นแกล้ง” ของนโยบายของเรา ฉบับที่ 1" in body
    assert re.search(r"โพสต์ได้อีกครั้งในวันที่ \d+ \w*[ก-๙]+\w* 20\d\d เวลา \d\d:\d\d \(\+07\)", body), body
    assert "You called people idiots." in body
