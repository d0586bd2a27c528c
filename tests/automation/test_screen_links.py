"""Floods of links and of calls: in one text, and of new accounts over several discussions."""

from datetime import timedelta

import pytest

from community.actions import add_comment
from moderation.automation.models import Finding
from moderation.automation.screening import links, screen_texts
from moderation.automation.screening.links import links_in, sites_of
from moderation.reports.models import Report


def many(count: int, site: str = "https://shop{}.example/offer") -> str:
    return "\n".join(f"* {site.format(number)}" for number in range(count))


@pytest.mark.parametrize(
    ("days_old", "most"), [(1, links.MOST_LINKS_OF_NEWCOMER), (365, links.MOST_LINKS)], ids=["new", "established"]
)
def test_more_links_than_anybody_needs_are_reported(post, make_user, days_old, most):
    person = make_user("linker", days_old=days_old)
    enough = post(many(most), by=person)
    too_many = post(many(most + 1), by=person)
    screen_texts()
    report = Report.objects.get()
    assert report.subject.comment == too_many != enough
    assert report.text == links.MANY
    assert Finding.objects.get().count == most + 1


@pytest.mark.parametrize(
    "text",
    [
        many(40, "https://shop.example/same"),
        many(40, "http://testserver/nok/tiny-model/discussions/{}"),
        many(40, "/nok/tiny-model/discussions/{}"),
        "```\n" + many(40) + "\n```",
        "\n".join(f"> https://shop{number}.example" for number in range(40)),
        "https://[::1 https://[bad https://a..b",
    ],
    ids=["the same", "this site", "relative", "code", "quoted", "broken"],
)
def test_these_links_do_not_count(post, newcomer, text):
    post(text, by=newcomer)
    assert screen_texts() == 1
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("[here](https://www.Shop.example/x?y=1&z=2)", {"shop.example"}),
        ("www.shop.co.th and http://a.b.shop.co.th", {"shop.co.th"}),
        ("<https://shop.example> https://shop.example:8080/", {"shop.example"}),
        ("https://github.com/somebody/tool https://GitHub.com/Somebody", {"github.com/somebody"}),
        ("https://arxiv.org/abs/1 https://en.wikipedia.org/wiki/X", set()),
        ("http://testserver/nok", set()),
        ("shop.example is a name, mail me@shop.example", set()),
    ],
)
def test_sites_are_those_who_own_the_name(text, sites):
    assert sites_of(links_in(text)) == sites


def test_a_new_account_that_links_to_one_site_in_three_discussions_is_reported(post, newcomer):
    before = [post("See https://a.shop.example/1 for it.", by=newcomer), post("<http://shop.example>", by=newcomer)]
    screen_texts()
    assert not Finding.objects.exists()
    last = post("I found an answer: [read](https://shop.example/2)", by=newcomer)
    screen_texts()
    report = Report.objects.get()
    assert report.subject.comment == last
    first, site, *others = report.text.split("\n")
    assert (first, site) == (links.SAME_SITE, "shop.example")
    assert all(any(str(comment.public_id) in other for other in others) for comment in before)


def test_a_site_in_seven_discussions_is_reported_twice(post, newcomer):
    for number in range(7):
        post(f"See https://shop.example/{number}", by=newcomer)
    screen_texts()
    assert list(Finding.objects.order_by("pk").values_list("kind", "count")) == [("site", 3), ("site", 6)]


def test_people_who_are_here_for_long_may_link_to_one_site(post, author):
    for number in range(3):
        post(f"See https://shop.example/{number}", by=author)
    screen_texts()
    assert not Finding.objects.exists()


def test_a_new_account_may_link_to_its_project_at_home_and_in_one_discussion(
    post, newcomer, make_repository, discussion
):
    home = make_repository("mine", owner=newcomer)
    for number in range(3):
        post(f"See https://shop.example/{number}", by=newcomer, where=home)
        add_comment(discussion, text=f"See https://shop.example/{number}", actor=newcomer)
    screen_texts()
    assert not Finding.objects.exists()


def test_links_of_another_day_are_another_matter(post, newcomer, pass_time):
    for number in range(3):
        post(f"See https://shop.example/{number}", by=newcomer)
        pass_time(timedelta(hours=13))
    screen_texts()
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("count", "findings"), [(10, 0), (11, 1)])
def test_who_calls_very_many_people_is_reported(post, author, count, findings):
    post(" ".join(f"@person-{number}" for number in range(count)))
    screen_texts()
    assert Finding.objects.filter(kind=Finding.Kind.CALLS, count=count).count() == findings
    assert Report.objects.filter(text=links.CALLS).count() == findings
