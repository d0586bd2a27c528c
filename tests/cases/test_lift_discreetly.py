"""Words with which something is lifted reach whom it affected, and nobody learns from them who reported it (C2, E5)."""

import pytest

from accounts.models import InboxMessage
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.orders import Verdict
from moderation.cases.naming import GivesAway, NamesSomebody
from moderation.cases.previewing import preview_decision
from moderation.cases.verify import find_faults
from moderation.sanctions.actions import impose
from moderation.sanctions.models import Measure

SAID = "My daughter Lin stands there with our whole address in Vientiane."


def said_to(person) -> str:
    return " ".join(InboxMessage.objects.filter(recipient=person).values_list("body", flat=True))


@pytest.fixture
def waiting(report, comment, moderator, clause):
    """waiting(by=…): a decision that waits for a second moderator, with a hold in its place."""

    def make(**fields):
        case = report(comment, "harassment", confidential=True, **fields)
        return decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
            measures=[MeasureOrder("deactivate")], explanation="You insult people again and again.",
        )  # fmt: skip

    return make


@pytest.mark.parametrize("words", ["{name} is wrong about this.", "{email} is wrong about this.", f"Wrong is: {SAID}"])
def test_no_violation_lifts_a_hold_in_words_that_give_nobody_away(report, comment, moderator, author, reporter, words):
    case = report(comment, "children-data", text=SAID, confidential=True)
    text = words.format(name=reporter.username, email=reporter.email)
    with pytest.raises((NamesSomebody, GivesAway)):
        preview_decision(case, Verdict("no_violation", None, (), text), actor=moderator)
    with pytest.raises((NamesSomebody, GivesAway)):
        decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=text)
    assert Measure.objects.standing().get().kind == "hold"


def test_where_nothing_is_lifted_nobody_else_reads_the_words(case, moderator, reporter, author):
    words = f"{reporter.username} errs."
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=words)
    assert reporter.username not in said_to(author)


def test_the_hold_in_the_place_of_a_decision_is_lifted_discreetly(sign_in, waiting, other_moderator, author, reporter):
    decision = waiting()
    hold, address = decision.confirmation.hold, decision.case.get_absolute_url()
    client = sign_in(other_moderator)
    answer = client.post(
        f"{address}/lift/{hold.public_id}", {"reason": f"{reporter.username} ({reporter.email}) asked."}
    )
    assert answer.status_code == 422
    assert reporter.username not in said_to(author)
    client.post(f"{address}/lift/{hold.public_id}", {"reason": "It can be read meanwhile."})
    lifted = decision.case.events.get(kind="measure.lifted")
    assert (lifted.actor, lifted.data["measure"]) == (other_moderator, hold.public_id.hex)
    assert list(find_faults()) == []


def test_programs_lift_it_too(sign_in, waiting, other_moderator):
    hold = waiting().confirmation.hold
    asked = {"reason": "It can be read again."}
    answer = sign_in(other_moderator).post(
        f"/api/v1/measures/{hold.public_id}/lift", asked, content_type="application/json"
    )
    assert answer.status_code == 200
    assert not Measure.objects.standing().filter(pk=hold.pk).exists()


def test_whoever_reported_it_does_not_lift_it(waiting, other_moderator):
    hold = waiting(by=other_moderator).confirmation.hold
    with pytest.raises(Refused):
        lift_measure(hold, reason="I reported it, now I show it.", actor=other_moderator)
    assert Measure.objects.standing().filter(pk=hold.pk).exists()


def test_what_belongs_to_no_case_nobody_of_us_lifts(comment, case, moderator, clause):
    """Nobody could look whether whoever lifts it may, and nothing would tell of it."""
    about = clause("harassment")
    lost = impose("hide_comment", case.subject, clause=about, reason="Lost.", actor=moderator)
    with pytest.raises(Refused) as refused:
        lift_measure(lost, reason="It belongs to nothing.", actor=moderator)
    assert refused.value.code == "no_case"
