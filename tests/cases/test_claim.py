"""Claims: a lease, so that two people never work on the same case unknowingly (D4)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Membership
from community.actions import add_comment
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import claim, claim_next, decide, receive_report, release, renew
from moderation.cases.actions.free import ClaimedByOther
from moderation.cases.comfort import choose_comfort
from moderation.cases.models import Case
from moderation.cases.walking import FIRST, LOCK, lock_first
from moderation.policy.models import Clause
from tests.conftest import concurrent


def test_a_claim_lasts_ten_minutes(case, moderator, other_moderator, pass_time):
    claim(case, actor=moderator)
    pass_time(timedelta(minutes=9, seconds=59))
    with pytest.raises(ClaimedByOther, match="mira is working on this case"):
        claim(case, actor=other_moderator)
    pass_time(timedelta(seconds=2))
    assert claim(case, actor=other_moderator).assignee == other_moderator


def test_claiming_again_renews(claimed_case, moderator, pass_time):
    before = claimed_case.lease_until
    pass_time(timedelta(minutes=5))
    assert claim(claimed_case, actor=moderator).lease_until > before + timedelta(minutes=4)


def test_renewing_keeps_only_ones_own(claimed_case, moderator, other_moderator, pass_time):
    assert renew(claimed_case, actor=moderator) is True
    assert renew(claimed_case, actor=other_moderator) is False
    pass_time(timedelta(minutes=11))
    assert renew(claimed_case, actor=moderator) is False


def test_releasing_frees_only_ones_own(claimed_case, moderator, other_moderator):
    release(claimed_case, actor=other_moderator)
    claimed_case.refresh_from_db()
    assert claimed_case.assignee == moderator
    release(claimed_case, actor=moderator)
    claimed_case.refresh_from_db()
    assert claimed_case.assignee is None


def test_a_decided_case_cannot_be_claimed(case, moderator):
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="Only a figure of speech.")
    with pytest.raises(Refused, match="decided"):
        claim(case, actor=moderator)


def test_only_the_team_claims(case, reporter):
    with pytest.raises(Forbidden):
        claim(case, actor=reporter)
    with pytest.raises(Forbidden):
        claim_next(actor=reporter)


def test_nobody_claims_what_is_about_them(case, make_user, author):
    from accounts.actions import make_moderator
    from accounts.models import User
    from accounts.queries import system_actor

    make_moderator(author, actor=system_actor())
    promoted = User.objects.get(pk=author.pk)
    with pytest.raises(Forbidden, match="your own content"):
        claim(case, actor=promoted)
    assert claim_next(actor=promoted) is None


def test_next_is_the_first_that_is_free(many_cases, report, moderator, other_moderator, make_user):
    _quiet, loud, louder = many_cases(3)
    for name, target in (("ada", loud), ("ben", louder), ("cleo", louder)):
        report(target.subject.target, by=make_user(name))
    claim(louder, actor=other_moderator)
    assert claim_next(actor=moderator) == loud


def test_next_skips_appeals_against_own_decisions(claimed_case, moderator, other_moderator, author, clause):
    from moderation.appeals.actions import file_appeal
    from moderation.cases.actions import MeasureOrder

    decision = decide(
        claimed_case, actor=moderator, version=claimed_case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("friendly_warning")], explanation="You called people idiots.",
    )  # fmt: skip
    appeal = file_appeal(decision, text="I was only joking with friends.", actor=author)
    assert claim_next(actor=moderator) is None
    assert claim_next(actor=other_moderator) == appeal.case


def test_the_page_claims_and_shows_the_form(sign_in, moderator, case):
    client = sign_in(moderator)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Claim this case" in page
    assert "Statement of reasons" not in page
    answer = client.post(f"{case.get_absolute_url()}/claim")
    assert (answer.status_code, answer["Location"]) == (303, case.get_absolute_url())
    assert "Statement of reasons" in client.get(case.get_absolute_url()).content.decode()


def test_the_page_says_who_has_it(sign_in, moderator, other_moderator, claimed_case):
    client = sign_in(other_moderator)
    page = client.post(f"{claimed_case.get_absolute_url()}/claim", follow=True).content.decode()
    assert "mira is working on this case" in page
    assert "mira has it until" in page
    assert "Statement of reasons" not in page


def test_claim_next_opens_the_case(sign_in, moderator, case):
    answer = sign_in(moderator).post("/cases/next")
    assert (answer.status_code, answer["Location"]) == (303, case.get_absolute_url())


def test_claim_next_of_an_empty_queue_says_so(sign_in, moderator):
    page = sign_in(moderator).post("/cases/next", follow=True)
    assert "Nothing waits for you" in page.content.decode()


def test_an_open_page_renews_by_itself(sign_in, moderator, claimed_case, pass_time):
    client = sign_in(moderator)
    address = f"{claimed_case.get_absolute_url()}/renew"
    page = client.get(claimed_case.get_absolute_url()).content.decode()
    assert f'hx-post="{address}" hx-trigger="every 240s"' in page
    pass_time(timedelta(minutes=8))
    assert "yours until" in client.post(address).content.decode()
    pass_time(timedelta(minutes=8))
    assert renew(claimed_case, actor=moderator)


def test_an_open_page_learns_that_somebody_took_over(sign_in, moderator, other_moderator, claimed_case, pass_time):
    pass_time(timedelta(minutes=11))
    claim(claimed_case, actor=other_moderator)
    fragment = sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/renew").content.decode()
    assert "tomas has it until" in fragment
    assert "hx-post" not in fragment


def test_giving_back_frees_the_case(sign_in, moderator, claimed_case):
    answer = sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/release")
    claimed_case.refresh_from_db()
    assert (answer["Location"], claimed_case.assignee) == ("/cases", None)


@concurrent
def test_eight_people_claiming_at_once_never_get_the_same(discussion, author, reporter, make_user):
    for number in range(12):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        receive_report(comment, clause=Clause.objects.get(code="harassment"), text="Rude.", actor=reporter)
    people = [make_user(f"mod-{number}", moderator=True) for number in range(8)]
    together = threading.Barrier(len(people))

    def take(person):
        together.wait()
        try:
            return claim_next(actor=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        taken = list(pool.map(take, people))
    assert None not in taken
    assert len({case.pk for case in taken}) == len(people)
    assert Case.objects.filter(assignee__isnull=False).count() == len(people)


@pytest.mark.parametrize("looked_at", [1, 2, 3])
def test_the_first_ones_may_all_be_for_others(report, discussion, author, moderator, other_moderator, looked_at):
    """However many of them are looked at first: the next one that this person may decide is found, and is theirs."""
    comments = [add_comment(discussion, text=f"You idiot, number {number}.", actor=author) for number in range(3)]
    own = [report(comment, by=moderator) for comment in comments[:2]]
    case = report(comments[2], "spam")
    assert max(case.rank for case in own) < case.rank
    around = LOCK.replace(f"LIMIT {FIRST}", f"LIMIT {looked_at}")
    assert around != LOCK
    with transaction.atomic():
        found, _now = lock_first(moderator, around)
    assert found == case
    assert claim_next(actor=moderator) == case
    assert claim_next(actor=moderator) is None
    assert claim_next(actor=other_moderator) in own


def test_what_keeps_somebody_from_a_case_is_what_does_so_now(report, discussion, author, moderator, organization):
    """Also where it was otherwise when they took one last, which the search goes by at first."""
    first, second = (
        report(add_comment(discussion, text=f"You idiot, number {number}.", actor=author), clause)
        for number, clause in enumerate(("harassment", "spam"))
    )
    Case.objects.filter(pk=first.pk).update(organization=organization)

    def offered() -> Case:
        found = claim_next(actor=moderator)
        release(found, actor=moderator)
        return found

    assert [offered(), offered()] == [first, first]
    member = Membership.objects.create(user=moderator, organization=organization, role="read")
    assert [offered(), offered()] == [second, second]
    member.delete()
    assert [offered(), offered()] == [first, first]
    comfort = {"blur": True, "greyscale": True, "fold": True, "budget": None}
    choose_comfort(actor=moderator, **comfort, opted_out=[first.clause])
    assert [offered(), offered()] == [second, second]
    choose_comfort(actor=moderator, **comfort, opted_out=[])
    assert [offered(), offered()] == [first, first]


def test_who_took_one_before_finds_the_next_with_one_statement(
    report, discussion, author, moderator, django_assert_num_queries
):
    for number in range(3):
        report(add_comment(discussion, text=f"You idiot, number {number}.", actor=author))
    claim_next(actor=moderator)
    with transaction.atomic():
        for _time in range(2):
            with django_assert_num_queries(1):
                lock_first(moderator)


def test_while_somebody_works_on_it_nothing_is_offered_that_would_be_refused(
    sign_in, moderator, other_moderator, claimed_case, pass_time
):
    client = sign_in(other_moderator)
    verbs = [f'action="{claimed_case.get_absolute_url()}/{verb}"' for verb in ("hand-over", "snooze", "track")]
    page = client.get(claimed_case.get_absolute_url()).content.decode()
    assert "mira is working on this case" in page
    assert not [verb for verb in verbs if verb in page]
    pass_time(timedelta(minutes=11))
    page = client.get(claimed_case.get_absolute_url()).content.decode()
    assert [verb for verb in verbs if verb in page] == verbs
