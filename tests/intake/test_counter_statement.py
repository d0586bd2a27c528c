"""The owner contradicts a claim: a copy goes out, and ten business days later it is open again (C5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import InboxMessage
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import claim as take
from moderation.cases.actions.changed_reports import withdraw_own_report
from moderation.cases.actions.counter import counter, note_suit, tell_of_suit
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from moderation.intake.claims import file_claim
from moderation.reports.actions.claims import Answer, Particulars
from moderation.reports.business_days import after_business_days
from moderation.reports.models import CounterStatement
from moderation.sanctions.models import Measure
from repositories.models import Restriction
from tests.reports.steps import WORDS, case_of, reported
from tests.reports.steps import decided as decide_by

THURSDAY = datetime(2037, 11, 19, 15, tzinfo=UTC)
FORM: dict[str, Any] = {
    "text": "It is my own text, written in 2019.",
    "location": "The repository as a whole",
    "name": "Nok Example",
    "address": "1 River Road, Bangkok",
    "phone": "+66 2 1234",
    "good_faith": "on",
    "jurisdiction": "on",
    "signature": "Nok Example",
}
ANSWER = Answer(**{**FORM, "good_faith": True, "jurisdiction": True})


@pytest.fixture
def made(repository, reporter, set_clock):
    """A claim about the repository of `owner`, made on a Thursday."""
    import uuid

    set_clock(THURSDAY)
    particulars = Particulars(
        right="copyright", work="My novel “The long way”", location="train.txt", holder="Iris Press",
        name="Iris Example", email="iris@books.example", good_faith=True, accurate=True, signature="Iris Example",
    )  # fmt: skip
    return file_claim(repository, particulars, request_id=uuid.uuid4(), actor=reporter).claim


@pytest.fixture
def closed(made, moderator):
    """The same after we disabled the repository for it."""
    from moderation.cases.actions import MeasureOrder, decide
    from moderation.policy.models import Clause

    case = case_of(made.report)
    decide(
        case, actor=moderator, version=case.version, outcome="violation", by_operator=True, explanation=WORDS,
        clause=Clause.objects.get(code="third-party-rights"), measures=[MeasureOrder("disable")],
    )  # fmt: skip
    return made


@pytest.fixture
def place(made):
    return f"/report/claim/{made.report.public_id}"


def restricted(repository):
    return Restriction.objects.active().filter(repository=repository).exists()


@pytest.mark.parametrize(
    ("sent", "restored"),
    [
        (datetime(2026, 11, 19, 15, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC)),  # Thursday
        (datetime(2026, 11, 20, 23, 59, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)),  # Friday
        (datetime(2026, 11, 21, 1, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)),  # Saturday
        (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC)),  # Monday
    ],
    ids=["Thursday", "Friday", "Saturday", "Monday"],
)
def test_ten_whole_weekdays_lie_between(sent, restored):
    assert after_business_days(sent, 10) == restored


def test_the_owner_hears_who_claims_it(closed, owner, sign_in, place):
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="claim:")
    assert letter.link == place
    assert "Iris Example claims rights in it" in letter.body
    text = sign_in(owner).get(place).content.decode()
    for words in ("Iris Example", "Iris Press", "The long way", "Send the counter-statement"):
        assert words in text
    assert "iris@books.example" not in text


def test_a_counter_statement_is_kept_copied_and_dated(closed, owner, reporter, sign_in, place):
    answer = sign_in(owner).post(place, FORM)
    assert (answer.status_code, answer["Location"]) == (303, place)
    statement = CounterStatement.objects.get()
    assert statement.restore_at == datetime(2037, 12, 4, tzinfo=UTC)
    copy = InboxMessage.objects.get(recipient=reporter, key__startswith="counter:")
    for words in ("my own text", "Nok Example", "1 River Road", "+66 2 1234", "4 December 2037"):
        assert words in copy.body
    text = " ".join(sign_in(owner).get(place).content.decode().split())
    assert "Your side sent a counter-statement" in text
    assert "unless a suit is filed before" in text


def test_every_particular_is_needed(closed, owner, sign_in, place):
    client = sign_in(owner)
    for name in FORM:
        answer = client.post(place, {key: value for key, value in FORM.items() if key != name})
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [name])
    assert not CounterStatement.objects.exists()


def test_when_nobody_sued_it_is_restored_exactly(closed, owner, moderator, reporter, repository, set_clock):
    counter(closed, ANSWER, actor=owner)
    set_clock(datetime(2037, 12, 3, 23, 59, tzinfo=UTC))
    act_on_deadlines()
    assert restricted(repository)
    set_clock(datetime(2037, 12, 4, 0, 1, tzinfo=UTC))
    act_on_deadlines()
    assert not restricted(repository)
    measure = Measure.objects.get()
    assert (measure.lifted_by.username, "counter-statement" in measure.lift_reason) == ("ombud", True)
    assert CounterStatement.objects.get().restored_at is not None
    kinds = list(case_of(closed.report).events.order_by("number").values_list("kind", flat=True))
    assert kinds[-3:] == ["counter.sent", "measure.lifted", "counter.restored"]
    assert InboxMessage.objects.filter(recipient=reporter, key__startswith="counter-restored:").exists()
    act_on_deadlines()
    assert CounterStatement.objects.count() == 1


def test_only_what_was_closed_for_the_claim_is_lifted(closed, owner, moderator, repository, author, clause, set_clock):
    from moderation.cases.actions import MeasureOrder, decide

    counter(closed, ANSWER, actor=owner)
    from moderation.cases.actions import receive_report

    case = case_of(receive_report(repository, clause=clause("spam"), text="It is spam too.", actor=author))
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"), by_operator=True,
        measures=[MeasureOrder("downgrade")], explanation=WORDS,
    )  # fmt: skip
    set_clock(THURSDAY + timedelta(days=30))
    act_on_deadlines()
    assert [one.kind for one in Measure.objects.standing()] == ["downgrade"]


def test_a_suit_keeps_it_closed(closed, owner, moderator, repository, sign_in, set_clock):
    statement = counter(closed, ANSWER, actor=owner)
    client = sign_in(moderator)
    page = client.get(case_of(closed.report).get_absolute_url()).content.decode()
    assert "The claimant filed a suit" in page
    assert "my own text" in page
    assert client.post(f"/cases/counter/{statement.public_id}/suit").status_code == 303
    set_clock(THURSDAY + timedelta(days=30))
    act_on_deadlines()
    assert restricted(repository)
    assert InboxMessage.objects.filter(recipient=owner, key__startswith="counter-suit:").exists()
    with pytest.raises(Refused, match="settled"):
        note_suit(statement, actor=moderator)


SUIT = {"suit": "Civil Court, Bangkok, number 123/2037"}


def test_the_claimant_tells_us_of_the_suit(closed, owner, reporter, moderator, repository, sign_in, set_clock):
    where = f"/reports/{closed.report.public_id}"
    client = sign_in(reporter)
    assert "Your claim was contradicted" not in client.get(where).content.decode()
    assert client.post(f"{where}/suit", SUIT).status_code == 409
    counter(closed, ANSWER, actor=owner)
    html = " ".join(client.get(where).content.decode().split())
    for words in ("Your claim was contradicted", "my own text", "unless a suit is filed before", f'"{where}/suit"'):
        assert words in html
    assert client.post(f"{where}/suit", {"suit": "Yes"}).status_code == 422
    answer = client.post(f"{where}/suit", SUIT)
    assert (answer.status_code, answer["Location"]) == (303, where)
    html = client.get(where).content.decode()
    assert "A suit was filed." in html
    assert f"{where}/suit" not in html
    assert client.post(f"{where}/suit", SUIT).status_code == 409
    page = sign_in(moderator).get(case_of(closed.report).get_absolute_url()).content.decode()
    assert SUIT["suit"] in page
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="counter-suit:")
    assert "123/2037" not in letter.body
    set_clock(THURSDAY + timedelta(days=30))
    act_on_deadlines()
    assert restricted(repository)
    assert not list(find_faults())


def test_nobody_else_tells_us_of_a_suit(closed, owner, reporter, author, moderator, sign_in, client):
    counter(closed, ANSWER, actor=owner)
    where = f"/reports/{closed.report.public_id}/suit"
    assert client.post(where, SUIT).status_code == 302
    for person in (owner, author, moderator):
        assert sign_in(person).post(where, SUIT).status_code == 404
        with pytest.raises(Forbidden):
            tell_of_suit(closed, text=SUIT["suit"], actor=person)
    assert CounterStatement.objects.get().suit_filed_at is None


def test_a_claimant_is_told_what_the_owner_learns(made, reporter, sign_in):
    client, where = sign_in(reporter), f"/reports/{made.report.public_id}"
    for page in (where, f"{where}/sent"):
        html = " ".join(client.get(page).content.decode().split())
        assert "only you and our team" not in html
        assert "Nobody but our team learns that you reported" not in html
        assert "its owner" in html


def test_what_we_lifted_before_stays_lifted(closed, owner, moderator, set_clock):
    from moderation.cases.actions import lift_measure

    counter(closed, ANSWER, actor=owner)
    lift_measure(Measure.objects.get(), reason="We were wrong about this one.", actor=moderator)
    set_clock(THURSDAY + timedelta(days=30))
    act_on_deadlines()
    assert Measure.objects.get().lifted_by == moderator


def test_one_counter_statement_a_claim(closed, owner):
    counter(closed, ANSWER, actor=owner)
    with pytest.raises(Refused, match="before"):
        counter(closed, ANSWER, actor=owner)


def test_only_the_owner_side_and_only_while_it_is_closed(made, owner, author, reporter, sign_in, client, place):
    assert client.get(place).status_code == 302
    for person in (owner, author, reporter):
        assert sign_in(person).get(place).status_code == 404
        assert sign_in(person).post(place, FORM).status_code == 404
        with pytest.raises(Forbidden):
            counter(made, ANSWER, actor=person)


def test_others_are_refused_when_it_is_closed(closed, author, reporter, moderator, sign_in, place):
    for person in (author, reporter, moderator):
        assert sign_in(person).get(place).status_code == 404
        assert sign_in(person).post(place, FORM).status_code == 404


def test_admins_of_an_organization_may_and_members_may_not(
    organization, make_repository, owner, author, reporter, moderator, clause
):
    import uuid

    from accounts.actions import join_organization
    from moderation.cases.actions import MeasureOrder, decide

    join_organization(author, organization, role="write", actor=owner)
    target = make_repository("shared", owner=organization, actor=owner)
    particulars = Particulars(right="trademark", work="The sign of my shop, a river")
    report = file_claim(target, particulars, request_id=uuid.uuid4(), actor=reporter)
    case = case_of(report)
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("third-party-rights"),
        measures=[MeasureOrder("disable")], explanation=WORDS, by_operator=True,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        counter(report.claim, ANSWER, actor=author)
    assert counter(report.claim, ANSWER, actor=owner).author == owner


def test_a_no_violation_tells_the_owner_nothing_of_a_claim(made, moderator, owner):
    decide_by(case_of(made.report), moderator)
    assert not InboxMessage.objects.filter(recipient=owner, key__startswith="claim:").exists()


def test_only_the_team_notes_a_suit_for_the_claimant(closed, owner, reporter, author, sign_in, client):
    statement = counter(closed, ANSWER, actor=owner)
    where = f"/cases/counter/{statement.public_id}/suit"
    assert client.post(where).status_code == 302
    for person in (owner, reporter, author):
        assert sign_in(person).post(where).status_code == 404
        with pytest.raises(Forbidden):
            note_suit(statement, actor=person)
    assert CounterStatement.objects.get().suit_filed_at is None


def test_deciding_anew_keeps_the_promise(closed, owner, moderator, repository, set_clock):
    from moderation.cases.actions.reopen import reopen

    counter(closed, ANSWER, actor=owner)
    case = Case.objects.get()
    reopen(case, reason="A colleague asked us to look again.", actor=moderator)
    take(case, actor=moderator)
    decide_by(case, moderator)
    set_clock(THURSDAY + timedelta(days=30))
    act_on_deadlines()
    assert not restricted(repository)


def test_the_page_costs_few_queries(closed, owner, sign_in, place, django_assert_max_num_queries):
    client = sign_in(owner)
    with django_assert_max_num_queries(12):
        client.get(place)


def test_whoever_took_the_claim_back_is_named_to_nobody(made, repository, owner, moderator, author):
    case = case_of(made.report)
    reported(repository, author, clause="third-party-rights")
    withdraw_own_report(made.report, actor=made.report.reporter)
    decide_by(case, moderator, "disable", clause="third-party-rights")
    assert not InboxMessage.objects.filter(recipient=owner, key__startswith="claim:").exists()
