"""Lanes and filters: what lies where, who sees it, how many."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from foundation import clock, counts
from moderation.cases.actions import claim
from moderation.cases.models import Comfort
from moderation.cases.parking import park
from moderation.policy.lanes import CHILD_SAFETY
from moderation.policy.models import Lane
from tests.cases.test_queue import listed


@pytest.fixture
def in_lane(case):
    """in_lane("threat"): the case lies in that lane."""

    def put(code: str):
        case.lane = Lane.objects.get(code=code)
        case.reserved = case.lane.group_id is not None
        case.save()
        return case

    return put


def tabs(page) -> dict[str, str]:
    """The counts of the lanes by their code; "" where none is said."""
    nav = page.content.decode().split('class="lanes"')[1].split("</nav>")[0]
    links = re.findall(r'href="\?[^"]*lane=([a-z]+)[^>]*>(.*?)</a>', nav, re.DOTALL)
    return {code: "".join(re.findall(r'class="count">([^<]*)<', words)) for code, words in links}


def test_what_is_parked_waits_in_a_lane_of_its_own_and_says_for_what(sign_in, moderator, case):
    park(case, "snoozed", clock.now() + timedelta(hours=5))
    client = sign_in(moderator)
    assert listed(client.get("/cases")) == []
    waiting = client.get("/cases?lane=waiting")
    assert listed(waiting) == [str(case.public_id)]
    assert "snoozed" in waiting.content.decode()


def test_it_comes_back_by_the_clock_alone(sign_in, moderator, case, pass_time):
    park(case, "owner", clock.now() + timedelta(hours=5))
    pass_time(timedelta(hours=5, seconds=1))
    client = sign_in(moderator)
    assert listed(client.get("/cases")) == [str(case.public_id)]
    assert listed(client.get("/cases?lane=waiting")) == []


def test_a_named_lane_lists_its_cases_and_says_what_lies_there(sign_in, moderator, in_lane, report, repository):
    case = in_lane("threat")
    report(repository, "spam")
    page = sign_in(moderator).get("/cases?lane=threat")
    assert listed(page) == [str(case.public_id)]
    assert "people who may hurt themselves" in page.content.decode()


def test_a_closed_lane_is_there_for_its_people_only(sign_in, moderator, other_moderator, in_lane):
    case = in_lane("minors")
    other_moderator.groups.add(Group.objects.get_or_create(name=CHILD_SAFETY)[0])
    theirs, others = sign_in(other_moderator), sign_in(moderator)
    assert listed(theirs.get("/cases?lane=minors")) == [str(case.public_id)]
    outside = others.get("/cases?lane=minors")
    assert listed(outside) == []
    assert "We do not know one of these filters" in outside.content.decode()
    assert "minors" not in tabs(others.get("/cases"))
    assert tabs(theirs.get("/cases"))["minors"] == "1"


def test_tabs_count_what_waits_whatever_the_filters(sign_in, moderator, case, report, repository):
    claim(case, actor=moderator)
    report(repository, "spam")
    found = tabs(sign_in(moderator).get("/cases?clause=spam"))
    assert (found["open"], found["mine"], found["unclaimed"], found["decided"]) == ("2", "1", "1", "")


def test_counts_stop_at_ninety_nine(sign_in, moderator, many_cases, monkeypatch):
    many_cases(3)
    monkeypatch.setattr(counts, "MOST", 2)
    monkeypatch.setattr(counts.capped, "__defaults__", (2,))
    assert tabs(sign_in(moderator).get("/cases"))["open"] == "2"  # of three: nobody counted further


def test_a_part_for_htmx_counts_nothing(sign_in, moderator, case, django_assert_max_num_queries):
    client = sign_in(moderator)
    with django_assert_max_num_queries(11) as captured:
        client.get("/cases", headers={"HX-Request": "true"})
    assert not [query for query in captured if "count(*)" in query["sql"]]


@pytest.mark.parametrize("lane", ["open", "unclaimed"])
def test_what_somebody_opted_out_of_is_left_out_of_broad_lanes_and_said(sign_in, moderator, case, clause, lane):
    Comfort.objects.create(user=moderator).opted_out.add(clause("harassment"))
    client = sign_in(moderator)
    page = client.get(f"/cases?lane={lane}")
    assert listed(page) == []
    assert "You opted out of 1 category" in page.content.decode()
    assert listed(client.get(f"/cases?lane={lane}&everything=yes")) == [str(case.public_id)]
    assert listed(client.get(f"/cases?lane={lane}&clause=harassment")) == [str(case.public_id)]


def test_filters_by_deadline_track_and_channel(sign_in, moderator, case, report, repository, reporter):
    spam = report(repository, "spam", channel="script")
    spam.due_at = clock.now() - timedelta(hours=1)
    spam.save()
    client = sign_in(moderator)
    both = {str(case.public_id), str(spam.public_id)}
    assert set(listed(client.get("/cases"))) == both
    for query in ("due=passed", "due=soon", "due=any", "channel=script"):
        assert listed(client.get(f"/cases?{query}")) == [str(spam.public_id)], query
    assert set(listed(client.get(f"/cases?track={case.track}"))) <= both
    assert str(case.public_id) in listed(client.get(f"/cases?track={case.track}"))


def test_with_me_and_with_nobody(sign_in, moderator, many_cases):
    mine, free = many_cases(2)
    claim(mine, actor=moderator)
    client = sign_in(moderator)
    assert listed(client.get("/cases?assignee=me")) == [str(mine.public_id)]
    assert listed(client.get("/cases?assignee=none")) == [str(free.public_id)]


def test_who_has_a_case_has_a_face_and_a_name(sign_in, moderator, other_moderator, many_cases):
    mine, theirs = many_cases(2)
    claim(mine, actor=moderator)
    claim(theirs, actor=other_moderator)
    page = sign_in(moderator).get("/cases").content.decode()
    assert re.search(r'class="face face-\d" aria-hidden="true">MI</span>\s*<span>you</span>', page)
    assert re.search(r'class="face face-\d" aria-hidden="true">TO</span>\s*<span>tomas</span>', page)


def test_an_overdue_case_says_so_in_words(sign_in, moderator, case):
    case.due_at = clock.now() - timedelta(minutes=5)
    case.save()
    assert "(overdue)" in sign_in(moderator).get("/cases").content.decode()
