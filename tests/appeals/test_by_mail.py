"""The signed link in the mail of a statement: reads and contests for whoever cannot sign in, nothing else (G1)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from moderation.appeals.actions import ask_appellant, decide_appeal
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.sanctions.models import StatementOfReasons

WHY = "They called me a troll first."


@pytest.fixture
def stranger() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def link_in(mailoutbox, author):
    """link_in(): the path of the signed link in the newest mail to the author of the comment."""

    def find() -> str:
        send_due_mail()
        mail = [one for one in mailoutbox if one.to == [author.email]][-1]
        return re.search(r"http://testserver(/appeal/\S+/by-mail/\S+)", mail.body)[1]

    return find


@pytest.fixture
def link(decision, link_in) -> str:
    return link_in()


def test_it_stands_in_the_mail_only(link, mailoutbox, author, sign_in):
    [mail] = [one for one in mailoutbox if one.to == [author.email]]
    assert "If you cannot sign in" in mail.body
    assert link in mail.alternatives[0][0]
    letter, client = InboxMessage.objects.get(recipient=author), sign_in(author)
    token = link.rpartition("/")[2]
    for page in (f"/inbox/{letter.public_id}", f"/api/v1/inbox/{letter.public_id}", "/api/v1/inbox"):
        assert token not in client.get(page).content.decode()
    assert token not in letter.body + letter.link + letter.signed_path


def test_somebody_deactivated_reads_and_contests(link, author, stranger):
    author.is_active = False
    author.save()
    answer = stranger.get(link)
    text = answer.content.decode()
    for words in (
        "What we wrote to you",
        "Do you think we are wrong?",
        "a link in a mail to quentin",
        'content="no-referrer"',
    ):
        assert words in text
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    picture = SimpleUploadedFile("thread.txt", b"They began it.", "text/plain")
    sent = stranger.post(link, {"text": WHY, "attachments": picture}, follow=True)
    assert sent.redirect_chain == [(f"{link}/appeal", 303)]
    appeal = Appeal.objects.get()
    assert (appeal.appellant, appeal.text, appeal.files.count()) == (author, WHY, 1)
    assert "See how your appeal stands" in stranger.get(link).content.decode()
    # Sent twice it is one, and leads there.
    assert stranger.post(link, {"text": WHY}).status_code == 303
    assert Appeal.objects.count() == 1


def test_the_whole_conversation_works_through_it(link, link_in, author, other_moderator, stranger):
    stranger.post(link, {"text": WHY})
    appeal = Appeal.objects.get()
    ask_appellant(appeal, text="Which comment of theirs do you mean?", actor=other_moderator)
    place = f"{link_in()}/appeal"  # the mail with our question brings a link of its own
    page = stranger.get(place).content.decode()
    assert "Which comment of theirs do you mean?" in page
    request_id = re.search(r'name="request_id" value="([^"]+)"', page)[1]
    file = SimpleUploadedFile("thread.txt", b"They began it.", "text/plain")
    for _time in (1, 2):
        file.seek(0)
        form = {"text": "The one above mine.", "request_id": request_id, "attachments": file}
        assert stranger.post(place, form).status_code == 303
    assert AppealMessage.objects.filter(from_team=False, author=author).count() == 1
    assert AppealFile.objects.count() == 1
    decide_appeal(appeal, state="upheld", answer="You were provoked, and we missed it.", actor=other_moderator)
    assert "You were provoked" in stranger.get(f"{link_in()}/appeal").content.decode()


def test_before_it_is_contested_there_is_no_conversation(link, stranger):
    assert stranger.get(f"{link}/appeal").headers["Location"] == link


def test_limits_hold_there_too(link, stranger, settings, decision, author):
    settings.APPEALS_PER_DAY = 1
    other = Appeal.objects.create(
        decision=another_of(decision), case=decision.case, appellant=author, text=WHY, first_decider=decision.actor
    )
    answer = stranger.post(link, {"text": WHY})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert Appeal.objects.get() == other


def another_of(decision):
    from moderation.cases.models import Decision, Event

    event = Event.objects.filter(case=decision.case).exclude(pk=decision.event_id).first()
    return Decision.objects.create(
        case=decision.case, actor=decision.actor, outcome="violation", clause=decision.clause,
        policy_version=decision.policy_version, decided_at=decision.decided_at, event=event,
    )  # fmt: skip


def test_it_speaks_the_language_of_whom_it_is_for(decision, author, link_in, stranger):
    author.language = "th"
    author.save()
    assert '<html lang="th"' in stranger.get(link_in()).content.decode()


# Where it ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["password", "address", "time"])
def test_it_holds_no_more(link, change, author, stranger, pass_time):
    if change == "password":
        author.set_password("another long password")
        author.save()
    elif change == "address":
        author.email = "quentin@elsewhere.example"
        author.save()
    else:
        pass_time(timedelta(days=366))
    for page in (link, f"{link}/appeal"):
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, {"text": WHY}).status_code == 404
    assert not Appeal.objects.exists()


def test_it_is_for_this_person_and_this_decision(link, author, reporter, decision, stranger, comment, sign_in):
    """Nobody makes one of it for another decision, another person or another page."""
    head, _slash, token = link.rpartition("/")
    statement = StatementOfReasons.objects.get(recipient=author)
    other = StatementOfReasons.objects.create(
        decision_id=statement.decision_id, recipient=reporter, subject=statement.subject, clause=statement.clause,
        policy_version=statement.policy_version, facts="Other words.", automated_detection=False,
        automated_decision=False, contest_until=statement.contest_until,
    )  # fmt: skip
    for page in (
        f"/appeal/{other.public_id}/by-mail/{token}",
        f"{head}/{token[:-1]}",
        f"{head}/{int(token.partition('.')[0]) + 1}.{token.partition('.')[2]}",
        f"{head}/nonsense",
        f"/appeal/{decision.public_id}/by-mail/{token}",
    ):
        assert stranger.get(page).status_code == 404, page


def test_nothing_else_of_the_account_opens(link, stranger, author):
    stranger.get(link)
    assert "_auth_user_id" not in stranger.session
    for page in ("/standing", "/inbox", f"/appeal/{StatementOfReasons.objects.get().public_id}", "/settings/profile"):
        assert stranger.get(page).status_code == 302, page
    assert stranger.get("/api/v1/statements").status_code in {401, 403}


def test_only_showing_and_acting(link, stranger):
    assert stranger.put(link).status_code == 405
    assert stranger.head(link).status_code == 200
    assert not Appeal.objects.exists()


def test_the_page_asks_a_known_number_of_things(link, stranger, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        stranger.get(link)


# The team's page of limits ------------------------------------------------------------------------------------------


@pytest.fixture
def limited(author):
    from foundation import clock
    from moderation.appeals.models import AppealLimit

    return AppealLimit.objects.create(
        person=author, per_day=1, reason="Many without ground.", ends_at=clock.now() + timedelta(days=9)
    )


def test_the_team_lifts_a_limit_on_a_page(limited, author, decision, other_moderator, sign_in):
    from moderation.appeals.actions import file_appeal

    appeal = file_appeal(decision, text=WHY, actor=author)
    client = sign_in(other_moderator)
    page = f"/cases/people/{author.public_id}/appeals"
    assert page in client.get(f"/cases/people/{author.public_id}").content.decode()
    text = client.get(page).content.decode()
    assert "1 appeal a day until" in text
    assert f"/cases/{appeal.case.public_id}/appeal" in text
    answer = client.post(f"{page}/lift", follow=True)
    assert answer.redirect_chain == [(page, 303)]
    assert "A limit was lifted by tomas" in answer.content.decode()
    limited.refresh_from_db()
    assert limited.lifted_by == other_moderator
    assert InboxMessage.objects.filter(recipient=author, key__startswith="appeal-limit-lifted").count() == 1
    assert "This limit holds no more" in client.post(f"{page}/lift", follow=True).content.decode()


def test_it_is_for_others_of_the_team_only(limited, author, reporter, moderator, sign_in, client):
    page = f"/cases/people/{author.public_id}/appeals"
    assert client.get(page).status_code == 302
    assert sign_in(reporter).get(page).status_code == 404
    assert sign_in(reporter).post(f"{page}/lift").status_code == 404
    own = f"/cases/people/{moderator.public_id}/appeals"
    assert sign_in(moderator).get(own).status_code == 404
    assert sign_in(moderator).get(f"{page}/lift").status_code == 405
    limited.refresh_from_db()
    assert limited.lifted_at is None


def test_a_guest_gets_the_signed_link_and_no_other(db, mailoutbox, stranger):
    """Somebody without an account cannot open what asks for a sign-in."""
    from accounts.actions import guest_for, write_to
    from accounts.queries import system_actor

    guest = guest_for("pim@mail.example", confirmed=True)
    place = "/appeal/0d6f2a9e-9d5b-4f13-a1f5-9f2a65a0c0b7"
    words = {"subject": "Our decision", "body": "We decided.", "link_label": "Contest this decision"}
    write_to(guest, key="one", link=place, signed_path=place, actor=system_actor(), **words)
    send_due_mail()
    [mail] = mailoutbox
    for text in (mail.body, mail.alternatives[0][0]):
        assert text.count(place) == text.count(f"{place}/by-mail/") == 1
        assert "Contest this decision" in text
        assert "Read it in your inbox" not in text
