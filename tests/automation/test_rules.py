"""Rules: what makes them hold, shadow and live, and what they never do (I1, I2)."""

import json
from datetime import timedelta

import pytest

from accounts.actions import create_organization, join_organization
from accounts.models import User
from accounts.posting import standing_restriction
from community.actions import add_comment
from foundation import changes, clock
from foundation.errors import Forbidden
from foundation.models import Change
from moderation.automation.actions import switch_rule
from moderation.automation.models import Rule, RuleRun
from moderation.automation.reporters import independent_reporters
from moderation.automation.rules import KINDS, evaluate_rules
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.models import Case, Decision
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause
from moderation.sanctions.actions import impose
from moderation.sanctions.models import Measure
from repositories.queries import listed_for


def test_rules_ship_in_shadow(db):
    assert set(Rule.objects.values_list("code", "mode")) == {("toxic-comment", "shadow"), ("spam-repository", "shadow")}


def test_shadow_records_what_it_would_have_done_and_does_nothing(reported, comment, author):
    case = reported(comment)
    evaluate_rules()
    run = RuleRun.objects.get()
    assert (run.mode, run.decision, run.case) == ("shadow", None, case)
    assert run.facts == {"score:toxicity": 0.9, "reporters": 3}
    assert standing_restriction(author) is None
    assert not Decision.objects.exists()


def test_live_it_bans_for_the_time_being(live, reported, comment, author):
    case = reported(comment)
    evaluate_rules()
    measure = Measure.objects.get()
    assert (measure.kind, measure.person, measure.automated, measure.interim) == ("posting_ban", author, True, True)
    assert standing_restriction(author) is not None
    case.refresh_from_db()
    assert case.state == "open"
    assert case.due_at is not None
    assert RuleRun.objects.get().decision == Decision.objects.get(interim=True, actor__username="ombud")


def test_live_it_downgrades_a_repository(live, reported, repository, reporter):
    reported(repository, "spam", label="spam")
    evaluate_rules()
    assert repository not in listed_for(reporter)
    assert Measure.objects.get().ends_at == pytest.approx(clock.now() + timedelta(hours=72), abs=timedelta(minutes=1))


@pytest.mark.parametrize("value", [0.5, 0.79])
def test_a_score_that_is_not_confident_is_not_enough(live, reported, comment, value):
    reported(comment, value=value)
    evaluate_rules()
    assert not RuleRun.objects.exists()


def test_another_label_is_not_enough(live, reported, comment):
    reported(comment, label="spam")
    evaluate_rules()
    assert not RuleRun.objects.exists()


def test_two_reporters_are_not_enough_and_a_third_makes_it_hold(live, reported, report, comment, voices):
    case = reported(comment, by=voices[:2])
    evaluate_rules()
    assert not RuleRun.objects.exists()
    report(comment, by=voices[2])
    evaluate_rules()
    assert RuleRun.objects.get().case == case


def test_reports_first_and_the_score_later_make_it_hold_too(live, report, score, comment, voices):
    for person in voices:
        case = report(comment, by=person)
    evaluate_rules()
    assert not RuleRun.objects.exists()
    score(case)
    changes.tell("snapshot.scored", case.case_reports.first().report.snapshot_id, actor_id=None)
    evaluate_rules()
    assert RuleRun.objects.count() == 1


def test_without_reports_a_rule_never_acts(live, comment):
    assert evaluate_rules() == 0
    assert not Case.objects.exists()


def test_a_rule_that_is_off_records_nothing(reported, comment):
    Rule.objects.update(mode="off")
    reported(comment)
    evaluate_rules()
    assert not RuleRun.objects.exists()


# Which reporters count --------------------------------------------------------------------------------------------


def test_new_accounts_do_not_count(reported, comment, voices, make_user):
    case = reported(comment, by=[*voices[:2], make_user("fresh", days_old=6)])
    assert independent_reporters(case) == 2


def test_banned_and_deactivated_accounts_do_not_count(reported, comment, voices, clause, moderator):
    from moderation.subjects.actions import subject_of

    case = reported(comment)
    impose("posting_ban", subject_of(voices[0]), clause=clause("spam"), reason="Adverts only.", actor=moderator)
    User.objects.filter(pk=voices[1].pk).update(is_active=False)
    assert independent_reporters(case) == 1


def test_people_of_the_thread_do_not_count(reported, comment, voices):
    add_comment(comment.discussion, text="I was here too.", actor=voices[0])
    assert independent_reporters(reported(comment)) == 2


def test_people_of_one_organization_count_once(reported, comment, voices):
    lab = create_organization("lab", actor=voices[0])
    join_organization(voices[1], lab, role="read", actor=voices[0])
    assert independent_reporters(reported(comment)) == 2


def test_a_chain_of_organizations_counts_once(reported, comment, voices):
    one, other = (
        create_organization(name, actor=person) for name, person in (("lab-a", voices[0]), ("lab-b", voices[2]))
    )
    join_organization(voices[1], one, role="read", actor=voices[0])
    join_organization(voices[1], other, role="read", actor=voices[2])
    assert independent_reporters(reported(comment)) == 1


def test_people_linked_to_the_author_do_not_count(reported, comment, voices, author):
    lab = create_organization("lab", actor=author)
    join_organization(voices[1], lab, role="read", actor=author)
    assert independent_reporters(reported(comment)) == 2


def test_authors_cannot_report_themselves_into_it(reported, comment, voices, author):
    assert independent_reporters(reported(comment, by=[*voices[:2], author])) == 2


def test_the_same_person_twice_counts_once(reported, report, comment, voices):
    case = reported(comment, by=voices[:2])
    report(comment, "spam", by=voices[0])
    assert independent_reporters(case) == 2


# Not twice, not against a person's decision ------------------------------------------------------------------------


def test_what_a_person_lifted_no_rule_repeats_for_the_same_content(
    live, reported, report, comment, moderator, make_user
):
    reported(comment)
    evaluate_rules()
    lift_measure(Measure.objects.get(), reason="Only a figure of speech.", actor=moderator)
    report(comment, by=make_user("dora"))
    evaluate_rules()
    assert Measure.objects.count() == RuleRun.objects.count() == 1


def test_a_new_case_about_the_same_content_is_not_acted_on_again(live, reported, comment, moderator, make_user):
    case = reported(comment)
    evaluate_rules()
    case.refresh_from_db()
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="Only a figure of speech.")
    reported(comment, by=[make_user(name) for name in ("dora", "emil", "fay")])
    evaluate_rules()
    assert not Measure.objects.standing().exists()


def test_who_is_banned_already_is_not_banned_again(live, reported, comment, discussion, author, moderator, clause):
    case = reported(comment)
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    reported(discussion)
    evaluate_rules()
    assert Measure.objects.count() == 1
    assert RuleRun.objects.get(case__subject__discussion=discussion).decision is None


def test_lifted_by_hand_it_climbs_no_further(live, reported, comment, moderator):
    case = reported(comment)
    evaluate_rules()
    case.refresh_from_db()
    points = case.points
    lift_measure(Measure.objects.get(), reason="A quotation, as the thread shows.", actor=moderator)
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("open", None)
    assert case.points < points


def test_lifted_by_a_decision_it_is_in_the_events(live, reported, comment, moderator):
    case = reported(comment)
    evaluate_rules()
    case.refresh_from_db()
    words = "A quotation, as the thread shows."
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=words)
    kinds = list(case.events.exclude(kind="rows.sealed").order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["case.decided", "measure.lifted"]
    assert list(find_faults()) == []


def test_a_second_evaluation_does_nothing_more(live, reported, comment):
    reported(comment)
    assert evaluate_rules() > 0
    assert evaluate_rules() == 0
    assert RuleRun.objects.count() == Measure.objects.count() == 1


def test_a_rule_that_cannot_act_holds_up_no_other(live, reported, make_repository, owner, reporter, clause):
    """A posting ban needs a person: nobody answers alone for what an organization owns."""
    spam = Rule.objects.get(code="spam-repository")
    Clause.objects.filter(code="spam").update(automation=["posting_ban", "downgrade"])
    Rule.objects.filter(pk=live.pk).update(
        subject_kinds=["repository"], conditions=spam.conditions, clause=spam.clause, measure="posting_ban"
    )
    assert live.pk < spam.pk
    target = make_repository("shop", owner=create_organization("traders", actor=owner))
    reported(target, "spam", label="spam")
    evaluate_rules()
    assert [measure.kind for measure in Measure.objects.all()] == ["downgrade"]
    assert not Change.objects.filter(done_at=None, kind__in=KINDS).exists()


def test_a_person_who_confirms_it_under_another_clause_is_cited_with_that_clause(
    live, reported, comment, moderator, clause, author
):
    case = reported(comment)
    evaluate_rules()
    case.refresh_from_db()
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("hate-speech"),
        measures=[MeasureOrder("posting_ban")], explanation="You wish all of them gone.",
    )  # fmt: skip
    assert Measure.objects.get().clause == clause("hate-speech")
    assert author.statements.latest("pk").clause == clause("hate-speech")


# Switching, and the page -------------------------------------------------------------------------------------------


def test_switching_needs_its_permission(moderator, admin):
    rule = Rule.objects.first()
    with pytest.raises(Forbidden):
        switch_rule(rule, "off", actor=moderator)
    assert switch_rule(rule, "off", actor=admin).mode == "off"


def test_the_page_switches_only_for_those_who_may(sign_in, moderator, admin):
    rule = Rule.objects.first()
    address = f"/rules/{rule.public_id}"
    assert "Administrators switch rules" in sign_in(moderator).get(address).content.decode()
    assert sign_in(moderator).post(f"{address}/switch", {"mode": "off"}).status_code == 403
    answer = sign_in(admin).post(f"{address}/switch", {"mode": "off"}, follow=True)
    assert "The rule is now off" in answer.content.decode()
    assert Rule.objects.get(pk=rule.pk).mode == "off"
    answer = sign_in(admin).post(f"{address}/switch", {"mode": "loud"}, follow=True)
    assert "Choose one of the modes" in answer.content.decode()
    assert Rule.objects.get(pk=rule.pk).mode == "off"


def test_people_outside_the_team_find_no_rules(client, sign_in, reporter, db):
    rule = Rule.objects.first()
    assert client.get("/rules").status_code == 302
    for path in ("/rules", f"/rules/{rule.public_id}"):
        assert sign_in(reporter).get(path).status_code == 404
    assert sign_in(reporter).post(f"/rules/{rule.public_id}/switch", {"mode": "live"}).status_code == 404


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (None, "not decided yet"),
        (("violation", ["posting_ban"]), "the same"),
        (("violation", ["friendly_warning"]), "a violation, other measures"),
        (("no_violation", []), "no violation"),
    ],
)
def test_the_page_shows_runs_with_what_people_decided(sign_in, moderator, reported, comment, clause, decided, words):
    case = reported(comment)
    evaluate_rules()
    if decided:
        outcome, kinds = decided
        decide(
            case, actor=moderator, version=case.version, outcome=outcome, explanation="A person looked at it again.",
            clause=clause("harassment") if kinds else None, measures=[MeasureOrder(kind) for kind in kinds],
        )  # fmt: skip
    client = sign_in(moderator)
    page = client.get(f"/rules/{Rule.objects.get(code='toxic-comment').public_id}").content.decode()
    assert words in page
    assert "would have acted" in page
    assert "toxicity 0.90, 3 reporters" in page
    assert client.get("/rules").status_code == 200


# Administration ----------------------------------------------------------------------------------------------------


def rule_form(rule: Rule, **changes) -> dict:
    return {
        "code": rule.code, "title": rule.title, "mode": rule.mode, "subject_kinds": '["comment"]', "clauses": "[]",
        "conditions": json.dumps(rule.conditions), "clause": rule.clause_id, "measure": rule.measure,
        "explanation": rule.explanation, "floor": rule.floor, "enough": rule.enough,
        "hourly_limit": rule.hourly_limit, **changes,
    }  # fmt: skip


def test_administrators_edit_rules(sign_in, admin):
    rule = Rule.objects.get(code="toxic-comment")
    address = f"/admin/automation/rule/{rule.pk}/change/"
    assert sign_in(admin).post(address, rule_form(rule, lasts=12, mode="off")).status_code == 302
    rule.refresh_from_db()
    assert (rule.lasts, rule.mode) == (12, "off")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"measure": "downgrade"}, "does not let a rule do this by itself"),
        ({"measure": "exile"}, "There is no such measure"),
        ({"subject_kinds": '["planet"]'}, "Give a list of these"),
        ({"subject_kinds": '"comment"'}, "Give a list of these"),
        ({"lasts": 49}, "Until a person looks it may hold for 1 to 48 hours"),
        ({"subject_kinds": '["organization"]'}, "can only be taken on these"),
        ({"clauses": '["gossip"]'}, "There is no clause “gossip”"),
        ({"conditions": '{"groups": []}'}, "Give an object with a list of 1 to 4 “groups”"),
        ({"hourly_limit": 0}, "greater than or equal to 1"),
    ],
)
def test_a_rule_that_could_not_act_is_not_saved(sign_in, admin, changes, message):
    rule = Rule.objects.get(code="toxic-comment")
    answer = sign_in(admin).post(f"/admin/automation/rule/{rule.pk}/change/", rule_form(rule, **changes))
    assert answer.status_code == 200
    assert message in answer.content.decode()


def test_a_new_rule_starts_in_shadow(sign_in, admin):
    rule = Rule.objects.get(code="toxic-comment")
    form = rule_form(rule, code="another", mode="live")
    assert sign_in(admin).post("/admin/automation/rule/add/", form).status_code == 302
    assert Rule.objects.get(code="another").mode == "shadow"


def test_rules_are_not_deleted(sign_in, admin):
    rule = Rule.objects.first()
    assert sign_in(admin).post(f"/admin/automation/rule/{rule.pk}/delete/", {"post": "yes"}).status_code == 403
