"""A moderator chooses when a tag, a downgrade, a ban or what is private ends: hours, or a date (E5, F5)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from community.actions import add_comment
from community.models import Discussion
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, confirm_decision, decide
from moderation.cases.actions.orders import chosen_ends, orders_of
from moderation.policy.models import GuardedMeasure
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from repositories.access import access
from repositories.models import Repository
from repositories.queries import listed_for
from tests.reports.steps import case_of, reported

NOON = datetime(2100, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "You advertise a shop in three comments."


@pytest.fixture
def decide_with(reporter, moderator, clause):
    """decide_with(thing, MeasureOrder(…)): reported and decided."""

    def run(target, *orders: MeasureOrder, **changes):
        case = changes.pop("case", None) or case_of(reported(target, reporter, "spam"))
        values = {"actor": moderator, "version": case.version, "outcome": "violation", "clause": clause("spam"),
                  "measures": orders, "explanation": WORDS}  # fmt: skip
        return decide(case, **{**values, **changes})

    return run


@pytest.mark.parametrize("kind", [kind.code for kind in KINDS.values() if kind.chooses_end])
@pytest.mark.parametrize("hours", [24, 48, 168, 720])
def test_it_ends_after_so_many_hours_and_nothing_before(
    decide_with, comment, discussion, repository, set_clock, kind, hours
):
    set_clock(NOON)
    fits = KINDS[kind].subject_kinds
    thing = repository if fits == {"repository"} else comment if "comment" in fits else discussion
    decide_with(thing, MeasureOrder(kind, lasts=hours * HOUR))
    measure = Measure.objects.get()
    assert measure.ends_at == NOON + hours * HOUR
    enforced = measure.posting_restriction or measure.restriction or measure.hiding or measure.limit
    assert enforced.ends_at == measure.ends_at
    set_clock(measure.ends_at - timedelta(seconds=1))
    assert Measure.objects.standing().exists()
    set_clock(measure.ends_at)
    assert not Measure.objects.standing().exists()


def test_until_a_date_and_nothing_runs_meanwhile(decide_with, repository, reporter, set_clock):
    set_clock(NOON)
    decide_with(repository, MeasureOrder("private", ends_at=NOON + timedelta(days=10)))
    row = Repository.objects.select_related("namespace").get(pk=repository.pk)
    set_clock(NOON + timedelta(days=10, seconds=-1))
    assert not access(row, reporter).see
    set_clock(NOON + timedelta(days=10))
    assert access(row, reporter).files
    assert repository in listed_for(reporter)


def test_a_ban_across_the_change_of_daylight_saving_ends_after_its_hours(decide_with, comment, author, set_clock):
    """A clock on the wall changes; hours do not."""
    author.time_zone = "Europe/Berlin"
    author.save(update_fields=["time_zone"])
    begin = datetime(2100, 10, 30, 12, tzinfo=UTC)  # the night after that summer time ends
    set_clock(begin)
    decide_with(comment, MeasureOrder("posting_ban", lasts=24 * HOUR))
    body = InboxMessage.objects.get(recipient=author, key__startswith="statement").body
    assert "You can post again on 31 October 2100, 13:00 (CET)." in body
    set_clock(begin + 24 * HOUR - timedelta(seconds=1))
    assert standing_restriction(author) is not None
    set_clock(begin + 24 * HOUR)
    add_comment(comment.discussion, text="On the dot.", actor=author)


def test_the_statement_and_the_discussion_say_when(decide_with, repository, owner, set_clock):
    set_clock(NOON)
    decide_with(repository, MeasureOrder("downgrade", lasts=168 * HOUR))
    end = "This ends by itself on 27 November 2100, 12:00 (UTC)."
    assert end in InboxMessage.objects.get(recipient=owner).body
    assert end in Measure.objects.get().discussion.comments.get(position=1).text


@pytest.mark.parametrize("kind", ["close_discussion", "lock_discussion"])
def test_a_discussion_goes_on_at_the_end_whoever_is_down(decide_with, discussion, author, owner, set_clock, kind):
    set_clock(NOON)
    decide_with(discussion, MeasureOrder(kind, lasts=24 * HOUR))
    letter = InboxMessage.objects.get(recipient=author, key__startswith="statement").body
    assert "This ends by itself on 21 November 2100, 12:00 (UTC)." in letter
    assert "It ends by itself at its time" in KINDS[kind].what_would_lift_it(Measure.objects.get())
    set_clock(NOON + 24 * HOUR - timedelta(seconds=1))
    with pytest.raises(Refused):
        add_comment(discussion, text="One second early.", actor=owner)
    set_clock(NOON + 24 * HOUR)
    add_comment(discussion, text="On the dot.", actor=owner)
    row = Discussion.objects.get(pk=discussion.pk)
    assert (row.status, row.locked) == ("open", False)


def test_a_hidden_comment_is_read_again_at_the_end(decide_with, comment, author, client, set_clock):
    set_clock(NOON)
    words = comment.text
    decide_with(comment, MeasureOrder("hide_comment", ends_at=NOON + timedelta(days=3)))
    letter = InboxMessage.objects.get(recipient=author, key__startswith="statement").body
    assert "This ends by itself on 23 November 2100, 12:00 (UTC)." in letter
    page = comment.discussion.get_absolute_url()
    set_clock(NOON + timedelta(days=3, seconds=-1))
    assert words not in client.get(page).content.decode()
    set_clock(NOON + timedelta(days=3))
    assert words in client.get(page).content.decode()


def test_without_a_choice_it_is_as_it_was(decide_with, comment, repository, set_clock):
    set_clock(NOON)
    decide_with(comment, MeasureOrder("posting_ban"))
    decide_with(repository, MeasureOrder("downgrade"))
    assert set(Measure.objects.values_list("kind", "ends_at")) == {
        ("posting_ban", NOON + 48 * HOUR), ("downgrade", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "order",
    [
        MeasureOrder("friendly_warning", lasts=24 * HOUR),
        MeasureOrder("disable", lasts=24 * HOUR),
        MeasureOrder("hold", ends_at=datetime(2100, 1, 1, tzinfo=UTC)),
        MeasureOrder("downgrade", ends_at=datetime(2001, 1, 1, tzinfo=UTC)),
        MeasureOrder("downgrade", lasts=367 * 24 * HOUR),
    ],
)
def test_an_end_that_cannot_be_is_refused_and_nothing_is_done(decide_with, repository, order):
    with pytest.raises(Refused) as refused:
        decide_with(repository, order)
    assert refused.value.status == 400
    assert not Measure.objects.exists()


def test_a_repeated_request_says_the_same_end(decide_with, repository, reporter):
    case = case_of(reported(repository, reporter, "spam"))
    key = case.public_id
    first = decide_with(repository, MeasureOrder("downgrade", lasts=24 * HOUR), case=case, request_id=key)
    again = decide_with(repository, MeasureOrder("downgrade", lasts=24 * HOUR), case=case, request_id=key)
    assert (again.pk, again.made_before) == (first.pk, True)
    for other in (MeasureOrder("downgrade"), MeasureOrder("downgrade", lasts=48 * HOUR)):
        with pytest.raises(Refused) as refused:
            decide_with(repository, other, case=case, request_id=key)
        assert refused.value.code == "sent"


def test_what_a_rule_did_gets_the_chosen_end(decide_with, comment, take, set_clock):
    set_clock(NOON)
    take("posting_ban", comment, "spam", automated=True)
    set_clock(NOON + 30 * HOUR)
    decide_with(comment, MeasureOrder("posting_ban", lasts=24 * HOUR))
    measure = Measure.objects.get()
    assert (measure.interim, measure.ends_at) == (False, NOON + 54 * HOUR)
    assert measure.posting_restriction.ends_at == measure.ends_at


def test_whoever_confirms_gives_it_the_end_that_was_chosen(decide_with, repository, make_user, set_clock, clause):
    GuardedMeasure.objects.create(kind="private")
    set_clock(NOON)
    decision = decide_with(repository, MeasureOrder("private", lasts=24 * HOUR), clause=clause("weapons"))
    second = make_user("second", moderator=True)
    set_clock(NOON + 5 * HOUR)
    decision.case.refresh_from_db()
    confirm_decision(decision.confirmation, actor=second, version=decision.case.version)
    assert Measure.objects.standing().get().ends_at == NOON + 29 * HOUR


def test_an_event_keeps_the_orders():
    orders = [MeasureOrder("nfaa", lasts=24 * HOUR), MeasureOrder("private", ends_at=NOON), MeasureOrder("hold")]
    data = {"measures": [one.kind for one in orders], "ends": chosen_ends(orders)}
    assert data["ends"] == {"nfaa": 24, "private": "2100-11-20T12:00:00+00:00"}
    assert orders_of(data) == orders
    assert orders_of({"measures": ["hold"]}) == [MeasureOrder("hold")]


def test_one_that_ends_leaves_the_one_without_an_end(take, repository, reporter, moderator, set_clock, decide_with):
    set_clock(NOON)
    take("downgrade", repository)
    decide_with(repository, MeasureOrder("downgrade", lasts=24 * HOUR))
    set_clock(NOON + 25 * HOUR)
    assert repository not in listed_for(reporter)


class TestForm:
    @pytest.fixture
    def post(self, repository, reporter, moderator, sign_in):
        from moderation.cases.actions import claim

        case = claim(case_of(reported(repository, reporter, "spam")), actor=moderator)

        def send(**values):
            data = {"version": case.version, "request_id": str(case.public_id), "outcome": "violation",
                    "clause": "spam", "measures": ["downgrade"], "explanation": WORDS}  # fmt: skip
            return sign_in(moderator).post(f"/cases/{case.public_id}/decide", {**data, **values})

        send.page = lambda: sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()  # type: ignore[attr-defined]
        return send

    def test_it_offers_ends_where_one_can_be_chosen(self, post):
        page = post.page()
        assert 'name="lasts-downgrade"' in page
        assert 'name="until-disable"' not in page  # no time, only what its owner has to do
        assert 'name="lasts-friendly_warning"' not in page

    def test_seven_days(self, post, set_clock):
        assert post(**{"lasts-downgrade": "168"}).status_code == 303
        measure = Measure.objects.get()
        assert measure.ends_at - measure.starts_at == timedelta(days=7)

    def test_a_date_is_needed_and_is_read_in_the_moderators_zone(self, post, moderator):
        assert post(**{"lasts-downgrade": "date"}).status_code == 422
        moderator.time_zone = "Asia/Bangkok"
        moderator.save(update_fields=["time_zone"])
        when = datetime.now(UTC) + timedelta(days=30)
        until = f"{when:%Y-%m-%d}T12:00"
        assert post(**{"lasts-downgrade": "date", "until-downgrade": until}).status_code == 303
        assert f"{Measure.objects.get().ends_at:%H:%M}" == "05:00"


class TestApi:
    @pytest.fixture
    def post(self, repository, reporter, moderator):
        from django.test import Client

        from accounts.actions import create_token

        case = case_of(reported(repository, reporter, "spam"))

        def send(order):
            headers = {"authorization": f"Bearer {create_token(moderator, scope='moderate', actor=moderator)}"}
            asked = {"version": case.version, "outcome": "violation", "clause": "spam", "measures": [order],
                     "explanation": WORDS}  # fmt: skip
            path = f"/api/v1/cases/{case.public_id}/decisions"
            return Client().post(path, asked, content_type="application/json", headers=headers)

        return send

    @pytest.mark.parametrize("days", [7, 30])
    @pytest.mark.parametrize("way", ["hours", "ends_at"])
    def test_both_ways(self, post, way, days):
        until = (clock.now() + timedelta(days=days)).replace(microsecond=0)
        answer = post({"kind": "downgrade", **({"hours": 24 * days} if way == "hours" else {"ends_at": until})})
        assert answer.status_code == 201, answer.content
        (shown,) = answer.json()["measures"]
        assert abs(datetime.fromisoformat(shown["ends_at"]) - until) < timedelta(minutes=1)

    @pytest.mark.parametrize(
        "order",
        [
            {"hours": 0}, {"hours": 9_999}, {"hours": 2, "ends_at": "2100-11-27T12:00:00Z"}, {"ends_at": "soon"},
            {"ends_at": "2001-11-27T12:00:00Z"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_400(self, post, order):
        assert post({"kind": "downgrade", **order}).status_code == 400

    def test_a_kind_without_a_choice_is_400(self, post):
        assert post({"kind": "friendly_warning", "hours": 24}).status_code == 400
