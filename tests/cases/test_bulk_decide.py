"""Deciding a selection together: all or none, each by the same rules, with a preview of every effect."""

import re
import uuid
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.models import InboxMessage
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.actions.bulk import MOST, Chosen, InTheWay, decide_together
from moderation.cases.api.bulk import EXAMPLE
from moderation.cases.api.decisions import OrderInput
from moderation.cases.models import BulkDecision, Case, Decision
from moderation.policy.models import GuardedMeasure
from moderation.sanctions.models import Measure
from tests.conftest import concurrent

NOBODYS = "00000000-0000-4000-8000-000000000000"
WORDS = "You called people idiots and told them to shut up."


@pytest.fixture
def together(moderator, clause):
    """together([case, …], outcome=…): what decide_together does; a warning for harassment by default."""

    def do(cases, **changes):
        values = {
            "outcome": "violation",
            "clause": clause("harassment"),
            "measures": [MeasureOrder("friendly_warning")],
            "explanation": WORDS,
            "actor": moderator,
            **changes,
        }
        return decide_together([Chosen(one, one.version) for one in cases], **values)

    return do


@pytest.fixture
def form():
    """form([case, …]): what the page sends."""

    def data(cases, **changes):
        return {
            "case": [f"{one.public_id}:{one.version}" for one in cases],
            "request_id": str(uuid.uuid4()),
            "outcome": "violation",
            "clause": "harassment",
            "measures": ["friendly_warning"],
            "explanation": WORDS,
            **changes,
        }

    return data


def test_all_are_decided_each_by_its_own_decision(together, many_cases, moderator):
    cases = many_cases(3)
    bulk = together(cases)
    assert Case.objects.filter(state="open").count() == 0
    assert [one.case for one in bulk.decisions.order_by("case")] == cases
    assert Measure.objects.standing().filter(kind="friendly_warning", actor=moderator).count() == 3


def test_words_are_filled_in_for_each(together, many_cases):
    together(many_cases(2), explanation="Dear {author}, “{subject}” in {repository} breaks our rules: {clause}.")
    reasons = set(Measure.objects.values_list("reason", flat=True))
    assert reasons == {
        "Dear quentin, “#1 How do I load this?” in nok/tiny-model breaks our rules: Harassment and bullying."
    }


def test_none_is_decided_where_one_is_stale(together, many_cases, report, make_user):
    fresh, stale = many_cases(2)
    report(stale.subject.target, by=make_user("second"))
    with pytest.raises(InTheWay) as refused:
        together([fresh, stale])
    assert [one.case for one in refused.value.obstacles] == [stale]
    assert "changed while you looked" in str(refused.value.obstacles[0].why)
    assert not Decision.objects.exists()
    assert not BulkDecision.objects.exists()


def test_everything_that_stands_in_the_way_is_named_at_once(together, many_cases, other_moderator, report, moderator):
    taken, decided, own, free = many_cases(4)
    claim(taken, actor=other_moderator)
    report(own.subject.target, by=moderator)
    own.refresh_from_db()
    decide(decided, actor=other_moderator, version=decided.version, outcome="no_violation", explanation=WORDS)
    with pytest.raises(InTheWay) as refused:
        together([taken, decided, own, free])
    said = {one.case: str(one.why) for one in refused.value.obstacles}
    assert set(said) == {taken, decided, own}
    assert "tomas is working" in said[taken]
    assert "decided already" in said[decided]
    assert "You reported this yourself" in said[own]


def test_what_a_second_moderator_confirms_is_decided_alone(together, many_cases):
    GuardedMeasure.objects.get_or_create(kind="deactivate")
    with pytest.raises(InTheWay) as refused:
        together(many_cases(1), measures=[MeasureOrder("deactivate")])
    assert "second moderator" in str(refused.value.obstacles[0].why)


def test_a_measure_that_does_not_fit_one_of_them_stands_in_the_way(together, case, report, repository):
    about_repository = report(repository, "spam")
    with pytest.raises(InTheWay) as refused:
        together([case, about_repository], measures=[MeasureOrder("downgrade")])
    assert case in [one.case for one in refused.value.obstacles]


def test_the_same_request_decides_once(together, many_cases, other_moderator):
    cases, request_id = many_cases(2), uuid.uuid4()
    first = together(cases, request_id=request_id)
    assert together(cases, request_id=request_id) == first
    assert Decision.objects.count() == 2
    with pytest.raises(Refused):
        together(cases, request_id=request_id, actor=other_moderator)


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_and_too_many_are_refused(together, case, count):
    with pytest.raises(Refused):
        together([case] * count)


def test_people_outside_the_team_decide_nothing(together, many_cases, reporter):
    with pytest.raises(Refused):
        together(many_cases(1), actor=reporter)


@concurrent
def test_two_selections_that_overlap_never_decide_one_twice(many_cases, moderator, other_moderator):
    cases = many_cases(4)
    barrier, results = Barrier(2), []

    def work(actor, mine):
        barrier.wait()
        try:
            chosen = [Chosen(one, one.version) for one in mine]
            decide_together(chosen, actor=actor, outcome="no_violation", explanation=WORDS)
            results.append("decided")
        except InTheWay:
            results.append("refused")
        finally:
            connection.close()

    threads = [
        Thread(target=work, args=(moderator, cases[:3])),
        Thread(target=work, args=(other_moderator, [*reversed(cases[1:])])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["decided", "refused"]
    assert Decision.objects.count() == 3


# The pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/cases/bulk", f"/cases/bulk/{NOBODYS}"])
def test_strangers_and_others_see_no_page(client, sign_in, reporter, path):
    assert client.get(path).status_code == 302
    assert sign_in(reporter).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/cases/bulk/preview", "/cases/bulk/decide"])
def test_only_the_team_posts_and_only_by_post(sign_in, reporter, moderator, many_cases, form, path):
    assert sign_in(reporter).post(path, form(many_cases(1))).status_code == 404
    assert sign_in(moderator).get(path).status_code == 405
    assert not Decision.objects.exists()


def test_the_queue_offers_the_boxes(sign_in, moderator, many_cases):
    (case,) = many_cases(1)
    page = sign_in(moderator).get("/cases").content.decode()
    assert re.search(rf'name="case"\s+value="{case.public_id}"', page)
    assert 'action="/cases/bulk"' in page
    assert 'name="case"' not in sign_in(moderator).get("/cases?lane=decided").content.decode()


def test_the_preview_says_the_effect_on_each(sign_in, moderator, many_cases, form):
    cases = many_cases(2)
    page = sign_in(moderator).post("/cases/bulk/preview", form(cases, measures=["posting_ban"])).content.decode()
    assert page.count("No posting in community tabs for a time, for quentin") == 2
    assert page.count("1 reporter hears the outcome.") == 2
    assert page.count("<strong>quentin</strong>") == 2
    assert not Decision.objects.exists()


def test_the_preview_of_a_repository_says_what_becomes_public(sign_in, moderator, report, repository, form):
    case = report(repository, "spam")
    sent = form([case], clause="spam", measures=["downgrade"])
    page = sign_in(moderator).post("/cases/bulk/preview", sent).content.decode()
    assert "Downgrade: left out of trending and feeds, on nok/tiny-model" in page
    assert "A public discussion opens in the repository" in page
    assert "<strong>nok</strong>" in page


def test_the_preview_says_what_stands_in_the_way_and_takes_it_out(
    sign_in, moderator, other_moderator, many_cases, form
):
    free, taken = many_cases(2)
    claim(taken, actor=other_moderator)
    client = sign_in(moderator)
    page = client.post("/cases/bulk/preview", form([free, taken])).content.decode()
    assert "tomas is working on this case." in page
    assert "1 case stands in the way" in page
    rest = client.post("/cases/bulk/preview", form([free, taken], only="free")).content.decode()
    assert str(free.public_id) in rest
    assert str(taken.public_id) not in rest


@pytest.mark.parametrize(
    ("missing", "effects"),
    [
        ({"explanation": ""}, 2),
        ({"explanation": "You"}, 2),
        ({"measures": []}, 0),
        ({"clause": ""}, 0),
        ({"outcome": ""}, 0),
        ({"outcome": "no_violation", "explanation": ""}, 2),
    ],
)
def test_what_is_not_chosen_or_written_yet_stands_in_nobodys_way(
    sign_in, moderator, many_cases, form, missing, effects
):
    page = sign_in(moderator).post("/cases/bulk/preview", form(many_cases(2), **missing)).content.decode()
    assert "in the way" not in page
    assert page.count("1 reporter hears the outcome.") == effects
    assert re.search(r">\s*Decide 2 cases\s*</button>", page)
    assert "disabled" not in page


def test_words_that_were_missing_can_be_written_and_sent(sign_in, moderator, many_cases, form):
    sent = form(many_cases(2))
    client = sign_in(moderator)
    page = client.post("/cases/bulk/decide", sent | {"explanation": ""}).content.decode()
    assert "Explain the decision in a sentence" in page
    assert "disabled" not in page  # what stands there is written, then sent with the same button
    assert client.post("/cases/bulk/decide", sent).status_code == 303


def test_deciding_leads_to_the_result_with_its_undo(sign_in, moderator, many_cases, form):
    cases = many_cases(3)
    answer = sign_in(moderator).post("/cases/bulk/decide", form(cases))
    assert answer.status_code == 303
    page = sign_in(moderator).get(answer["Location"]).content.decode()
    assert page.count("Harassment and bullying") == 3
    assert "Take it back" in page


def test_a_refusal_keeps_the_words_and_names_the_case(sign_in, moderator, many_cases, form, report, make_user):
    fresh, stale = many_cases(2)
    sent = form([fresh, stale])
    report(stale.subject.target, by=make_user("second"))
    answer = sign_in(moderator).post("/cases/bulk/decide", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert WORDS in page
    assert "changed while you looked at it" in page
    assert f"{stale.public_id}:{sent['case'][1].split(':')[1]}" in page  # still the version that was seen
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": ""}, "Choose whether this is a violation."),
        ({"explanation": "short"}, "Explain the decision in a sentence"),
        ({"explanation": "Dear {name}, this breaks our rules."}, "We do not know {name}"),
        ({"measures": []}, "A violation needs a clause and at least one measure."),
        ({"clause": "nonsense"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said(sign_in, moderator, many_cases, form, changes, said):
    answer = sign_in(moderator).post("/cases/bulk/decide", form(many_cases(1), **changes))
    assert answer.status_code in (409, 422)
    assert said in answer.content.decode()
    assert not Decision.objects.exists()


def test_cases_about_oneself_are_left_out_without_a_word(sign_in, moderator, make_repository, report):
    own = report(make_repository("hers", owner=moderator, actor=moderator), "spam")
    page = sign_in(moderator).get(f"/cases/bulk?case={own.public_id}").content.decode()
    assert f'value="{own.public_id}' not in page
    assert "No case is chosen" in page


@pytest.mark.parametrize("value", ["", "nonsense", "1:2:3", f"{NOBODYS}:-5", f"{NOBODYS}:{'9' * 30}"])
def test_odd_addresses_are_no_fault(sign_in, moderator, value):
    assert sign_in(moderator).get("/cases/bulk", {"case": value}).status_code == 200


def test_ends_are_chosen_for_all_of_them(sign_in, moderator, make_repository, report, form):
    cases = [report(make_repository(name), "spam") for name in ("one", "two")]
    client = sign_in(moderator)
    sent = form(cases, clause="spam", measures=["downgrade", "nfaa"],
                **{"lasts-downgrade": "done:documented", "lasts-nfaa": "168", "lasts-private": "24"})  # fmt: skip
    page = client.post("/cases/bulk/preview", sent).content.decode()
    assert re.search(r'value="done:documented"\s+selected', page)
    assert page.count("It holds until the owner did this: ") == 2
    assert client.post("/cases/bulk/decide", sent).status_code == 303
    waiting = Measure.objects.filter(kind="downgrade")
    assert set(waiting.values_list("until_done", "ends_at")) == {("documented", None)}
    assert {one.ends_at - one.starts_at for one in Measure.objects.filter(kind="nfaa")} == {timedelta(days=7)}
    assert waiting.count() == 2


def test_queries_grow_with_the_cases_only(sign_in, moderator, many_cases, form, django_assert_max_num_queries):
    cases = many_cases(4)
    client = sign_in(moderator)
    with django_assert_max_num_queries(15 + 9 * 4):
        client.post("/cases/bulk/preview", form(cases))


def test_everybody_told_is_told_once_for_each_case(together, many_cases, author):
    together(many_cases(2))
    subjects = InboxMessage.objects.filter(recipient=author).values_list("subject", flat=True)
    assert len([one for one in subjects if re.match("Our decision", one)]) == 2


def effects_on(moderator, case, **verdict):
    from foundation import clock
    from moderation.cases.actions.orders import Verdict
    from moderation.cases.overview.together import effects_of

    case.refresh_from_db()
    values = {"outcome": "violation", "clause": None, "measures": [], "explanation": WORDS, **verdict}
    (effect,) = effects_of([Chosen(case, case.version)], Verdict(**values), moderator, clock.now())
    assert effect.obstacles == []
    return effect.lines


def test_the_preview_names_parties_and_requests_that_end(report, repository, moderator, make_user, clause):
    """Everything that deciding does: who else hears of it, and what nobody asks for any more."""
    from moderation.cases.actions import invite
    from moderation.cases.actions.requests import RequestOrder, request_of_owner

    case = report(repository, "spam")
    invite(case, role="depicted", person=make_user("lena"), actor=moderator)
    request_of_owner(case, orders=[RequestOrder("request_gating")], text="Please gate it.", actor=moderator)
    case.refresh_from_db()
    lines = effects_on(moderator, case, outcome="no_violation")
    assert "A letter with the outcome goes to: depicted person (lena)." in lines
    assert "A letter with the outcome goes to: owner (nok)." in lines
    assert any(line.startswith("No longer asked of the owner: ") for line in lines)
    upheld = effects_on(
        moderator, case, clause=clause("spam"), measures=[MeasureOrder("nfaa")],
    )  # fmt: skip
    assert "A letter with the outcome goes to: owner (nok)." not in upheld  # who gets the statement of reasons
    before = set(InboxMessage.objects.values_list("pk", flat=True))
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=WORDS)
    told = InboxMessage.objects.exclude(pk__in=before).values_list("recipient__username", flat=True)
    assert {"lena", "nok"} <= set(told)
    assert not Measure.objects.standing().filter(kind="request_gating").exists()


def test_the_example_of_the_documentation_is_taken():
    asked = OrderInput(data=EXAMPLE["measures"], many=True)
    assert asked.is_valid(), asked.errors
