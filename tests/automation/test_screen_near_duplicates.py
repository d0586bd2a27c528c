"""Nearly the same text in several discussions is reported, however it was varied (MinHash)."""

from datetime import timedelta

import pytest

from accounts.actions import create_organization
from community.actions import add_comment, edit_comment, hide
from community.models import Hiding
from moderation.automation.models import Finding, TextPrint
from moderation.automation.screening import near_duplicates, screen_texts
from moderation.automation.screening.prints import SHORTEST, print_of
from moderation.reports.models import Report

OFFER = (
    "Dear friend {}, we sell the cheapest accelerators on the whole market, new or used, with a warranty of two years. "
    "Just write to our team and order yours today, shipping to all countries is free of charge until the end of May!"
)
THAI = "สวัสดีครับคุณ{} เราขายการ์ดจอราคาถูกที่สุดในตลาดตอนนี้ สนใจติดต่อทีมงานของเราแล้วสั่งซื้อได้เลยวันนี้ครับผม"
NAMES = ("Anna", "Boris", "Chai", "Dede", "Elif", "Femi", "Gita")


def flood(post, count=3, text=OFFER, **who):
    return [post(text.format(name), **who) for name in NAMES[:count]]


@pytest.mark.parametrize("text", [OFFER, THAI])
def test_the_third_discussion_is_reported_with_the_other_two(post, author, text):
    *before, last = flood(post, text=text)
    assert screen_texts() == 3
    report = Report.objects.get()
    assert (report.subject.comment, report.clause.code, report.channel) == (last, "spam", "system")
    assert report.confidential
    assert near_duplicates.ALONE in report.text
    assert all(str(comment.public_id) in report.text for comment in before)
    assert "accelerators" not in report.text
    assert Finding.objects.get().count == 3


def test_two_discussions_are_no_flood(post):
    flood(post, 2)
    screen_texts()
    assert TextPrint.objects.count() == 2
    assert not Finding.objects.exists()


def test_several_times_in_one_discussion_is_no_flood(discussion, author):
    for name in NAMES[:4]:
        add_comment(discussion, text=OFFER.format(name), actor=author)
    screen_texts()
    assert not Report.objects.exists()


def test_different_texts_are_no_flood(post):
    for words in ("How do I load the weights of this model on a machine without an accelerator at all?",
                  "The tokenizer drops the last token of every document that is longer than one window.",
                  "Which license do the images have that the second training set was built from?"):  # fmt: skip
        post(words)
    screen_texts()
    assert not Report.objects.exists()


@pytest.mark.parametrize("text", ["thanks!", "+1", "same here", "ขอบคุณครับ", "I have the same problem with this model."])
def test_what_everybody_says_never_counts(post, text):
    for _again in range(4):
        post(text)
    assert screen_texts() == 4
    assert not TextPrint.objects.exists()


@pytest.mark.parametrize(("length", "counts"), [(SHORTEST, True), (SHORTEST - 1, False)])
def test_a_text_counts_from_its_shortest_length_on(length, counts):
    assert (print_of(("abcdefghij" * 9)[:length]) is not None) is counts


def test_wide_letters_say_twice_as_much():
    assert print_of("我们出售市场上最便宜的显卡有兴趣的朋友请马上联系我们订购吧谢谢") is not None


@pytest.mark.parametrize(
    "varied",
    [
        OFFER.format("Anna").upper(),
        OFFER.format("Anna").replace(" ", "  \n"),
        OFFER.format("Anna").replace("e", "\u0435"),
        OFFER.format("Anna").replace("ll", "l\u200bl"),
        OFFER.format("Anna").replace("today", "now"),
        "> What do you sell?\n" + OFFER.format("Anna"),
    ],
)
def test_a_varied_text_is_the_same_flood(post, varied):
    for text in (OFFER.format("Anna"), OFFER.format("Anna"), varied):
        post(text)
    screen_texts()
    assert Finding.objects.filter(kind=Finding.Kind.NEAR_DUPLICATES).count() == 1


def test_who_quotes_a_text_did_not_write_it(post):
    for answer in ("What is this?", "Please stop.", "Not again."):
        post(f"> {OFFER}\n\n{answer}")
    screen_texts()
    assert not TextPrint.objects.exists()


def test_new_accounts_flood_together(post, make_user):
    people = [make_user(f"new-{name.lower()}", days_old=1) for name in NAMES[:3]]
    for person, name in zip(people, NAMES, strict=False):
        post(OFFER.format(name), by=person)
    screen_texts()
    assert near_duplicates.TOGETHER in Report.objects.get().text


def test_people_who_are_here_for_long_do_not_answer_for_others(post, make_user):
    """Three people who say the same are three people; and nobody answers for what new accounts copied from them."""
    for person, days in (("ana", 300), ("bea", 300), ("new-one", 1), ("cleo", 300)):
        post(OFFER.format(person), by=make_user(person, days_old=days))
    screen_texts()
    assert not Report.objects.exists()


@pytest.mark.parametrize(("apart", "reports"), [(timedelta(hours=11), 1), (timedelta(hours=13), 0)])
def test_a_flood_comes_within_a_day(post, pass_time, apart, reports):
    for name in NAMES[:3]:
        post(OFFER.format(name))
        screen_texts()
        pass_time(apart)
    assert Report.objects.count() == reports


def test_a_flood_does_not_flood_the_queue(post, author):
    """Seven discussions: reported at the third, and at the sixth, when there were twice as many."""
    flood(post, 7)
    screen_texts()
    assert list(Finding.objects.order_by("pk").values_list("count", flat=True)) == [3, 6]
    assert Report.objects.count() == 2


def test_texts_that_wait_for_days_are_compared_as_well(post, pass_time):
    flood(post)
    pass_time(timedelta(days=5))
    screen_texts()
    assert Report.objects.count() == 1


def test_an_edit_can_complete_a_flood(post, author):
    flood(post, 2)
    third = post("How do I load this?")
    edit_comment(third, text=OFFER.format("Chai"), actor=author)
    screen_texts()
    assert Report.objects.get().subject.comment == third


def test_maintainers_answer_at_home_in_the_same_words(post, owner, make_repository):
    team = create_organization("mekong-lab", actor=owner)
    for where in (make_repository("one"), make_repository("two"), make_repository("three", owner=team)):
        post(OFFER.format("all"), by=owner, where=where)
    screen_texts()
    assert not TextPrint.objects.exists()


def test_the_team_says_the_same_in_many_places(post, moderator):
    flood(post, by=moderator)
    assert screen_texts() == 3
    assert not Finding.objects.exists()


def test_reports_may_say_the_same_of_many_repositories(make_repository, reporter, report):
    for name in ("one", "two", "three"):
        report(make_repository(name), "spam", text=OFFER.format(name))
    assert screen_texts() == 3
    assert not Finding.objects.exists()


def test_what_was_hidden_since_counts_on(post, owner):
    first, _second = flood(post, 2)
    hide(first, category=Hiding.Category.SPAM, actor=owner)
    post(OFFER.format("Chai"))
    screen_texts()
    assert Report.objects.count() == 1


def test_old_prints_are_forgotten(post, pass_time):
    post(OFFER.format("Anna"))
    screen_texts()
    assert TextPrint.objects.count() == 1
    pass_time(near_duplicates.KEPT + timedelta(minutes=1))
    screen_texts()
    assert not TextPrint.objects.exists()


@pytest.mark.parametrize("text", [OFFER.format("Anna"), THAI])
def test_likeness_is_one_for_the_same_and_small_for_others(text):
    same, other = (
        print_of(text),
        print_of("Something else entirely, that shares no more than a word or two with it, if any."),
    )
    assert same.likeness(print_of(text).signature) == 1
    assert same.likeness(other.signature) < 0.3
    assert not set(same.bands) & set(other.bands)
