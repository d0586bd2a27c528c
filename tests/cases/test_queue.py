"""The queue page: who sees it, what it lists, filters, pages, live news."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.actions import create_organization, join_organization
from community.actions import open_discussion
from moderation.cases.actions import claim, decide
from moderation.cases.models import Case

FILTERS = ["", "lane=mine", "lane=unclaimed", "lane=decided", "lane=answered", "clause=harassment", "kind=comment",
           "assignee=mira", "language=en",
           "lane=mine&clause=spam&kind=repository&assignee=tomas&language=th"]  # fmt: skip


def listed(page) -> list[str]:
    return re.findall(r'id="case-([0-9a-f-]{36})"', page.content.decode())


def test_strangers_sign_in_first(client, case):
    answer = client.get("/cases")
    assert answer.status_code == 302
    assert "/accounts/login" in answer["Location"]


@pytest.mark.parametrize("path", ["", "/news", "/{id}", "/{id}/news", "/people/{person}"])
def test_people_outside_the_team_find_nothing(sign_in, reporter, author, case, path):
    address = "/cases" + path.format(id=case.public_id, person=author.public_id)
    assert sign_in(reporter).get(address).status_code == 404


@pytest.mark.parametrize("path", ["/next", "/{id}/claim", "/{id}/renew", "/{id}/release", "/{id}/decide"])
def test_people_outside_the_team_change_nothing(sign_in, reporter, case, path):
    assert sign_in(reporter).post("/cases" + path.format(id=case.public_id)).status_code == 404
    case.refresh_from_db()
    assert (case.assignee, case.state) == (None, "open")


@pytest.mark.parametrize("path", ["/next", "/{id}/claim", "/{id}/renew", "/{id}/release", "/{id}/decide"])
def test_only_a_post_changes_something(sign_in, moderator, case, path):
    assert sign_in(moderator).get("/cases" + path.format(id=case.public_id)).status_code == 405


def test_no_cache_keeps_it(sign_in, moderator, case):
    assert "no-store" in sign_in(moderator).get("/cases")["Cache-Control"]


def test_a_row_says_what_whose_why_and_how_many(sign_in, moderator, case, report, make_user, score):
    report(case.subject.target, by=make_user("second"))
    score(case, "toxicity", 0.97)
    page = sign_in(moderator).get("/cases").content.decode()
    for words in ("Harassment and bullying", "How do I load this?", "by quentin", "nok/tiny-model", "toxicity", "0.97"):
        assert words in page
    assert re.search(r'<td class="numbers">\s*2<', page)


def test_the_order_is_that_of_priority(sign_in, moderator, many_cases, report, make_user):
    quiet, loud = many_cases(2)
    for name in ("ada", "ben", "cleo"):
        report(loud.subject.target, by=make_user(name))
    assert listed(sign_in(moderator).get("/cases")) == [str(loud.public_id), str(quiet.public_id)]


def test_lanes(sign_in, moderator, other_moderator, many_cases, report):
    mine, theirs, free, done = many_cases(4)
    claim(mine, actor=moderator)
    claim(theirs, actor=other_moderator)
    decide(
        done,
        actor=other_moderator,
        version=done.version,
        outcome="no_violation",
        explanation="Only a figure of speech.",
    )
    client = sign_in(moderator)
    found = {lane: set(listed(client.get(f"/cases?lane={lane}"))) for lane in ("open", "mine", "unclaimed", "decided")}
    names = {key: {str(case.public_id) for case in cases} for key, cases in {
        "open": (mine, theirs, free), "mine": (mine,), "unclaimed": (free,), "decided": (done,)}.items()}  # fmt: skip
    assert found == names


def test_a_claim_that_ran_out_is_free_again(sign_in, moderator, other_moderator, case, pass_time):
    from datetime import timedelta

    claim(case, actor=other_moderator)
    pass_time(timedelta(minutes=10, seconds=1))
    assert listed(sign_in(moderator).get("/cases?lane=unclaimed")) == [str(case.public_id)]


def test_filters_narrow_together(sign_in, moderator, case, report, repository, owner):
    spam = report(repository, "spam")
    client = sign_in(moderator)
    assert listed(client.get("/cases?clause=spam")) == [str(spam.public_id)]
    assert listed(client.get("/cases?kind=comment")) == [str(case.public_id)]
    assert listed(client.get("/cases?kind=comment&clause=spam")) == []
    claim(case, actor=moderator)
    assert listed(client.get("/cases?assignee=mira")) == [str(case.public_id)]


def test_language_filter(sign_in, moderator, case, report, repository, author):
    thai = open_discussion(repository, title="คำถาม", text="คุณเป็นคนโง่มาก ไม่ควรเขียนอะไรที่นี่เลย", actor=author)
    case_in_thai = report(thai)
    assert case_in_thai.language == "th"
    assert listed(sign_in(moderator).get("/cases?language=th")) == [str(case_in_thai.public_id)]


def test_an_unknown_filter_is_left_out_and_said(sign_in, moderator, case):
    page = sign_in(moderator).get("/cases?clause=nonsense&kind=%3Cscript%3E")
    assert "We do not know one of these filters" in page.content.decode()
    assert listed(page) == [str(case.public_id)]


def test_a_forged_page_is_refused(sign_in, moderator, case):
    assert sign_in(moderator).get("/cases?after=bm9uc2Vuc2U").status_code == 400


def test_pages_follow_each_other_without_gap_or_repeat(sign_in, moderator, many_cases):
    cases = many_cases(53)
    client = sign_in(moderator)
    first = client.get("/cases?kind=comment")
    following = re.search(r'href="\?([^"]+)"\s+rel="next"', first.content.decode())
    assert following
    second = client.get("/cases?" + following[1].replace("&amp;", "&"))
    assert parse_qs(following[1].replace("&amp;", "&"))["kind"] == ["comment"]
    seen = listed(first) + listed(second)
    assert len(listed(first)) == 50
    assert sorted(seen) == sorted(str(case.public_id) for case in cases)


@pytest.mark.parametrize("filters", FILTERS)
def test_at_most_twelve_queries(
    sign_in, moderator, other_moderator, many_cases, score, filters, django_assert_max_num_queries
):
    for case in many_cases(6):
        score(case)
    claim(Case.objects.first(), actor=moderator)
    client = sign_in(moderator)
    with django_assert_max_num_queries(12):
        assert client.get(f"/cases?{filters}").status_code == 200


def test_titles_are_only_text(sign_in, moderator, report, repository, author):
    report(open_discussion(repository, title="<script>alert(1)</script>", text="Hello there.", actor=author))
    page = sign_in(moderator).get("/cases").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_reports_about_members_of_the_team_bypass_them(sign_in, moderator, other_moderator, make_repository, report):
    about_mira = report(make_repository("hers", owner=moderator, actor=moderator), "spam")
    assert listed(sign_in(moderator).get("/cases")) == []
    assert sign_in(moderator).get(about_mira.get_absolute_url()).status_code == 404
    assert listed(sign_in(other_moderator).get("/cases")) == [str(about_mira.public_id)]


def test_reports_about_their_organization_bypass_them_too(sign_in, moderator, owner, make_repository, report):
    lab = create_organization("mekong-lab", actor=owner)
    join_organization(moderator, lab, role="read", actor=owner)
    about_lab = report(make_repository("ours", owner=lab, actor=owner), "spam")
    assert listed(sign_in(moderator).get("/cases")) == []
    assert sign_in(moderator).get(about_lab.get_absolute_url()).status_code == 404


def test_htmx_gets_the_list_that_the_fresh_page_has(sign_in, moderator, case):
    client = sign_in(moderator)
    part = client.get("/cases", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in client.get("/cases").content.decode()


def news_of(client, query: str = "") -> str:
    """The address that the open page asks again and again."""
    page = client.get(f"/cases?{query}").content.decode()
    address = re.search(r'hx-get="(/cases/news[^"]*)"', page)
    assert address
    return address[1].replace("&amp;", "&")


def test_news_counts_what_came_since(sign_in, moderator, case, report, make_user, repository):
    client = sign_in(moderator)
    address = news_of(client)
    assert client.get(address).content.decode().strip() == ""
    report(case.subject.target, by=make_user("second"))
    assert "1 case is new or changed" in client.get(address).content.decode()
    report(repository, "spam")
    assert "2 cases are new or changed" in client.get(address).content.decode()


def test_news_knows_the_filters_and_not_what_one_did_oneself(sign_in, moderator, case, report, repository):
    client = sign_in(moderator)
    address = news_of(client, "kind=repository")
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="Only a figure of speech.")
    assert client.get(address).content.decode().strip() == ""
    report(repository, "spam")
    fragment = client.get(address).content.decode()
    assert "1 case is new" in fragment
    assert parse_qs(urlsplit(re.search(r'href="([^"]+)"', fragment)[1].replace("&amp;", "&")).query) == {
        "kind": ["repository"]
    }


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "١"])
def test_news_since_nonsense_is_nothing(sign_in, moderator, case, since):
    answer = sign_in(moderator).get("/cases/news", {"since": since})
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_empty_lanes_say_what_to_do(sign_in, moderator):
    client = sign_in(moderator)
    assert "Nothing is here" in client.get("/cases").content.decode()
    assert "Claim the next one" in client.get("/cases?lane=mine").content.decode()
