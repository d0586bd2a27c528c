"""Who was told of a decision hears what became of it, once and in their language; the deadline that we promised."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import InboxMessage, Membership, OrganizationRole
from foundation import clock
from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import invite
from moderation.cases.models import Case, Decision
from moderation.policy.actions import post_version
from moderation.policy.models import CONTEST_WITHIN, PolicyVersion
from moderation.reports.models import Report
from tests.appeals.test_who_decides import by_a_rule
from tests.reports.steps import case_of, decided, reported

WHY = "They called me a troll, mulberry."
ANSWER = "You were provoked, which is a hawthorn."


@pytest.fixture
def around(comment, reporter, make_user, moderator):
    """Iris and olga reported it, ada is depicted; each but iris reads Thai."""
    case = case_of(reported(comment, reporter))
    olga = make_user("olga", language="th")
    reported(comment, olga)
    ada = make_user("ada", language="th")
    invite(case, role="depicted", person=ada, actor=moderator)
    return case, olga, ada


def heard(person, appeal):
    return list(InboxMessage.objects.filter(recipient=person, key=f"appeal-told:{appeal.public_id}"))


def test_overturned_everybody_hears_it_once_in_their_language(around, author, moderator, other_moderator, reporter):
    case, olga, ada = around
    decision = decided(case, moderator, "posting_ban")
    appeal = file_appeal(decision, text=WHY, actor=author)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    for person in (reporter, olga, ada):
        [letter] = heard(person, appeal)
        assert "mulberry" not in letter.body
        assert "hawthorn" not in letter.body
        assert "quentin" not in letter.body + letter.subject
        assert "tomas" not in letter.body
    assert "found that we were wrong" in heard(reporter, appeal)[0].body
    assert "you can contest it until" in heard(reporter, appeal)[0].body
    assert not heard(author, appeal)  # who reads our answer instead
    [answer] = InboxMessage.objects.filter(recipient=author, key=f"appeal:{appeal.public_id}")
    assert f"- {decision.measures.get().get_kind_display()}" in answer.body
    assert f"> {ANSWER}" in answer.body
    # One letter, not one more for each measure.
    assert not InboxMessage.objects.filter(recipient=author, key__startswith="lifted:").exists()


def test_what_stands_is_told_to_nobody_else(around, author, moderator, other_moderator, reporter):
    case, olga, ada = around
    appeal = file_appeal(decided(case, moderator, "posting_ban"), text=WHY, actor=author)
    decide_appeal(appeal, state="rejected", answer=ANSWER, actor=other_moderator)
    assert not any(heard(person, appeal) for person in (reporter, olga, ada))
    assert Decision.objects.get().overturned == ""


def test_a_reporter_was_right_and_everybody_hears_that_we_look_again(
    around, author, moderator, other_moderator, reporter
):
    case, olga, ada = around
    decision = decided(case, moderator, "posting_ban")
    appeal = file_appeal(decision, text="48 hours are not enough.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    for person in (author, olga, ada):
        [letter] = heard(person, appeal)
        assert "iris" not in letter.body
        assert "hawthorn" not in letter.body
    assert "It holds until then." in heard(author, appeal)[0].body
    with translation.override("th"):
        assert heard(olga, appeal)[0].subject == gettext("We look again") != "We look again"
    assert not heard(reporter, appeal)
    assert Case.objects.get(pk=case.pk).state == "open"


def test_of_what_a_rule_did_reporters_heard_nothing_and_hear_nothing(around, author, moderator, reporter):
    case, olga, ada = around
    appeal = file_appeal(by_a_rule(case.case_reports.first().report), text=WHY, actor=author)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=moderator)
    assert not any(heard(person, appeal) for person in (reporter, olga, ada))
    assert Case.objects.get(pk=case.pk).state == "open"  # a human still decides about it


def test_the_other_admins_of_an_organization_read_our_answer(
    organization, make_repository, reporter, moderator, other_moderator, owner, make_user
):
    ann = make_user("ann", language="th")
    Membership.objects.create(organization=organization, user=ann, role=OrganizationRole.ADMIN)
    repository = make_repository("shared", owner=organization)
    decision = decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    appeal = file_appeal(decision, text=WHY, actor=owner)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    answers = InboxMessage.objects.filter(key=f"appeal:{appeal.public_id}")
    assert {one.recipient.username for one in answers} == {"nok", "ann"}
    assert not heard(ann, appeal)


def test_after_a_later_decision_the_others_heard_that_and_hear_nothing(
    around, author, moderator, other_moderator, make_user, reporter
):
    from moderation.cases.actions import reopen

    case, olga, _ada = around
    first = decided(case, moderator, "posting_ban")
    appeal = file_appeal(first, text=WHY, actor=author)
    reopen(Case.objects.get(pk=case.pk), reason="There is more of it.", actor=moderator)
    decided(Case.objects.get(pk=case.pk), moderator, "friendly_warning")
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert not heard(olga, appeal)
    assert case.case_reports.first().report.state == "upheld"


# The deadline


def test_the_deadline_is_the_policys_and_what_was_promised_holds(
    comment, discussion, reporter, moderator, admin, author, pass_time
):
    first = decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    promised = author.statements.get(decision_id=first.public_id).contest_until
    assert promised == first.decided_at + CONTEST_WITHIN
    post_version(summary="Three weeks.", contest_within=timedelta(days=21), actor=admin)
    pass_time(timedelta(days=11))
    second = decided(case_of(reported(discussion, reporter)), moderator, "posting_ban")
    statement = author.statements.get(decision_id=second.public_id)
    assert statement.contest_until == second.decided_at + timedelta(days=21)
    pass_time(timedelta(days=30))
    with pytest.raises(Refused, match="is over"):
        file_appeal(second, text=WHY, actor=author)
    assert file_appeal(first, text=WHY, actor=author).pk
    with pytest.raises(Refused, match="is over"):
        file_appeal(second, text=WHY, actor=reporter)
    assert file_appeal(first, text=WHY, actor=reporter).pk


def test_pages_and_letters_say_that_deadline(
    comment, reporter, moderator, admin, make_user, pass_time, sign_in, client
):
    post_version(summary="Three weeks.", contest_within=timedelta(days=21), actor=admin)
    pass_time(timedelta(days=11))
    assert "contested for 21 days" in " ".join(client.get("/policy").content.decode().split())
    case = case_of(reported(comment, reporter))
    ada = make_user("ada")
    party = invite(case, role="depicted", person=ada, actor=moderator)
    decision = decided(case, moderator)
    until = f"{decision.decided_at + timedelta(days=21):%-d %B %Y}"
    [letter] = InboxMessage.objects.filter(recipient=ada, key__startswith="matter-decided:")
    assert until in letter.body
    assert until in sign_in(ada).get(f"/matters/{party.public_id}").content.decode()
    assert until in sign_in(reporter).get(f"/appeals/decision/{decision.public_id}").content.decode()


def test_a_version_keeps_the_deadline_unless_it_says_another(admin):
    post_version(summary="Three weeks.", contest_within=timedelta(days=21), actor=admin)
    assert post_version(summary="Clearer words.", actor=admin).contest_within == timedelta(days=21)
    with pytest.raises(Refused, match="a day at least"):
        post_version(summary="At once.", contest_within=timedelta(), actor=admin)


def test_an_administrator_sets_it(sign_in, admin):
    sent = {"summary": "Nine months.", "effective_at_0": "", "effective_at_1": "", "contest_days": "270"}
    assert sign_in(admin).post("/admin/policy/policyversion/add/", sent).status_code == 302
    assert PolicyVersion.objects.get(number=2).contest_within == timedelta(days=270)


def test_whoever_hears_that_it_was_overturned_has_as_long_again(
    comment, reporter, moderator, other_moderator, author, pass_time
):
    decision = decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    pass_time(timedelta(days=182))
    appeal = file_appeal(decision, text=WHY, actor=author)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    pass_time(timedelta(days=20))
    assert file_appeal(Decision.objects.get(), text="They did insult everybody.", actor=reporter).pk
    assert Appeal.objects.count() == 2
    assert clock.now() > decision.decided_at + CONTEST_WITHIN


def test_what_was_decided_again_meanwhile_is_not_opened_once_more(
    around, moderator, other_moderator, reporter, make_user, sign_in
):
    """Two reporters contest the same; between our answers it is decided anew, as both wanted."""
    case, olga, ada = around
    decision = decided(case, moderator)
    first = file_appeal(decision, text=WHY, actor=olga)
    second = file_appeal(decision, text=WHY, actor=reporter)
    decide_appeal(first, state="upheld", answer=ANSWER, actor=other_moderator)
    assert Case.objects.get(pk=case.pk).state == "open"
    anew = decided(case, make_user("uma", moderator=True), "posting_ban")
    decide_appeal(second, state="upheld", answer=ANSWER, actor=make_user("vera", moderator=True))
    case.refresh_from_db()
    assert (case.state, case.decided_at) == ("decided", anew.decided_at)
    assert not Report.objects.exclude(state="upheld").exists()
    [letter] = InboxMessage.objects.filter(recipient=reporter, key=f"appeal:{second.public_id}")
    assert letter.body.startswith("We looked again and you were right.\n")
    assert "what was decided then holds, and can be contested too" in letter.body
    assert (len(heard(ada, first)), heard(ada, second)) == (1, [])
    assert "It was decided again since." in sign_in(reporter).get(letter.link).content.decode()


def test_many_who_reported_it_cost_few_statements(around, author, moderator, other_moderator, make_user, comment):
    for number in range(8):
        reported(comment, make_user(f"reader-{number}"))
    appeal = file_appeal(decided(around[0], moderator, "posting_ban"), text=WHY, actor=author)
    with CaptureQueriesContext(connection) as asked:
        decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert InboxMessage.objects.filter(key=f"appeal-told:{appeal.public_id}").count() == 11
    statements = [one["sql"] for one in asked]
    assert len([one for one in statements if "INSERT INTO accounts_inboxmessage" in one]) == 2
    assert len([one for one in statements if "sanctions_statementofreasons" in one]) < 8
