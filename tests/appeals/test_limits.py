"""Appeals are limited like reports: a rate for everybody, and less for whoever contests in bad faith (G2, C4)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from accounts.models import InboxMessage
from foundation import clock
from foundation.errors import Forbidden, RateLimited, Refused
from moderation.appeals.actions import decide_appeal, file_appeal, lift_appeal_limit
from moderation.appeals.limits import MOST_AN_HOUR, file_within_limit, say_within_limit
from moderation.appeals.models import Appeal, AppealLimit, AppealMessage
from moderation.cases.actions import invite_by_mail
from moderation.cases.models import Decision
from moderation.reports.actions.evidence import EvidenceFile
from tests.appeals.test_who_decides import by_a_rule
from tests.reports.steps import case_of, decided, reported

WHY = "I do not agree with any of this."
ANSWER = "There is nothing in it that we had not seen."


@pytest.fixture
def contestable(written, reporter, moderator, author):
    """contestable(3): so many decisions that affect the author of the comments."""
    made = iter(range(100))

    def make(count):
        return [
            decided(case_of(reported(written(f"An insult, number {next(made)}."), reporter)), moderator, "posting_ban")
            for _ in range(count)
        ]

    return make


def test_so_many_a_day(contestable, author, settings, pass_time):
    settings.APPEALS_PER_DAY = 2
    first, second, third = contestable(3)
    for decision in (first, second):
        file_within_limit(decision, text=WHY, actor=author)
    with pytest.raises(RateLimited) as refused:
        file_within_limit(third, text=WHY, actor=author)
    assert timedelta(hours=23).total_seconds() < refused.value.seconds <= timedelta(days=1).total_seconds()
    assert not Appeal.objects.filter(decision=third).exists()
    pass_time(timedelta(days=1, seconds=1))
    assert file_within_limit(third, text=WHY, actor=author).pk


def test_the_page_keeps_the_words_and_says_when(sign_in, contestable, author, settings):
    settings.APPEALS_PER_DAY = 1
    first, second = contestable(2)
    file_within_limit(first, text=WHY, actor=author)
    statement = author.statements.get(decision_id=second.public_id)
    response = sign_in(author).post(f"/appeal/{statement.public_id}", {"text": WHY})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    html = response.content.decode()
    assert "You contested many decisions within a day" in html
    assert WHY in html


def test_what_is_too_much_leaves_no_file_on_the_disk(contestable, author, settings):
    settings.APPEALS_PER_DAY = 1
    first, second = contestable(2)
    file_within_limit(first, text=WHY, actor=author)
    with pytest.raises(RateLimited):
        file_within_limit(second, text=WHY, actor=author, files=[EvidenceFile("a.txt", "text/plain", b"a")])
    assert [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()] == []


def test_who_contested_before_is_told_that(contestable, author, settings):
    settings.APPEALS_PER_DAY = 1
    (decision,) = contestable(1)
    file_within_limit(decision, text=WHY, actor=author)
    with pytest.raises(Refused, match="contested this decision before"):
        file_within_limit(decision, text=WHY, actor=author)


def test_so_many_words_an_hour(contestable, author, settings, sign_in):
    (decision,) = contestable(1)
    appeal = file_appeal(decision, text=WHY, actor=author)
    for number in range(MOST_AN_HOUR):
        say_within_limit(appeal, text=f"And {number}.", actor=author)
    sent = {"text": "And another.", "request_id": "6f2c7f0e-5d05-4c3c-8a8e-1f60c5a1d001"}
    response = sign_in(author).post(f"/appeals/{appeal.public_id}", sent)
    assert response.status_code == 429
    assert response["Retry-After"]
    assert AppealMessage.objects.count() == MOST_AN_HOUR


def rejected(decisions, person, decider, bad_faith=True):
    for decision in decisions:
        appeal = file_appeal(decision, text=WHY, actor=person)
        decide_appeal(appeal, state="rejected", answer=ANSWER, bad_faith=bad_faith, actor=decider)


def told(person, key):
    return InboxMessage.objects.filter(recipient=person, key__startswith=key)


def test_three_marks_bring_a_notice_and_two_more_a_limit(contestable, author, other_moderator):
    author.language = "th"
    author.save()
    rejected(contestable(2), author, other_moderator)
    assert not told(author, "appeals-bad-faith:").exists()
    rejected(contestable(1), author, other_moderator)
    assert told(author, "appeals-bad-faith:").count() == 1
    assert not AppealLimit.objects.exists()
    rejected(contestable(2), author, other_moderator)
    limit = AppealLimit.objects.get()
    assert (limit.person, limit.per_day) == (author, 1)
    assert told(author, "appeal-limit:").count() == 1
    assert told(author, "appeals-bad-faith:").count() == 1


def test_without_a_mark_nothing_follows(contestable, author, other_moderator):
    rejected(contestable(6), author, other_moderator, bad_faith=False)
    assert not told(author, "appeals-bad-faith:").exists()


def test_only_what_is_rejected_is_marked(contestable, author, other_moderator):
    (decision,) = contestable(1)
    appeal = file_appeal(decision, text=WHY, actor=author)
    with pytest.raises(Refused, match="bad faith"):
        decide_appeal(appeal, state="upheld", answer=ANSWER, bad_faith=True, actor=other_moderator)
    with pytest.raises(IntegrityError, match="only_rejected_in_bad_faith"), transaction.atomic():
        Appeal.objects.update(bad_faith=True)


def test_the_page_marks(sign_in, contestable, author, other_moderator):
    (decision,) = contestable(1)
    appeal = file_appeal(decision, text=WHY, actor=author)
    sent = {"appeal": str(appeal.public_id), "state": "rejected", "answer": ANSWER, "bad_faith": "on"}
    where = f"/cases/{appeal.case.public_id}/appeal"
    assert sign_in(other_moderator).post(where, sent).status_code == 303
    assert Appeal.objects.get().bad_faith


@pytest.fixture
def limited(author):
    now = clock.now()
    return AppealLimit.objects.create(
        person=author, per_day=1, reason="We take fewer from you.", starts_at=now, ends_at=now + timedelta(days=30)
    )


def test_under_a_limit_one_a_day(contestable, author, limited, pass_time):
    first, second = contestable(2)
    file_within_limit(first, text=WHY, actor=author)
    with pytest.raises(RateLimited, match="We take fewer from you"):
        file_within_limit(second, text=WHY, actor=author)
    pass_time(timedelta(days=1, seconds=1))
    assert file_within_limit(second, text=WHY, actor=author).pk


def test_what_a_rule_did_is_never_limited(contestable, written, reporter, author, limited):
    (first,) = contestable(1)
    file_within_limit(first, text=WHY, actor=author)
    automated = by_a_rule(reported(written("One more insult."), reporter), "hold")
    assert file_within_limit(automated, text=WHY, actor=author).decision == automated


def test_nothing_becomes_too_late_by_a_limit(contestable, author, limited):
    first, second = contestable(2)
    file_within_limit(first, text=WHY, actor=author)
    soon = clock.now() - timedelta(days=160)
    Decision.objects.filter(pk=second.pk).update(decided_at=soon)
    author.statements.filter(decision_id=second.public_id).update(contest_until=soon + timedelta(days=183))
    assert file_within_limit(Decision.objects.get(pk=second.pk), text=WHY, actor=author).pk


def test_the_team_lifts_a_limit_and_the_person_hears_it(contestable, author, limited, moderator):
    with pytest.raises(Forbidden):
        lift_appeal_limit(author, actor=author)
    for _ in range(2):
        lift_appeal_limit(author, actor=moderator)
    limited.refresh_from_db()
    assert limited.lifted_by == moderator
    assert told(author, "appeal-limit-lifted:").count() == 1
    first, second = contestable(2)
    for decision in (first, second):
        file_within_limit(decision, text=WHY, actor=author)


def test_who_cannot_sign_in_is_sent_nowhere_where_they_had_to(written, reporter, moderator, other_moderator):
    """Somebody without an account, whom a case concerns, contested three times in bad faith."""
    for number in range(3):
        case = case_of(reported(written(f"Her street, number {number}."), reporter))
        party = invite_by_mail(
            case, role="parent", email="pim@families.example", name="Pim", language="en", actor=moderator
        )
        rejected([decided(case, moderator)], party.user, other_moderator)
    letter = told(party.user, "appeals-bad-faith:").get()
    assert (letter.link, letter.link_label) == ("", "")
