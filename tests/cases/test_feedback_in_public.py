"""The team in public: a measure raises the issue and asks, a report opens a discussion, no owner closes it (E3, G3)."""

import pytest
from django.contrib.auth.models import Group

from accounts.actions import join_organization
from accounts.queries import system_actor
from community import actions
from community.actions import add_comment, block, change_tab, close_all
from community.models import Discussion, DiscussionEvent
from foundation.errors import Forbidden
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.feedback import read_changes
from moderation.cases.models import Event
from moderation.cases.overview import describe
from moderation.policy.lanes import CHILD_SAFETY
from moderation.sanctions.models import Measure
from tests.reports.steps import seconded

ACCUSING = ("minors", "sexual", "disable", "downgrade", "What we found there")


@pytest.fixture
def measured(report, moderator, clause):
    """measured(repository, "spam", "disable"): reported, decided; the measure."""

    def take(
        target, code: str = "spam", kind: str = "downgrade", words: str = "The card advertises a shop.", *also: str
    ) -> Measure:
        case = report(target, code)
        decision = decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause(code),
            measures=[MeasureOrder(one) for one in (kind, *also)], explanation=words,
        )  # fmt: skip
        return seconded(decision).measures.get(kind=kind)

    return take


def told(discussion: Discussion) -> list[tuple[str, dict]]:
    return [(one.kind, one.data) for one in discussion.events.order_by("position")]


@pytest.mark.parametrize("kind", ["downgrade", "disable", "nfaa"])
def test_measure_raises_the_issue_and_asks(measured, repository, moderator, kind):
    measure = measured(repository, kind=kind)
    place = measure.discussion
    assert (place.origin, place.author.is_system, place.status) == ("team", True, "open")
    opening = place.comments.get(position=1)
    assert opening.author.is_system
    assert "The card advertises a shop." in opening.text
    assert "What do you think? Answers here reach the team." in opening.text
    assert told(place) == [("measure_taken", {"measure": kind}), ("feedback_asked", {})]
    lift_measure(measure, reason="The adverts are gone.", actor=moderator)
    assert told(place)[2:] == [("measure_lifted", {"measure": kind})]
    assert {one.actor.is_system for one in place.events.all()} == {True}
    assert "We lifted this measure." in place.comments.last().text


def test_timeline_page_says_so(measured, repository, moderator, client):
    place = measured(repository).discussion
    page = client.get(place.get_absolute_url()).content.decode()
    assert "We downgraded this repository" in page
    assert "We ask for your feedback" in page
    lift_measure(Measure.objects.get(), reason="The adverts are gone.", actor=moderator)
    assert "We lifted the downgrade" in client.get(place.get_absolute_url()).content.decode()


def test_confidential_clause_accuses_nobody(measured, repository, moderator, client):
    """Taken and lifted: that something is restricted, and nothing else, on the page and for programs (E3)."""
    moderator.groups.add(Group.objects.get(name=CHILD_SAFETY))
    measure = measured(repository, "minors-sexual-content", "disable", "What we found there.", "hold")
    lift_measure(measure, reason="What we found there was not it.", actor=moderator)
    place = measure.discussion
    assert [data for kind, data in told(place) if kind != "feedback_asked"] == [{}, {}]
    for path in (
        place.get_absolute_url(),
        f"/api/v1/discussions/{place.public_id}/timeline",
        f"/api/models/{repository.full_name}/discussions/{place.number}",
    ):
        main = client.get(path).content.decode().partition("<main")[2] or client.get(path).content.decode()
        assert "restricted this repository" in main, path
        assert not [word for word in ACCUSING if word in main], path


def test_report_opens_its_discussion_with_an_event(report, repository, reporter, client):
    case = report(repository, "spam")
    place = case.case_reports.get().report.discussion
    assert (place.origin, place.author) == ("report", reporter)
    assert told(place) == [("reported", {"clause": "spam"})]
    assert "A report opened this discussion" in client.get(place.get_absolute_url()).content.decode()


def sides_given() -> dict[str, str]:
    return {event.actor.username: event.data["side"] for event in Event.objects.filter(kind="feedback.given")}


@pytest.mark.parametrize("role", ["admin", "write", "read"])
def test_members_answer_for_the_owner(measured, make_repository, organization, owner, make_user, author, role):
    """The owner side of an organization is its members in any role, as the tag beside their comments says."""
    member = make_user("walt")
    join_organization(member, organization, role=role, actor=owner)
    place = measured(make_repository("ours", owner=organization)).discussion
    for person in (member, author):
        add_comment(place, text="We took the adverts out.", actor=person)
    read_changes()
    assert sides_given() == {"walt": "owner", author.username: "others"}


def test_case_page_says_that_the_owner_answered(report, repository, owner, author, moderator, sign_in):
    case = report(repository, "spam")
    place = case.case_reports.get().report.discussion
    add_comment(place, text="I took the adverts out.", actor=owner)
    add_comment(place, text="I saw no adverts.", actor=author)
    read_changes()
    lines = {entry.words: entry.what for entry in describe(list(Event.objects.filter(kind="feedback.given")))}
    assert lines == {
        "I took the adverts out.": "The owner answered in the public discussion",
        "I saw no adverts.": "An answer in the public discussion",
    }
    page = sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()
    assert "The owner answered in the public discussion" in page
    assert "I took the adverts out." in page


def test_words_of_the_team_are_no_feedback(report, repository, moderator, other_moderator):
    """Or whoever answers in public would make their own decision stale."""
    case = report(repository, "spam")
    before = case.version
    add_comment(case.case_reports.get().report.discussion, text="We look at it.", actor=other_moderator)
    assert read_changes() == 1
    case.refresh_from_db()
    assert (sides_given(), case.version) == ({}, before)


def test_hidden_feedback_stays_with_the_team(measured, repository, author, moderator):
    place = measured(repository).discussion
    answer = add_comment(place, text="You are all thieves.", actor=author)
    actions.hide(answer, category="abuse", actor=system_actor())
    read_changes()
    (entry,) = describe(list(Event.objects.filter(kind="feedback.given")))
    assert entry.words == "You are all thieves."


@pytest.fixture(params=["report", "team"])
def place(request, report, measured, repository) -> Discussion:
    """A discussion that a report, or the team, began."""
    if request.param == "report":
        return report(repository, "spam").case_reports.get().report.discussion
    return measured(repository).discussion


VERBS = {
    "close": lambda place, owner: actions.set_status(place, "closed", actor=owner),
    "lock": lambda place, owner: actions.set_locked(place, True, actor=owner),
    "rename": lambda place, owner: actions.rename(place, "Nothing to see here", actor=owner),
    "pin": lambda place, owner: actions.set_pinned(place, True, actor=owner),
    "hide": lambda place, owner: actions.hide(place.comments.first(), category="spam", actor=owner),
}


@pytest.mark.parametrize("verb", list(VERBS))
def test_owner_cannot_put_it_away(place, owner, verb):
    before = told(place)
    with pytest.raises(Forbidden):
        VERBS[verb](place, owner)
    place.refresh_from_db()
    assert (place.status, place.locked, place.pinned_at) == ("open", False, None)
    assert told(place) == before


@pytest.mark.parametrize("verb", list(VERBS))
def test_team_can(place, moderator, verb):
    if verb == "hide":  # what somebody wrote is hidden by a decision, wherever it stands
        with pytest.raises(Forbidden, match="by a decision"):
            VERBS[verb](place, moderator)
        return
    VERBS[verb](place, moderator)


def test_owner_cannot_unpin_what_the_team_pinned(place, owner, moderator):
    actions.set_pinned(place, True, actor=moderator)
    with pytest.raises(Forbidden):
        actions.set_pinned(place, False, actor=owner)


def test_owner_cannot_unlock_what_the_team_locked(place, owner, moderator):
    actions.set_locked(place, True, actor=moderator)
    with pytest.raises(Forbidden):
        actions.set_locked(place, False, actor=owner)


def test_closing_everything_leaves_it(place, discussion, owner):
    close_all(place.repository, actor=owner)
    place.refresh_from_db()
    discussion.refresh_from_db()
    assert (place.status, discussion.status) == ("open", "closed")


def test_tab_that_is_off_leaves_it_to_read_and_to_answer(place, discussion, owner, author, client):
    change_tab(place.repository, on=False, newcomers=0, actor=owner)
    assert client.get(place.get_absolute_url()).status_code == 200
    assert client.get(discussion.get_absolute_url()).status_code == 404
    add_comment(place, text="I saw no adverts.", actor=author)
    assert place.title in client.get(f"{place.repository.get_absolute_url()}/discussions").content.decode()


def test_limit_on_newcomers_leaves_it_to_answer(place, owner, make_user):
    change_tab(place.repository, on=True, newcomers=30, actor=owner)
    add_comment(place, text="I saw no adverts.", actor=make_user("yesterday", days_old=1))


def test_blocking_the_reporter_leaves_it_to_read(report, repository, reporter, owner, sign_in):
    """Whoever is blocked writes nothing there any more, but reads on, and reports on."""
    place = report(repository, "spam").case_reports.get().report.discussion
    block(repository.namespace, reporter, actor=owner)
    assert sign_in(reporter).get(place.get_absolute_url()).status_code == 200
    assert DiscussionEvent.objects.filter(discussion=place, kind="reported").exists()
    report(place.comments.get(), "spam", by=reporter)
