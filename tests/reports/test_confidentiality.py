"""A canary: whoever reports in confidence appears nowhere for anybody but the team (C2)."""

import re
from collections import deque
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.test import Client

from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from community.models import Discussion
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import lift_measure
from moderation.sanctions.models import Measure
from tests.reports.steps import case_of, decided, reported

NAME, FULLNAME, WORDS, LINK = "canary-bird", "Carla Canarinho", "the yellow feather", "https://nest.example/feather"
APPEAL = "a song at dawn"
# At an hour that no clock shows while the test runs: commits have the machine's own time.
FILED = datetime(2031, 3, 3, (datetime.now(UTC).hour + 12) % 24, 33, tzinfo=UTC)
LATER = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)
WHEN = ("2031-03-03", "3 March 2031", f"{FILED:%H:%M}")
CANARIES = (NAME, FULLNAME, WORDS, LINK, "nest.example", APPEAL, f"{NAME}@people.example", *WHEN)
# "23:03:33" is no "03:33", but "T03:33:00" is.
SONGS = {canary: re.compile(rf"(?<![\d:]){re.escape(canary)}", re.IGNORECASE) for canary in CANARIES}
MOST_PAGES = 60


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        link = dict(attrs).get("href" if tag == "a" else "action" if tag == "form" else "")
        if link and link.startswith("/") and not link.startswith(("/static", "/accounts/logout")):
            self.found.append(link.partition("#")[0])


def everything_seen_by(viewer, seeds):
    """Every page that `viewer` reaches from `seeds`: its address and whole text, headers included."""
    client = Client()
    if viewer is not None:
        client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    waiting = deque(seeds)
    seen: dict[str, tuple[int, str]] = {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if address in seen:
            continue
        response = client.get(address)
        text = f"{response.headers} {b''.join(response).decode(errors='replace')}"
        seen[address] = (response.status_code, text)
        links = Links()
        links.feed(text)
        waiting += [*links.found, response.headers.get("Location", "")] if response.status_code == 302 else links.found
        waiting = deque(link for link in waiting if link and link not in seen)
    return seen


@pytest.fixture
def canary(make_user):
    return make_user(NAME, fullname=FULLNAME)


@pytest.fixture
def after_everything(canary, comment, repository, discussion, author, owner, moderator, other_moderator, set_clock):
    """Confidential reports of a comment, a discussion, a person and a repository; decisions; appeals; a lifting."""
    set_clock(FILED)
    text = f"{WORDS} {LINK}"
    on_comment = reported(comment, canary, text=text)
    on_repository = reported(repository, canary, "spam", text=text, confidential=True)
    open_reports = [
        reported(discussion, canary, "spam", text=text),
        reported(author, canary, "fraud-phishing", text=text),
    ]
    set_clock(LATER)
    first = decided(case_of(on_comment), moderator, "posting_ban")
    second = decided(case_of(on_repository), moderator, "downgrade", clause="spam")
    mine = file_appeal(first, text=APPEAL + " says the reporter", actor=canary)
    theirs = file_appeal(second, text="Nobody was harmed here.", actor=owner)
    decide_appeal(theirs, state="upheld", answer="We read your card again.", actor=other_moderator)
    decide_appeal(mine, state="rejected", answer="The ban was the right length.", actor=other_moderator)
    lift_measure(Measure.objects.get(kind="posting_ban"), reason="It was too long.", actor=moderator)
    send_due_mail()
    return [on_comment, on_repository, *open_reports]


def seeds_for(repository, discussion, comment, author, owner):
    at = repository.get_absolute_url()
    return [
        *(at, f"{at}/discussions", f"{at}/moderation", discussion.get_absolute_url(), f"{at}/files", f"{at}/history"),
        *(f"/{author.username}", f"/{owner.username}", "/", "/models", "/models?sort=newest", "/search?q=tiny"),
        *("/search?q=canary", "/transparency", "/transparency?format=json", "/transparency?format=csv", "/policy"),
        *("/inbox", "/reports", "/standing", "/cases", "/settings/profile", "/api/v1/reports", "/api/v1/clauses"),
        *(f"/api/models/{repository.full_name}", "/api/models", "/api/v1/cases", "/api/schema/", "/admin/"),
        *(f"/report/comment/{comment.public_id}", f"/report/repository/{repository.public_id}"),
        *(f"/report/user/{author.public_id}", f"/report/discussion/{discussion.public_id}"),
    ]


@pytest.mark.parametrize("who", ["author", "owner", "stranger", "guest"])
def test_no_page_tells_who_reported(
    who, request, after_everything, repository, discussion, comment, author, owner, make_user
):
    named = {"guest": lambda: None, "stranger": lambda: make_user("passer-by")}
    viewer = named.get(who, lambda: request.getfixturevalue(who))()
    secret = [report.public_id for report in after_everything]
    seeds = seeds_for(repository, discussion, comment, author, owner)
    seen = everything_seen_by(viewer, [*seeds, *(f"/reports/{key}" for key in secret)])
    shown = {address for address, (status, _text) in seen.items() if status == 200}
    assert {"/transparency", "/policy", f"{repository.get_absolute_url()}/moderation"} <= shown
    for address, (status, text) in seen.items():
        assert status < 500, address
        # The address that was asked for comes back in forms to change the language: it tells nobody anything new.
        told = text.replace(address, "")
        leaks = [canary for canary, song in SONGS.items() if song.search(told)]
        assert not leaks, f"{address} tells {who} {leaks}"
        if "/reports/" not in address:
            assert not [key for key in secret if str(key) in told], address


def test_no_message_and_no_mail_to_others_tells_who_reported(after_everything, canary, mailoutbox):
    others = InboxMessage.objects.exclude(recipient=canary)
    mails = [mail for mail in mailoutbox if canary.email not in mail.to]
    assert others.count() >= 4
    assert len(mails) == others.count()
    texts = [f"{one.subject} {one.body} {one.link}" for one in others]
    texts += [f"{mail.subject} {mail.body} {mail.alternatives} {mail.extra_headers} {mail.to}" for mail in mails]
    assert not [(text, canary) for text in texts for canary, song in SONGS.items() if song.search(text)]


def test_the_crawl_finds_a_public_report(repository, canary, owner, discussion, comment, author):
    """The canary sings: where a report is public, the same crawl does find its name and words."""
    reported(repository, canary, "spam", text=f"{WORDS} {LINK}")
    seen = everything_seen_by(owner, [Discussion.objects.get(origin="report").get_absolute_url()])
    text = " ".join(text for _status, text in seen.values())
    assert NAME in text
    assert WORDS in text
