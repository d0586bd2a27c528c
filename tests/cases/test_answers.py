"""Answers to a decided case wait for a reader: its lane, its page, reading them (G3)."""

import re

import pytest

from community.actions import add_comment
from foundation.errors import Forbidden
from moderation.cases.actions import MeasureOrder, decide, read_answers
from moderation.cases.feedback import read_changes
from moderation.cases.models import Case, Event
from moderation.cases.overview import describe
from moderation.sanctions.models import Measure

LANE = "/cases?lane=answered"


def take_measure(case: Case, moderator, clause) -> None:
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip


@pytest.fixture
def decided(report, repository, moderator, clause) -> Case:
    """A case whose measure has a public discussion."""
    case = report(repository, "spam")
    take_measure(case, moderator, clause)
    return case


def answer(case: Case, words: str, by) -> None:
    add_comment(Measure.objects.get(decisions__case=case).discussion, text=words, actor=by)
    read_changes()


def listed(client, address: str = LANE) -> list[str]:
    return re.findall(r'id="case-([0-9a-f-]{36})"', client.get(address).content.decode())


def seen_on(client, case: Case) -> str:
    """What the button "I read them" of the case's page sends."""
    return re.search(r'name="seen" value="(\d+)"', client.get(f"/cases/{case.public_id}").content.decode())[1]


def test_moderator_finds_the_answer_and_reads_it(decided, owner, other_moderator, sign_in):
    client = sign_in(other_moderator)
    assert listed(client) == []
    answer(decided, "I took the adverts out.", owner)
    queue = client.get("/cases").content.decode()
    assert re.search(r'href="\?lane=answered"\s*><span>Answers</span> <span class="count">1</span>', queue)
    assert listed(client) == [str(decided.public_id)]
    page = client.get(f"/cases/{decided.public_id}").content.decode()
    banner = page.partition('aria-labelledby="answers"')[2].partition("</section>")[0]
    said = ("1 piece of news waits", "The owner answered", owner.username, "I took the adverts out.", "/discussions/")
    for words in said:
        assert words in banner
    sent = client.post(f"/cases/{decided.public_id}/answers", {"seen": seen_on(client, decided)}, follow=True)
    assert 'aria-labelledby="answers"' not in sent.content.decode()
    assert listed(client) == []
    assert [one.what for one in describe(list(Event.objects.filter(kind="answers.read")))] == ["We read what was new"]


def test_a_new_answer_brings_it_back(decided, owner, author, moderator, sign_in):
    client = sign_in(moderator)
    for words, person in (("I took the adverts out.", owner), ("I saw none.", author)):
        answer(decided, words, person)
        client.post(f"/cases/{decided.public_id}/answers", {"seen": seen_on(client, decided)})
        assert listed(client) == []
    assert Event.objects.filter(kind="answers.read").count() == 2


def test_an_answer_that_the_page_did_not_show_waits_on(decided, owner, author, moderator, sign_in):
    client = sign_in(moderator)
    answer(decided, "I took the adverts out.", owner)
    seen = seen_on(client, decided)
    answer(decided, "I saw none.", author)
    client.post(f"/cases/{decided.public_id}/answers", {"seen": seen})
    assert listed(client) == [str(decided.public_id)]
    decided.refresh_from_db()
    assert decided.answered_at == Event.objects.filter(kind="feedback.given").latest("number").at


def test_longest_waiting_first(decided, make_repository, report, owner, author, moderator, clause, sign_in):
    second = report(make_repository("other"), "spam")
    take_measure(second, moderator, clause)
    for case, person in ((second, author), (decided, author), (second, owner)):
        answer(case, "I saw no adverts.", person)
    assert listed(sign_in(moderator)) == [str(second.public_id), str(decided.public_id)]


def test_reading_moves_no_version_and_a_second_click_does_no_harm(decided, owner, moderator):
    answer(decided, "I took the adverts out.", owner)
    decided.refresh_from_db()
    for _click in range(2):
        read_answers(decided, actor=moderator, seen=decided.event_count)
    version = decided.version
    decided.refresh_from_db()
    assert (decided.version, decided.answered_at) == (version, None)
    assert Event.objects.filter(kind="answers.read").count() == 1


def test_an_open_case_needs_no_mark(report, repository, owner, moderator, clause, sign_in):
    """Whoever decides it has seen the answer."""
    case = report(repository, "spam")
    add_comment(case.case_reports.get().report.discussion, text="I took the adverts out.", actor=owner)
    read_changes()
    case.refresh_from_db()
    take_measure(case, moderator, clause)
    assert listed(sign_in(moderator)) == []


def test_deciding_anew_knows_the_answers_before(decided, owner, moderator, clause, sign_in):
    """A case that was taken up again (G2) is an open one."""
    answer(decided, "I took the adverts out.", owner)
    Case.objects.filter(pk=decided.pk).update(state="open", decided_at=None)
    client = sign_in(moderator)
    assert listed(client) == []
    decided.refresh_from_db()
    decide(decided, actor=moderator, version=decided.version, outcome="no_violation", explanation="No adverts left.")
    assert listed(client) == []


def test_only_the_team_and_nobody_about_their_own(decided, owner, make_repository, report, moderator, other_moderator):
    with pytest.raises(Forbidden):
        read_answers(decided, actor=owner, seen=9)
    own = report(make_repository("hers", owner=other_moderator, actor=other_moderator), "spam")
    with pytest.raises(Forbidden, match="your own content"):
        read_answers(own, actor=other_moderator, seen=9)


@pytest.mark.parametrize("seen", ["", "x", "0", "-1", "9" * 30])
def test_nonsense_is_refused(decided, owner, moderator, sign_in, seen):
    answer(decided, "I took the adverts out.", owner)
    client = sign_in(moderator)
    assert client.post(f"/cases/{decided.public_id}/answers", {"seen": seen}).status_code == 400
    assert listed(client) == [str(decided.public_id)]


def test_news_of_the_lane(decided, owner, moderator, other_moderator, sign_in):
    client = sign_in(moderator)
    page = client.get(LANE).content.decode()
    address = re.search(r'hx-get="(/cases/news[^"]*)"', page)[1].replace("&amp;", "&")
    answer(decided, "I took the adverts out.", owner)
    assert "1 case is new or changed" in client.get(address).content.decode()
    read_answers(decided, actor=other_moderator, seen=99)
    assert client.get(address).content.decode().strip() == ""


def test_queries_of_the_lane(decided, owner, moderator, sign_in, django_assert_max_num_queries):
    answer(decided, "I took the adverts out.", owner)
    client = sign_in(moderator)
    with django_assert_max_num_queries(12):
        assert listed(client) == [str(decided.public_id)]


def test_what_the_team_opened_is_signed_by_the_team(decided, repository, client):
    """People decided this measure: neither its discussion nor its place in the list says automation."""
    place = Measure.objects.get().discussion
    assert place.repository == repository
    for path in (place.get_absolute_url(), f"{repository.get_absolute_url()}/discussions"):
        page = client.get(path).content.decode()
        assert re.search(r'Ombud</span>\s*<span class="tag team">team</span>', page), path
        assert "automation" not in page, path


def test_opening_says_that_the_owner_can_contest(decided):
    opening = Measure.objects.get().discussion.comments.get(position=1).text
    assert "If this is your repository: we wrote to you how to contest this decision." in opening
