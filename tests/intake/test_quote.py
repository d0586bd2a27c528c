"""Words that a reporter quotes are looked for in what is reported; the doubt is said, and their words are kept (C1)."""

import pytest
from django.urls import reverse

from community.actions import edit_comment, hide
from moderation.cases.models import Case
from moderation.cases.overview.passages import places_of
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.subjects.files import file_seen
from moderation.subjects.passages import Words
from repositories.actions import commit
from tests.reports.steps import reported

DOUBT = "These words do not stand in what you report"
NOWHERE = "Not found in the content as it was when reported"
EARLIER = "Stands in an earlier version"
MARKDOWN = "You are **bold**ly _wrong_, see [our shop](https://shop.example/a?b=1)!\n\n1. first &amp; last\n> ครับ น้ำ 🦆"


@pytest.mark.parametrize(
    "passage",
    [
        "You are boldly wrong, see our shop!",
        "you  are\nboldly wrong",
        "**bold**ly",
        "see [our shop](https://shop.example/a?b=1)",
        "first & last",
        "น้ำ 🦆",
        "🦆",
        "Yоu are bоldly",  # Cyrillic о
        "ｂｏｌｄｌｙ",
        "bo\u200bldly wrong",
        "!",
    ],
)
def test_what_a_reader_selects_stands_there(passage):
    assert Words(MARKDOWN).hold(passage)


@pytest.mark.parametrize("passage", ["You are right", "boldly wrong shop", "🐧", "?!", "script", "strong"])
def test_what_nobody_wrote_does_not(passage):
    assert not Words(MARKDOWN).hold(passage)


def test_look_alikes_in_the_content_read_as_they_look():
    assert Words("Visit раypаl now").hold("Visit paypal")


def test_the_form_says_so_once_and_keeps_the_words(sign_in, reporter, comment, form, address):
    client, said = sign_in(reporter), form(passage="You are all\nducks")
    page = client.post(address(comment), said)
    assert page.status_code == 422
    html = page.content.decode()
    assert DOUBT in html
    assert "You are all\nducks" in html
    assert not Report.objects.exists()
    again = client.post(address(comment), said | {"doubted": page.context["form"].doubted.replace("\n", "\r\n")})
    assert again.status_code == 303
    assert Report.objects.get().passage == "You are all\nducks"


def test_other_words_are_doubted_anew(sign_in, reporter, comment, form, address):
    said = form(passage="Ducks", doubted="Geese")
    assert sign_in(reporter).post(address(comment), said).status_code == 422


def test_what_stands_there_is_sent_at_once(sign_in, reporter, comment, form, address):
    assert sign_in(reporter).post(address(comment), form(passage=comment.text[:12].upper())).status_code == 303


@pytest.mark.parametrize("urgent", [{"danger": "on"}, {"clause": "self-harm"}])
def test_what_may_be_a_matter_of_life_waits_for_no_quotation(urgent, sign_in, reporter, comment, form, address):
    assert sign_in(reporter).post(address(comment), form(passage="Goodbye ducks", **urgent)).status_code == 303


def test_whoever_asks_learns_nothing_of_what_is_hidden_or_was_edited(
    sign_in, reporter, owner, author, comment, discussion, form, address
):
    before = comment.text
    edit_comment(comment, text="Nothing but ducks.", actor=author)
    client = sign_in(reporter)
    assert DOUBT in client.post(address(comment), form(passage=before)).content.decode()
    hide(comment, category="abuse", actor=owner)
    assert DOUBT in client.post(address(comment), form(passage="Nothing but ducks.")).content.decode()


@pytest.mark.parametrize("kind", ["repository", "discussion", "user"])
def test_every_kind_is_looked_through(kind, sign_in, reporter, author, repository, discussion, form, address):
    target = {"repository": repository, "discussion": discussion, "user": author}[kind]
    there = {"repository": "tiny-model", "discussion": discussion.title, "user": author.username}[kind]
    client = sign_in(reporter)
    assert client.post(address(target), form(passage="Ducks, ducks")).status_code == 422
    assert client.post(address(target), form(passage=there)).status_code == 303


def test_a_guest_too(client, comment, form, address, settings):
    settings.GUEST_REPORTS = True
    said = form(email="guest@example.org", passage="Ducks")
    assert DOUBT in client.post(address(comment), said).content.decode()
    assert client.post(address(comment), said | {"doubted": "Ducks"}).status_code == 303


def test_a_change_too(sign_in, reporter, comment):
    report = reported(comment, reporter, details=Details(passage="Geese"))
    url = reverse("intake:own_report", args=[report.public_id]) + "/change"
    said = {"text": "More words.", "links": "", "passage": "Ducks"}
    client = sign_in(reporter)
    assert DOUBT in client.post(url, said).content.decode()
    assert client.post(url, said | {"passage": "Geese"}).status_code == 303
    assert client.post(url, said | {"doubted": "Ducks"}).status_code == 303
    report.refresh_from_db()
    assert report.passage == "Ducks"


def case_page(sign_in, moderator):
    return sign_in(moderator).get(f"/cases/{Case.objects.get().public_id}").content.decode()


def test_the_team_reads_beside_it_that_it_stands_nowhere(sign_in, moderator, reporter, comment):
    reported(comment, reporter, details=Details(passage="Ducks"))
    html = case_page(sign_in, moderator)
    assert NOWHERE in html
    assert EARLIER not in html


def test_nothing_is_said_of_what_stands_there(sign_in, moderator, reporter, author, comment):
    reported(comment, reporter, details=Details(passage=comment.text))
    edit_comment(comment, text="Ducks.", actor=author)
    html = case_page(sign_in, moderator)
    assert NOWHERE not in html
    assert EARLIER not in html


def test_an_earlier_version_counts_and_is_said(sign_in, moderator, reporter, author, comment):
    before = comment.text
    edit_comment(comment, text="Ducks.", actor=author)
    reported(comment, reporter, details=Details(passage=before))
    html = case_page(sign_in, moderator)
    assert EARLIER in html
    assert NOWHERE not in html


def test_a_later_version_does_not_count(sign_in, moderator, reporter, author, comment):
    reported(comment, reporter, details=Details(passage="Ducks"))
    edit_comment(comment, text="Ducks.", actor=author)
    assert NOWHERE in case_page(sign_in, moderator)


@pytest.mark.parametrize("path", ["README.md", "notes/recipe.txt"])
def test_an_earlier_version_of_a_card_or_a_file_too(path, sign_in, moderator, reporter, owner, repository):
    for text in (b"Two parts of ducks.\n", b"Two parts of geese.\n"):
        commit(repository, {path: text}, actor=owner, message="Words")
        repository.refresh_from_db()
    seen = file_seen(repository, path, "", reporter) if path != "README.md" else None
    reported(repository, reporter, "malware", seen=seen, details=Details(passage="parts of ducks"))
    html = case_page(sign_in, moderator)
    assert EARLIER in html
    assert NOWHERE not in html


def test_a_file_is_looked_through_at_its_commit(sign_in, reporter, owner, repository, form, address):
    commit(repository, {"a.txt": b"Ducks.\n"}, actor=owner, message="Words")
    repository.refresh_from_db()
    sent = form(clause="malware", file="a.txt", at=repository.head)
    client = sign_in(reporter)
    assert DOUBT in client.post(address(repository), sent | {"passage": "Geese"}).content.decode()
    assert client.post(address(repository), sent | {"passage": "ducks"}).status_code == 303


@pytest.mark.parametrize("number", [1, 10])
def test_many_quotations_cost_what_one_costs(number, reporter, make_user, comment, django_assert_num_queries):
    for one in range(number):
        reported(comment, make_user(f"person-{one}"), details=Details(passage=f"Ducks {one}"))
    reports = list(Report.objects.all())
    with django_assert_num_queries(3):
        assert set(places_of(reports).values()) == {"nowhere"}
    Report.objects.update(passage="")
    reports = list(Report.objects.all())
    with django_assert_num_queries(0):
        assert places_of(reports) == {}
