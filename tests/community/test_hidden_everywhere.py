"""The text of a hidden comment is nowhere for anybody but the team, who keep it as evidence (B2, B5, C8)."""

import re
from collections import deque
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.actions import create_token
from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from accounts.queries import system_actor
from community import actions
from community.digests import Rhythm, choose_rhythm
from community.mailing import send_due_digests
from community.models import Comment, Notification
from community.notifying import notify
from community.pull_requests import open_pull_request
from community.subscribing import choose_level
from moderation.appeals.actions import file_appeal
from moderation.cases.feedback import read_changes
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report
from repositories.git import Put, store_bytes
from tests.reports.steps import case_of, decided, reported

# Of every hidden text one word; nobody else says any of them.
FIRST, HARSH, WITHDRAWN, BEFORE, AFTER, PROPOSED = (
    "zirkonfalke", "quarzluchse", "opalmarder", "jadeigeln", "topasdachs", "onyxbiber",
)  # fmt: skip
HIDDEN = (FIRST, HARSH, WITHDRAWN, BEFORE, AFTER, PROPOSED)
ADDRESS = re.compile(r'(?:href|src|action|formaction|hx-get|hx-post|data-[a-z-]+)="(/[^"#]*)')
MOST_PAGES = 250
VIEWERS = ["visitor", "stranger", "author", "owner", "reporter"]


@pytest.fixture
def people(make_user, author, owner, reporter):
    stranger = make_user("passer-by")
    for person in (author, owner, reporter, stranger):
        choose_rhythm(Rhythm.DAILY, actor=person)
    return {"visitor": None, "stranger": stranger, "author": author, "owner": owner, "reporter": reporter}


@pytest.fixture
def talk(repository, people, author, owner, reporter):
    """Everything that will be hidden, read, quoted, reacted to and told of while it still stood."""
    choose_level(repository, "watch", actor=people["stranger"])
    place = actions.open_discussion(
        repository, title="How do I load this?", text=f"It does not load: {FIRST} all day.", actor=author
    )
    said = {
        FIRST: place.comments.get(),
        HARSH: actions.add_comment(place, text=f"@{owner} you are {HARSH} and fools.\nAll of you here.", actor=author),
        WITHDRAWN: actions.add_comment(place, text=f"**Well**, {WITHDRAWN} it is, @iris.", actor=author),
        BEFORE: actions.add_comment(place, text=f"Only {BEFORE} say that aloud.", actor=author),
    }
    for one in said.values():
        quoted = "\n".join(f"> {line}" for line in one.text.split("\n"))
        actions.add_comment(place, text=f"{quoted}\n\nI beg to differ.", actor=reporter)
        again = "\n".join(f"> {line}" for line in f"{quoted}\n\nSo do I.".split("\n"))
        actions.add_comment(place, text=f"{again}\n\nAnd I.", actor=owner)
        actions.react(one, "confused", actor=owner)
    actions.add_comment(place, text=f"> you are {HARSH} and\n\nReally?", actor=people["stranger"])
    actions.edit_comment(said[BEFORE], text=f"Only {AFTER} say that aloud.", actor=author)
    change = Put("README.md", store_bytes(repository, b"# Another card\n").oid)
    proposal = open_pull_request(repository, [change], title="A card", text=f"For {PROPOSED} of all.", actor=author)
    said[PROPOSED] = proposal.comments.get()
    notify()
    return said


@pytest.fixture
def hidden(talk, owner, author, moderator, reporter, repository, clause, pass_time):
    """All of it hidden by one side or another, partly reported before and partly after, decided and contested."""
    before = [reported(talk[HARSH], reporter), reported(talk[FIRST].discussion, reporter, "spam")]
    actions.hide(talk[FIRST], category="off_topic", actor=owner)
    actions.hide(talk[HARSH], category="abuse", actor=system_actor())
    actions.hide(talk[WITHDRAWN], category="", actor=author)
    actions.hide(talk[BEFORE], category="spam", actor=owner)
    actions.hide(talk[PROPOSED], category="outdated", actor=owner)
    actions.add_comment(
        talk[HARSH].discussion, text=f"> All of you here.\n> @nok you are {HARSH} and fools.\n\nStill.", actor=reporter
    )
    quoting = Comment.objects.filter(author=owner, versions__text__contains=HARSH).get()
    after = [reported(talk[BEFORE], reporter), reported(quoting, reporter, "spam")]
    decision = decided(case_of(before[0]), moderator, "posting_ban", explanation="You insulted the people here.")
    file_appeal(decision, text="I was quoting an old joke there.", actor=author)
    for work in (notify, read_changes, send_due_mail):
        work()
    pass_time(timedelta(days=2))
    while send_due_digests() or send_due_mail():
        pass
    return [*before, *after]


def everything_seen_by(viewer, seeds):
    """Every page that `viewer` reaches from `seeds`: its status and whole text, attributes and headers included."""
    client = Client()
    if viewer is not None:
        client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    waiting: deque[str] = deque(seeds)
    seen: dict[str, Any] = {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if address in seen or address.startswith(("/static", "/accounts/logout", "/api/docs")):
            continue
        response = client.get(address)
        text = f"{response.headers} {b''.join(response).decode(errors='replace')}"
        seen[address] = (response.status_code, text)
        waiting.extend(found.replace("&amp;", "&") for found in ADDRESS.findall(text))
        if response.status_code in (301, 302, 303):
            waiting.append(response.headers["Location"].partition("#")[0])
    return seen


def seeds_for(repository, talk, reports):
    at = repository.get_absolute_url()
    places = {one.discussion.get_absolute_url() for one in talk.values()}
    comments = [f"{one.discussion.get_absolute_url()}/comments/{one.public_id}" for one in Comment.objects.all()]
    verbs = ("", "/quote", "/edit", "/versions", "/quote?words=you%20are")
    return [
        *(at, f"{at}/discussions", f"{at}/discussions?status=all", f"{at}/moderation", f"{at}/files", f"{at}/history"),
        *places,
        *(f"{place}/{below}" for place in places for below in ("files", "commits")),
        *(f"{one}{verb}" for one in comments for verb in verbs),
        *(f"{at}/discussions?q={word[:-2]}" for word in HIDDEN),
        *(f"/search?q={word[:-2]}" for word in HIDDEN),
        *("/quentin", "/nok", "/iris", "/", "/models", "/models?sort=newest", "/transparency", "/policy"),
        *("/inbox", "/inbox/discussions", "/inbox/discussions?show=all", "/reports", "/standing"),
        *(f"/inbox/{one}" for one in InboxMessage.objects.values_list("public_id", flat=True)),
        *(f"/reports/{one.public_id}" for one in reports),
        *(f"/appeals/{one}" for one in Case.objects.values_list("public_id", flat=True)),
        *(f"/appeals/decision/{one}" for one in Decision.objects.values_list("public_id", flat=True)),
        *(f"/report/{kind}/{one.public_id}" for kind, one in reportable(talk)),
        "/settings/notifications",
    ]


def reportable(talk):
    return [("comment", one) for one in Comment.objects.all()] + [("discussion", talk[FIRST].discussion)]


def leaks_in(text: str, address: str = "") -> list[str]:
    return [word for word in HIDDEN if word in text.replace(address, "").lower()]


@pytest.mark.slow
def test_no_page_tells(people, repository, talk, hidden, subtests):
    """What is there takes long to arrange: it is arranged once, for whoever looks."""
    for who in VIEWERS:
        with subtests.test(who):
            check_pages(people[who], repository, talk, hidden)


def check_pages(viewer, repository, talk, hidden):
    seen = everything_seen_by(viewer, seeds_for(repository, talk, hidden))
    shown = [address for address, (status, _text) in seen.items() if status == 200]
    assert len(shown) > 40
    assert {one.discussion.get_absolute_url() for one in talk.values()} <= set(shown)
    leaks = {address: leaks_in(text, address) for address, (_status, text) in seen.items()}
    assert not {address: found for address, found in leaks.items() if found}
    assert not [address for address, (status, _text) in seen.items() if status >= 500]


def test_no_program_is_told(people, repository, talk, hidden, subtests):
    for who in VIEWERS:
        with subtests.test(who):
            check_programs(people[who], repository, talk, hidden)


def check_programs(person, repository, talk, hidden):
    client = Client()
    headers = {}
    if person is not None:
        headers["authorization"] = f"Bearer {create_token(person, scope='write', actor=system_actor())}"
    hub, api = f"/api/models/{repository.full_name}", "/api/v1"
    places = {one.discussion for one in talk.values()}
    addresses = [
        *(hub, f"{hub}/discussions", f"{hub}/commits/main", f"{hub}/refs?include_prs=1"),
        *(f"{hub}/discussions/{one.number}?diff=1" for one in places),
        *(f"{api}/repositories/{repository.public_id}/discussions", f"{api}/reports", f"{api}/clauses"),
        *(
            f"{api}/discussions/{one.public_id}{below}"
            for one in places
            for below in ("", "/timeline", "/subscription")
        ),
        *(f"{api}/comments/{one.public_id}" for one in Comment.objects.all()),
        *(f"{api}/reports/{one.public_id}" for one in hidden),
        *(f"{api}/cases", *(f"{api}/cases/{one}" for one in Case.objects.values_list("public_id", flat=True))),
    ]
    answers = {address: client.get(address, headers=headers) for address in addresses}
    assert not {address: found for address, one in answers.items() if (found := leaks_in(one.content.decode()))}
    assert answers[f"{api}/comments/{talk[HARSH].public_id}"].json()["hidden"] is True
    assert answers[f"{hub}/discussions/1?diff=1"].status_code == 200
    assert not [address for address, one in answers.items() if one.status_code >= 500]


def test_answers_to_those_who_hide_do_not_repeat_it(people, talk, sign_in, owner):
    """The answer of the verb itself, and of what is refused while it is hidden."""
    comment = talk[HARSH]
    token = create_token(owner, scope="write", actor=system_actor())
    hub = f"/api/models/{comment.discussion.repository.full_name}/discussions/{comment.discussion.number}"
    hide = f"{hub}/comment/{comment.public_id.hex}/hide"
    body = Client().post(hide, "{}", content_type="application/json", headers={"authorization": f"Bearer {token}"})
    assert body.status_code == 200
    assert HARSH not in body.content.decode()
    page = f"{comment.discussion.get_absolute_url()}/comments/{comment.public_id}/edit"
    answer = sign_in(people["author"]).post(page, {"text": "Other words."})
    assert (answer.status_code, HARSH in answer.content.decode()) == (409, False)


def test_no_mail_and_no_message_tells(people, hidden, mailoutbox):
    """Statements, outcomes, digests: what was hidden before they were sent is in none of them."""
    assert Notification.objects.filter(comment__hidden=True).exists()
    subjects = [one.subject for one in mailoutbox]
    assert len(mailoutbox) >= 4, subjects
    told = [f"{one.subject} {one.body} {one.alternatives} {one.extra_headers}" for one in mailoutbox]
    told += [f"{one.subject} {one.body} {one.link}" for one in InboxMessage.objects.all()]
    assert not [text for text in told if leaks_in(text)]


def test_team_keeps_it_as_evidence(hidden, moderator, sign_in, talk):
    client = sign_in(moderator)
    for report, word in zip(hidden, (HARSH, FIRST, AFTER, HARSH), strict=True):
        page = client.get(f"/cases/{case_of(report).public_id}").content.decode()
        assert word in page, report.subject
    place = talk[BEFORE].discussion.get_absolute_url()
    versions = client.get(f"{place}/comments/{talk[BEFORE].public_id}/versions").content.decode()
    assert BEFORE in versions
    assert AFTER in versions


def test_shown_again_everything_is_as_it_was(people, repository, talk, moderator):
    before = dict(Comment.objects.values_list("pk", "text"))
    for one in talk.values():
        actions.hide(one, category="abuse", actor=system_actor())
    assert dict(Comment.objects.values_list("pk", "text")) != before
    for one in talk.values():
        actions.unhide(one, actor=moderator)
    assert dict(Comment.objects.values_list("pk", "text")) == before


def test_crawl_finds_what_is_shown(people, repository, talk):
    """The same crawl, before anything was hidden, does find the words."""
    seen = everything_seen_by(people["stranger"], [talk[FIRST].discussion.get_absolute_url()])
    text = " ".join(text for _status, text in seen.values())
    assert {FIRST, HARSH, WITHDRAWN, BEFORE, AFTER} <= {word for word in HIDDEN if word in text}


def test_reporter_sees_again_what_is_shown_again(people, hidden, talk, moderator, sign_in, reporter):
    page = f"/reports/{Report.objects.get(pk=hidden[0].pk).public_id}"
    assert HARSH not in sign_in(reporter).get(page).content.decode()
    actions.unhide(talk[HARSH], actor=moderator)
    assert HARSH in sign_in(reporter).get(page).content.decode()
