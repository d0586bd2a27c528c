"""An appeal is a conversation: on the pages, by signed link, by API; it waits for one side, visibly (G2)."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import InboxMessage, Membership, OrganizationRole
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import ask_appellant, decide_appeal, file_appeal, say
from moderation.appeals.models import Appeal, AppealMessage
from moderation.appeals.talk import talks_of
from moderation.cases.actions import invite_by_mail
from moderation.cases.lanes import in_lane
from moderation.cases.matter_links import link_for
from moderation.cases.models import Case, Decision, Event
from moderation.cases.naming import NamesSomebody
from tests.api.conftest import program
from tests.conftest import concurrent
from tests.reports.steps import case_of, decided, reported

__all__ = ["program"]
WHY = "They called me a troll first."
QUESTION = "Which of the comments do you mean?"
REPLY = "The third one, above mine."
ANSWER = "We looked at the whole thread once more."


@pytest.fixture
def appeal(decision, author):
    return file_appeal(decision, text=WHY, actor=author)


def page_of(appeal):
    return f"/cases/{appeal.case.public_id}/appeal"


def said(text=REPLY):
    return {"text": text, "request_id": str(uuid.uuid4())}


def test_both_sides_write_and_the_page_says_who_is_waited_for(sign_in, appeal, author, other_moderator):
    team, person = sign_in(other_moderator), sign_in(author)
    mine = f"/appeals/{appeal.public_id}"
    assert "It waits for us." in person.get(mine).content.decode()
    sent = {"appeal": str(appeal.public_id), "do": "ask", **said(QUESTION)}
    assert team.post(f"{page_of(appeal)}/ask", sent).status_code == 303
    assert "waits for their answer" in team.get(page_of(appeal)).content.decode()
    html = person.get(mine).content.decode()
    assert QUESTION in html
    assert "We asked you something" in html
    assert person.post(mine, said()).status_code == 303
    html = team.get(page_of(appeal)).content.decode()
    assert html.index(WHY) < html.index(QUESTION) < html.index(REPLY)
    assert "waits for us" in html
    assert [one.from_team for one in AppealMessage.objects.order_by("pk")] == [True, False]
    assert list(Event.objects.filter(case=appeal.case).order_by("number").values_list("kind", flat=True)) == [
        "appeal.filed",
        "appeal.asked",
        "appeal.said",
    ]


def test_a_question_reaches_the_person_in_their_language_with_its_end(appeal, author, other_moderator):
    author.language = "th"
    author.save()
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    [letter] = InboxMessage.objects.filter(recipient=author, key__startswith="appeal-message:")
    assert f"> {QUESTION}" in letter.body
    assert letter.link == f"/appeals/{appeal.public_id}"
    appeal.refresh_from_db()
    assert timedelta(hours=71) < appeal.answer_until - clock.now() <= timedelta(hours=72)


def test_the_case_waits_outside_of_the_queue_and_comes_back(appeal, author, other_moderator, pass_time):
    def waiting():
        return in_lane("appeals", other_moderator).rows.exists()

    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    assert not waiting()
    say(appeal, text=REPLY, actor=author)
    assert waiting()
    assert Case.objects.get(pk=appeal.case_id).parked == ""
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    pass_time(timedelta(hours=73))
    assert waiting()  # whatever the workers do


def test_of_two_appeals_one_that_waits_for_us_keeps_the_case_in_the_queue(appeal, decision, reporter, other_moderator):
    file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    assert in_lane("appeals", other_moderator).rows.exists()


def test_nothing_is_waited_for_where_nothing_is_asked(appeal, author, other_moderator, sign_in):
    ask_appellant(appeal, text="We have the second file.", waits=False, actor=other_moderator)
    appeal.refresh_from_db()
    assert (appeal.waits_for, appeal.answer_until) == ("team", None)
    [letter] = InboxMessage.objects.filter(recipient=author, key__startswith="appeal-message:")
    assert "You need not answer." in letter.body


def test_no_rejection_while_they_have_time_left(appeal, author, other_moderator, pass_time):
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    with pytest.raises(Refused, match="time left"):
        decide_appeal(appeal, state="rejected", answer=ANSWER, actor=other_moderator)
    pass_time(timedelta(hours=73))
    decide_appeal(appeal, state="rejected", answer=ANSWER, actor=other_moderator)
    assert Appeal.objects.get().state == "rejected"


def test_agreeing_needs_no_waiting_and_closes_a_parked_case(appeal, other_moderator):
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    case = Case.objects.get(pk=appeal.case_id)
    assert (case.state, case.parked, case.parked_until) == ("decided", "", None)


def test_a_form_sent_twice_is_one_message(sign_in, appeal, author, other_moderator):
    words = said()
    client = sign_in(author)
    assert {client.post(f"/appeals/{appeal.public_id}", words).status_code for _ in range(2)} == {303}
    assert AppealMessage.objects.count() == 1
    other = client.post(f"/appeals/{appeal.public_id}", {**words, "text": "Something else."})
    assert other.status_code == 409
    key = uuid.uuid4()
    first, again = (ask_appellant(appeal, text=QUESTION, actor=other_moderator, request_id=key) for _ in range(2))
    assert first == again
    assert InboxMessage.objects.filter(key__startswith="appeal-message:").count() == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "Write a few words"), ("x" * 5_001, "5001 characters"), ("It was \u202enot me.", "invisible (U+202E)")],
)
def test_bad_words_are_named(text, says, sign_in, appeal, author):
    response = sign_in(author).post(f"/appeals/{appeal.public_id}", said(text))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not AppealMessage.objects.exists()


def test_after_our_answer_nobody_writes(sign_in, appeal, author, other_moderator):
    decide_appeal(appeal, state="rejected", answer=ANSWER, actor=other_moderator)
    client = sign_in(author)
    assert "<textarea" not in client.get(f"/appeals/{appeal.public_id}").content.decode()
    assert client.post(f"/appeals/{appeal.public_id}", said()).status_code == 409
    with pytest.raises(Refused, match="answered before"):
        ask_appellant(appeal, text=QUESTION, actor=other_moderator)


def test_nobody_else_reads_or_writes(sign_in, appeal, reporter, moderator, other_moderator, make_user):
    for person in (reporter, make_user("eve"), other_moderator):
        client = sign_in(person)
        assert client.get(f"/appeals/{appeal.public_id}").status_code == 404
        assert client.post(f"/appeals/{appeal.public_id}", said()).status_code == 404
        with pytest.raises(Forbidden):
            say(appeal, text=REPLY, actor=person)
    with pytest.raises(Forbidden):
        ask_appellant(appeal, text=QUESTION, actor=moderator)  # who decided it
    with pytest.raises(Forbidden):
        ask_appellant(appeal, text=QUESTION, actor=reporter)
    assert not AppealMessage.objects.exists()


def test_our_words_name_no_reporter_unless_it_must_be(sign_in, appeal, other_moderator):
    words = {"appeal": str(appeal.public_id), "do": "ask", **said("Did iris answer you there?")}
    client = sign_in(other_moderator)
    response = client.post(f"{page_of(appeal)}/ask", words)
    assert response.status_code == 422
    assert "iris" in response.content.decode()
    assert "The name must stay" in response.content.decode()
    with pytest.raises(NamesSomebody):
        ask_appellant(appeal, text="Did IRIS answer you there?", actor=other_moderator)
    assert client.post(f"{page_of(appeal)}/ask", {**words, "naming": "on"}).status_code == 303


def test_the_form_needs_its_token(appeal, author):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/appeals/{appeal.public_id}", said()).status_code == 403
    assert not AppealMessage.objects.exists()


def test_a_guest_converses_by_the_link(comment, reporter, moderator, other_moderator):
    case = case_of(reported(comment, reporter))
    party = invite_by_mail(
        case, role="parent", email="pim@families.example", name="Pim", language="en", actor=moderator
    )
    decided(case, moderator)
    appeal = file_appeal(Decision.objects.get(), text=WHY, actor=party.user)
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    [letter] = InboxMessage.objects.filter(recipient=party.user, key__startswith="appeal-message:")
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    page = browser.get(letter.link)
    assert QUESTION in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert browser.post(letter.link, said()).status_code == 303
    assert REPLY in browser.get(f"{link_for(party, party.user)}/contest").content.decode()
    assert AppealMessage.objects.get(from_team=False).author == party.user


@pytest.fixture
def of_two_admins(organization, make_repository, reporter, moderator, make_user):
    """A downgraded repository of an organization with two admins; the second one is ann."""
    ann = make_user("ann")
    Membership.objects.create(organization=organization, user=ann, role=OrganizationRole.ADMIN)
    repository = make_repository("shared", owner=organization)
    return decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam"), ann


def test_an_organization_contests_once_and_all_its_admins_follow(sign_in, of_two_admins, owner, other_moderator):
    decision, ann = of_two_admins
    appeal = file_appeal(decision, text=WHY, actor=owner)
    assert appeal.organization.name == "mekong-lab"
    with pytest.raises(Refused, match="Your organization contested"):
        file_appeal(decision, text="Me too, please.", actor=ann)
    client = sign_in(ann)
    statement = ann.statements.get()
    page = client.get(f"/appeal/{statement.public_id}").content.decode()
    assert f"/appeals/{appeal.public_id}" in page
    assert f"/appeals/{appeal.public_id}" in client.get("/standing").content.decode()
    assert client.post(f"/appeals/{appeal.public_id}", said()).status_code == 303
    ask_appellant(appeal, text=QUESTION, actor=other_moderator)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    for key in ("appeal-message:", "appeal:"):
        heard = InboxMessage.objects.filter(key__startswith=key).values_list("recipient__username", flat=True)
        assert sorted(heard) == ["ann", "nok"]


def test_the_database_refuses_a_second_appeal_of_an_organization(of_two_admins, owner):
    decision, ann = of_two_admins
    appeal = file_appeal(decision, text=WHY, actor=owner)
    again = Appeal(
        decision=decision, case=appeal.case, appellant=ann, organization=appeal.organization, text=WHY,
        first_decider=decision.actor,
    )  # fmt: skip
    with pytest.raises(Exception, match="one_appeal_an_organization"):
        again.save()


def test_other_admins_do_not_learn_that_one_of_them_reported_it(
    sign_in, organization, make_repository, owner, moderator, make_user
):
    """Who is an admin since, got no statement of reasons: the page must not lead back to somebody else's report."""
    report = reported(make_repository("shared", owner=organization), owner, "spam")
    appeal = file_appeal(decided(case_of(report), moderator, "downgrade", clause="spam"), text=WHY, actor=owner)
    ann = make_user("ann")
    Membership.objects.create(organization=organization, user=ann, role=OrganizationRole.ADMIN)
    page = sign_in(ann).get(f"/appeals/{appeal.public_id}").content.decode()
    assert WHY in page
    assert str(report.public_id) not in page
    assert "Your report</a>" not in page


def test_who_is_no_admin_any_more_follows_it_no_more(sign_in, of_two_admins, owner):
    decision, ann = of_two_admins
    appeal = file_appeal(decision, text=WHY, actor=ann)
    Membership.objects.filter(user=ann).delete()
    assert sign_in(ann).get(f"/appeals/{appeal.public_id}").status_code == 404
    assert sign_in(owner).get(f"/appeals/{appeal.public_id}").status_code == 200


def test_pages_cost_few_queries(sign_in, appeal, author, other_moderator, django_assert_max_num_queries):
    for _ in range(3):
        ask_appellant(appeal, text=QUESTION, waits=False, actor=other_moderator)
        say(appeal, text=REPLY, actor=author)
    client, team = sign_in(author), sign_in(other_moderator)
    with django_assert_max_num_queries(10):
        client.get(f"/appeals/{appeal.public_id}")
    with django_assert_max_num_queries(22):
        team.get(page_of(appeal))


def test_a_long_conversation_leaves_room_to_the_others(decision, appeal, author, reporter):
    other = file_appeal(decision, text="They should be kept out for longer.", actor=reporter)
    say(other, text=REPLY, actor=reporter)
    lines = [AppealMessage(appeal=appeal, author=author, from_team=False, text=f"And {n}.") for n in range(401)]
    AppealMessage.objects.bulk_create(lines)
    talks = talks_of([appeal, other])
    assert [line.message.text for line in talks[other.pk].lines] == [REPLY]
    assert [line.message.text for line in talks[appeal.pk].lines] == [f"And {n}." for n in range(351, 401)]


@pytest.fixture
def long_talk(appeal, author):
    """And 0, And 1, …: 120 messages of an appeal."""
    lines = [AppealMessage(appeal=appeal, author=author, from_team=False, text=f"And {n} it is.") for n in range(120)]
    AppealMessage.objects.bulk_create(lines)
    return appeal


def shown(html):
    return [int(number) for number in re.findall(r"And (\d+) it is", html)]


def earlier_in(html):
    found = re.search(r'href="([^"]*after=[^"]*)"', html)
    return found and found[1].replace("&amp;", "&")


@pytest.mark.parametrize("side", ["team", "appellant"])
def test_all_of_a_long_conversation_is_read_page_by_page(
    side, sign_in, long_talk, author, other_moderator, django_assert_max_num_queries
):
    client = sign_in(other_moderator if side == "team" else author)
    place = page_of(long_talk) if side == "team" else f"/appeals/{long_talk.public_id}"
    read: list[int] = []
    most = 22
    while place:
        with django_assert_max_num_queries(most):
            html = client.get(place).content.decode()
        numbers, place, most = shown(html), earlier_in(html), 12
        assert numbers == sorted(numbers)
        read = numbers + read
    assert read == list(range(120))
    assert html.count("What was written last") == (side == "appellant")


def test_a_program_reads_all_of_it_too(program, long_talk, other_moderator, django_assert_max_num_queries):
    team, place = program(other_moderator, "moderate"), f"/api/v1/appeals/{long_talk.public_id}/talk"
    read: list[str] = []
    while place:
        with django_assert_max_num_queries(9):
            answer = team.get(place).json()
        read += [one["text"] for one in answer["results"]]
        place = answer["next"]
    assert read == [f"And {n} it is." for n in reversed(range(120))]


def test_what_was_written_before_is_for_who_sees_the_case_and_the_reading_of_a_reporters_words_is_an_event(
    sign_in, decision, reporter, author, other_moderator, make_user
):
    appeal = file_appeal(decision, text="They should be kept out for longer.", actor=reporter)
    place = f"{page_of(appeal)}/{appeal.public_id}/earlier"
    assert sign_in(author).get(place).status_code == 404
    assert sign_in(other_moderator).get(place).status_code == 200
    assert Event.objects.filter(case=appeal.case, kind="evidence.read", actor=other_moderator).exists()
    assert sign_in(other_moderator).get(f"{place}?after=nonsense").status_code == 400
    assert sign_in(other_moderator).get(f"{page_of(appeal)}/{uuid.uuid4()}/earlier").status_code == 404


@concurrent
def test_of_two_answers_at_once_one_counts(appeal, other_moderator, make_user):
    people = [other_moderator, make_user("uma", moderator=True)]
    together = threading.Barrier(2)

    def answer(person):
        try:
            together.wait()
            decide_appeal(Appeal.objects.get(), state="rejected", answer=f"{person} looked again.", actor=person)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, people)) == ["decided", "done"]
    assert Event.objects.filter(kind="appeal.decided").count() == 1
    assert InboxMessage.objects.filter(key__startswith="appeal:").count() == 1


@concurrent
def test_of_two_admins_at_once_one_files(of_two_admins, owner):
    decision, ann = of_two_admins
    together = threading.Barrier(2)

    def contest(person):
        try:
            together.wait()
            file_appeal(decision, text=f"{person} does not agree.", actor=person)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(contest, [owner, ann])) == ["done", "exists"]
    assert Appeal.objects.count() == 1


@concurrent
def test_words_and_our_answer_at_once_lose_neither(appeal, author, other_moderator):
    together = threading.Barrier(2)

    def do(action):
        try:
            together.wait()
            action()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    actions = [
        lambda: say(appeal, text=REPLY, actor=author),
        lambda: decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator),
    ]
    with ThreadPoolExecutor(2) as pool:
        wrote, answered = pool.map(do, actions)
    assert answered == "done"
    assert wrote in ("done", "decided")
    assert AppealMessage.objects.exists() == (wrote == "done")
