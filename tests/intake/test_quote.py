"""Words that a reporter quotes are looked for in what is reported; the doubt is said, and their words are kept (C1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.actions import edit_comment, hide
from foundation import markdown
from moderation.cases.models import Case
from moderation.cases.overview.passages import places_of
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.subjects.files import file_seen
from moderation.subjects.passages import Budget, Words
from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.reports.steps import reported
from tests.repositories.committing import puts

DOUBT = "These words do not stand in what you report"
NOWHERE = "Not found in the content as it was when reported"
EARLIER = "Stands in an earlier version"
MARKDOWN = "You are **bold**ly _wrong_, see [our shop](https://shop.example/a?b=1)!\n\n1. first &amp; last\n> ครับ น้ำ 🦆"


def words(text):
    return Words(text, budget=Budget(10_000))


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
    assert words(MARKDOWN).hold(passage)


@pytest.mark.parametrize("passage", ["You are right", "boldly wrong shop", "🐧", "?!", "script", "strong"])
def test_what_nobody_wrote_does_not(passage):
    assert not words(MARKDOWN).hold(passage)


def test_look_alikes_in_the_content_read_as_they_look():
    assert words("Visit раypаl now").hold("Visit paypal")


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


def push(repository, content, at, path="README.md"):
    """A commit with a time of its author's choice."""
    made = git.write_commit(
        repository,
        puts(repository, {path: content}),
        parent=repository.head,
        author="pat",
        message="Words",
        at=at,
    )
    Repository.objects.filter(pk=repository.pk).update(head=made, card=content.decode())
    repository.refresh_from_db()


@pytest.mark.parametrize("path", ["README.md", "notes/recipe.txt"])
@pytest.mark.parametrize("shift", [timedelta(days=3000), timedelta(days=-3000)])
def test_what_is_earlier_the_history_says_and_not_the_times_in_it(path, shift, reporter, make_user, repository):
    now = timezone.now()
    push(repository, b"Two parts of ducks.\n", now + shift, path)
    push(repository, b"Two parts of geese.\n", now, path)
    seen = file_seen(repository, path, "", reporter) if path != "README.md" else None
    for one, quoted in ((reporter, "parts of ducks"), (make_user("second"), "parts of swans")):
        reported(repository, one, "malware", seen=seen, details=Details(passage=quoted))
    push(repository, b"Two parts of swans.\n", now + shift, path)
    assert sorted(places_of(list(Report.objects.all())).values()) == ["earlier", "nowhere"]


@pytest.mark.parametrize("path", ["README.md", "notes/recipe.txt"])
def test_many_edits_after_a_report_hide_nothing_of_what_was_before(path, reporter, repository):
    now = timezone.now()
    push(repository, b"Two parts of ducks.\n", now, path)
    push(repository, b"Two parts of geese.\n", now, path)
    seen = file_seen(repository, path, "", reporter) if path != "README.md" else None
    reported(repository, reporter, "malware", seen=seen, details=Details(passage="parts of ducks"))
    for number in range(25):
        push(repository, b"Two parts of %d.\n" % number, now, path)
    assert list(places_of(list(Report.objects.all())).values()) == ["earlier"]


def test_many_edits_of_a_comment_after_a_report_too(reporter, author, comment):
    before = comment.text
    edit_comment(comment, text="Geese.", actor=author)
    reported(comment, reporter, details=Details(passage=before))
    for number in range(25):
        edit_comment(comment, text=f"Geese {number}.", actor=author)
    assert list(places_of(list(Report.objects.all())).values()) == ["earlier"]


def test_nothing_is_said_of_a_file_that_is_longer_than_what_we_keep(reporter, repository):
    now = timezone.now()
    push(repository, b"line\n" * 40_000 + b"Two parts of ducks.\n", now, "a.txt")
    push(repository, b"line\n" * 40_001 + b"Two parts of ducks.\n", now, "a.txt")
    seen = file_seen(repository, "a.txt", "", reporter)
    reported(repository, reporter, "malware", seen=seen, details=Details(passage="parts of ducks"))
    assert places_of(list(Report.objects.all())) == {}


@pytest.fixture
def rendered(monkeypatch):
    """How many characters were rendered in search of words."""
    lengths, render = [], markdown.render

    def count(text):
        lengths.append(len(text))
        return render(text)

    monkeypatch.setattr("moderation.subjects.passages.markdown.render", count)
    return lengths


def test_a_page_takes_no_longer_the_more_there_is_to_look_through(rendered, reporter, repository):
    now = timezone.now()
    for number in range(8):
        push(repository, b"|a|b|\n|-|-|\n" + b"|%d|y|\n" % number * 4_000, now)
    reported(repository, reporter, "malware", details=Details(passage="Ducks"))
    assert places_of(list(Report.objects.all())) == {}
    assert 0 < sum(rendered) <= 100_000


def test_no_file_is_rendered(rendered, reporter, repository):
    push(repository, b"**Two** parts", timezone.now(), "a.txt")
    seen = file_seen(repository, "a.txt", "", reporter)
    reported(repository, reporter, "malware", seen=seen, details=Details(passage="Ducks"))
    assert list(places_of(list(Report.objects.all())).values()) == ["nowhere"]
    assert rendered == []


def test_what_is_longer_than_a_comment_is_not_looked_through_for_a_reporter(
    rendered, sign_in, reporter, repository, form, address
):
    push(repository, b"|x|y|\n" * 12_000, timezone.now())
    assert sign_in(reporter).post(address(repository), form(clause="malware", passage="Ducks")).status_code == 303
    assert rendered == []


def test_a_form_that_is_refused_for_something_else_is_not_looked_through(
    rendered, sign_in, reporter, comment, form, address
):
    assert sign_in(reporter).post(address(comment), form(passage="Ducks", text="")).status_code == 422
    assert rendered == []


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
