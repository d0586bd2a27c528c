"""Other comments of one author are added to a report from all that the reporter may read, and nothing else (C1, A2)."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions import hide, open_discussion
from community.entries import write_comment
from community.models import TabSettings
from community.projections import lock
from moderation.intake.others import A_PAGE, MOST_OTHERS
from moderation.reports.models import Report
from repositories.models import Repository, Visibility

FORM = "?clause=harassment"


@pytest.fixture
def elsewhere(make_repository, author):
    """A discussion by the author in another repository."""
    return open_discussion(make_repository("far-away"), title="Elsewhere", text="Buy my ducks here.", actor=author)


def first(discussion):
    return discussion.comments.get(position=1)


def turn_off(discussion, owner):
    TabSettings.objects.create(repository_id=discussion.repository_id, on=False, changed_by=owner)


def writes(discussion, author, number):
    place = lock(discussion)
    return [write_comment(place, author=author, text=f"Idiots, number {n}!") for n in range(number)]


def ids(comments):
    return [str(one.public_id) for one in comments]


def found(response):
    return set(response.context["others"].found)


def test_comments_elsewhere_follow_those_of_the_same_discussion(
    sign_in, reporter, comment, discussion, elsewhere, address
):
    page = sign_in(reporter).get(address(comment) + FORM)
    assert page.context["others"].found == [first(discussion), first(elsewhere)]
    assert "in “Elsewhere”, nok/far-away" in page.content.decode()


def test_one_form_reports_them_in_several_repositories(
    sign_in, reporter, comment, discussion, elsewhere, form, address
):
    chosen = [first(discussion), first(elsewhere)]
    answer = sign_in(reporter).post(address(comment), form(others=ids(chosen)))
    assert answer.status_code == 303
    reports = Report.objects.all()
    assert {one.subject.comment for one in reports} == {comment, *chosen}
    assert len({one.batch for one in reports}) == 1


@pytest.mark.parametrize("why", ["private", "closed", "removed", "deleted", "tab_off", "hidden"])
def test_what_the_reporter_cannot_read_is_neither_offered_nor_taken(
    why, sign_in, reporter, owner, author, comment, discussion, elsewhere, form, address
):
    place, secret = Repository.objects.filter(pk=elsewhere.repository_id), first(elsewhere)
    if why == "hidden":
        hide(secret, category="abuse", actor=owner)
    elif why == "tab_off":
        turn_off(elsewhere, owner)
    else:
        changes: dict[str, dict[str, Any]] = {
            "private": {"visibility": Visibility.PRIVATE},
            "closed": {"kept_private": True},
            "removed": {"removed": True},
            "deleted": {"deleted_at": elsewhere.created_at},
        }
        place.update(**changes[why])
    client = sign_in(reporter)
    page = client.get(address(comment) + FORM)
    assert found(page) == {first(discussion)}
    search = client.post(address(comment), form(find="ducks", others_after=""))
    assert (search.status_code, found(search)) == (200, set())
    assert not any(words in one.content.decode() for one in (page, search) for words in ("Buy my", "Elsewhere"))
    if why != "hidden":
        refused = client.post(address(comment), form(others=ids([secret])))
        unknown = client.post(address(comment), form(others=[str(uuid.uuid4())]))
        assert refused.status_code == unknown.status_code == 422
        assert "Buy my" not in refused.content.decode()
        assert not Report.objects.exists()


def test_what_only_some_may_read_is_offered_to_them(sign_in, owner, comment, elsewhere, address, discussion):
    Repository.objects.filter(pk=elsewhere.repository_id).update(visibility=Visibility.PRIVATE)
    turn_off(elsewhere, owner)
    assert first(elsewhere) in found(sign_in(owner).get(address(comment) + FORM))


def test_a_guest_is_offered_what_everybody_reads(client, comment, elsewhere, discussion, address, settings):
    settings.GUEST_REPORTS = True
    assert found(client.get(address(comment) + FORM)) == {first(discussion), first(elsewhere)}
    Repository.objects.filter(pk=elsewhere.repository_id).update(visibility=Visibility.PRIVATE)
    assert found(client.get(address(comment) + FORM)) == {first(discussion)}


def test_searching_keeps_what_was_written_and_chosen(
    sign_in, reporter, author, comment, discussion, elsewhere, form, address
):
    client, chosen = sign_in(reporter), first(discussion)
    said = form(others=ids([chosen]), text="He sells ducks everywhere.", find="DUCKS", others_after="")
    page = client.post(address(comment), said)
    assert page.status_code == 200
    assert (page.context["others"].chosen, found(page)) == ([chosen], {first(elsewhere)})
    html = page.content.decode()
    assert "He sells ducks everywhere." in html
    assert said["request_id"] in html
    assert not Report.objects.exists()


def test_enter_in_the_field_for_words_searches_and_sends_nothing(sign_in, reporter, comment, elsewhere, form, address):
    client = sign_in(reporter)
    page = client.post(address(comment), form(find="ducks", found=""))
    assert found(page) == {first(elsewhere)}
    assert not Report.objects.exists()
    assert client.post(address(comment), form(find="ducks", found="ducks")).status_code == 303


def test_page_by_page(sign_in, reporter, author, comment, discussion, elsewhere, form, address):
    many = {*writes(discussion, author, 15), *writes(elsewhere, author, 20), first(discussion), first(elsewhere)}
    client = sign_in(reporter)
    page, seen = client.get(address(comment) + FORM), []
    while True:
        seen += page.context["others"].found
        assert len(page.context["others"].found) <= A_PAGE
        if not (after := page.context["others"].next):
            break
        page = client.post(address(comment), form(others_after=after))
    assert len(seen) == len(many)
    assert set(seen) == many


def test_a_made_up_place_is_refused(sign_in, reporter, comment, form, address):
    assert sign_in(reporter).post(address(comment), form(others_after="nonsense")).status_code == 400


def test_more_than_are_taken_is_said_and_all_stay_chosen(sign_in, reporter, author, comment, discussion, form, address):
    many = writes(discussion, author, MOST_OTHERS + 1)
    client = sign_in(reporter)
    page = client.post(address(comment), form(others=ids(many)))
    assert page.status_code == 422
    assert "You chose 21 other comments; up to 20 can be reported in one go." in page.content.decode()
    assert set(page.context["others"].chosen) == set(many)
    assert not Report.objects.exists()
    assert client.post(address(comment), form(others=ids(many[1:]))).status_code == 303


def test_the_form_costs_the_same_however_much_somebody_wrote(
    sign_in, reporter, author, comment, discussion, elsewhere, address
):
    client = sign_in(reporter)
    client.get(address(comment) + FORM)
    counts = []
    for number in (1, 60):
        writes(elsewhere, author, number)
        writes(discussion, author, number)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(comment) + FORM)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
