"""Hidden and look-alike characters: reported, shown to moderators, and no way around the classifier."""

import pytest

from classifiers.text import default_classifier
from moderation.automation.models import Finding
from moderation.automation.pipeline import score_pending
from moderation.automation.screening import characters, screen_texts
from moderation.reports.models import Report
from moderation.scoring.models import Score

INSULT = "You people are idiots and should shut up."
DISGUISED = "You pe\u043eple are idi\u200bots and sh\u043euld shut up."


@pytest.mark.parametrize(
    "text", ["Log in at p\u0430ypal or p\u0430ypal.example", "fr\u200bee mo\u200cney", "p\u0430ypal is fr\u200bee"]
)
def test_two_disguised_words_are_reported(post, text):
    comment = post(text)
    screen_texts()
    report = Report.objects.get()
    assert report.subject.comment == comment
    assert report.text == characters.WORDS
    assert Finding.objects.get().count == 2


@pytest.mark.parametrize(
    "text",
    [
        "Log in at p\u0430ypal",
        "𝗧𝗵𝗶𝘀 𝗺𝗼𝗱𝗲𝗹 𝗶𝘀 𝗴𝗿𝗲𝗮𝘁",
        "> p\u0430ypal and fr\u200bee\n\nDo not click on this.",
        "ใช้\u200bGPU\u200bได้ กำลังโหลดโมเดลAIอยู่",
        "👨‍👩‍👧‍👦 and 👩‍💻 say λmax, μTransfer, pαr",
        "این مدل را می\u200cخواهم، و नमस्ते क्\u200dष",
    ],
    ids=["one word", "styled", "quoted", "Thai", "emoji and formulas", "joiners"],
)
def test_these_are_not(post, text):
    post(text)
    assert screen_texts() == 1
    assert not Finding.objects.exists()


def test_the_classifier_reads_what_people_read(report, post):
    report(post(DISGUISED))
    score_pending()
    as_read, as_written = default_classifier().score([INSULT, DISGUISED])
    saved = {score.label: score.value for score in Score.objects.all()}
    assert saved == pytest.approx({one.label: one.value for one in as_read}, abs=1e-3)
    assert saved != pytest.approx({one.label: one.value for one in as_written}, abs=1e-3)


def test_the_window_that_decided_is_marked_in_the_text_as_written(report, post):
    """Folding makes the text before it longer and hiding makes it shorter: the offsets lead to the same words."""
    calm = "The ﬃcient p\u0430ypal lo\u200bader reads the ﬁles of this model without any trouble. " * 40
    case = report(post(f"{calm}{DISGUISED}"))
    score_pending()
    score = Score.objects.get(label="toxicity")
    content = case.case_reports.get().report.snapshot.content
    assert DISGUISED in content[score.start : score.end]
    assert score.start > 0
    assert score.end == len(content)


def test_moderators_see_which_words_and_why(report, post, sign_in, moderator):
    case = report(post("See <b>p\u0430ypal</b>, fr\u200bee and 𝗴𝗿𝗲𝗮𝘁, m\u043en\u200bey"))
    page = sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()
    remark = '<u class="remarked">{}</u> <small class="remark">[{}]</small>'
    for word, words in [
        ("p\u0430ypal", "looks like “paypal”: Cyrillic"),
        ("fr\u200bee", "reads “free”; hidden: U+200B"),
        ("𝗴𝗿𝗲𝗮𝘁", "reads “great”: letters in another style"),
        ("m\u043en\u200bey", "looks like “money”: Cyrillic; hidden: U+200B"),
    ]:
        assert remark.format(word, words) in page
    assert "<b>p" not in page


def test_remarks_stand_beside_the_mark_of_the_score(report, post, score, sign_in, moderator):
    case = report(post("p\u0430ypal says hello, m\u043eney"))
    score(case, start=3, end=13)
    page = sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()
    assert "[looks like “paypal”: Cyrillic]</small><mark> says h</mark>ello, <u" in page
