"""A page offers to lift what would be lifted; of everything else it says why somebody else has to do it (E5)."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import make_moderator
from accounts.models import User
from accounts.queries import system_actor
from community.actions import add_comment
from foundation.errors import Refused
from moderation.cases.actions import lift_measure
from moderation.sanctions.actions import impose
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from tests.reports.steps import decided

REASON = "We misread a figure of speech."


@pytest.fixture
def others(comment, author):
    """Three more comments of the author, who posts no more once they are banned."""
    return [add_comment(comment.discussion, text=f"Idiots, number {n}!", actor=author) for n in range(3)]


@pytest.fixture
def banned(report, comment, others, moderator):
    case = report(comment)
    decided(case, moderator, "posting_ban")
    return case


def offered(client, author, measure):
    """Whether the person's page offers to lift `measure`, and all that it says."""
    html = client.get(f"/cases/people/{author.public_id}").content.decode()
    return f"/lift/{measure.public_id}" in html, html


def refused(measure, person):
    with pytest.raises(Refused):
        lift_measure(measure, reason=REASON, actor=person)
    return True


def test_to_whoever_may(sign_in, banned, other_moderator, author):
    assert offered(sign_in(other_moderator), author, Measure.objects.get())[0]


def test_not_to_whoever_reported_it(sign_in, report, others, banned, make_user, moderator, author):
    partial = make_user("partial", moderator=True)
    decided(report(others[0], by=partial), moderator, "posting_ban")
    of_others, own = Measure.objects.order_by("pk")
    assert refused(own, partial)
    is_offered, html = offered(sign_in(partial), author, own)
    assert not is_offered
    assert "You reported this yourself. Somebody else has to decide about it." in html
    assert offered(sign_in(partial), author, of_others)[0]
    # On the page of a case too: it is about something else there.
    page = sign_in(partial).get(banned.get_absolute_url()).content.decode()
    assert f"/lift/{own.public_id}" not in page
    assert f"/lift/{of_others.public_id}" in page
    assert "You reported this yourself. Somebody else has to decide about it." in page


def test_not_in_the_own_repository(sign_in, banned, author, owner):
    make_moderator(owner, actor=system_actor())
    measure, person = Measure.objects.get(), User.objects.get(pk=owner.pk)
    assert refused(measure, person)
    is_offered, html = offered(sign_in(person), author, measure)
    assert not is_offered
    assert "This lies in a repository of yours" in html


def test_not_without_the_permission(sign_in, banned, make_user, author):
    reader = make_user("reader", moderator=True)
    reader.groups.clear()
    reader.user_permissions.add(Permission.objects.get(codename="view_queue"))
    reader, measure = User.objects.get(pk=reader.pk), Measure.objects.get()
    assert refused(measure, reader)
    is_offered, html = offered(sign_in(reader), author, measure)
    assert not is_offered
    assert "Your role does not lift this." in html


def test_not_what_belongs_to_no_case(sign_in, comment, moderator, other_moderator, author, clause):
    measure = impose(
        "posting_ban", subject_of(comment), clause=clause("harassment"), reason="By hand.", actor=moderator
    )
    assert refused(measure, other_moderator)
    is_offered, html = offered(sign_in(other_moderator), author, measure)
    assert not is_offered
    assert "This belongs to no case, so it cannot be lifted here." in html


def test_it_costs_the_same_for_many(sign_in, report, others, banned, moderator, other_moderator, author):
    client, counts = sign_in(other_moderator), []
    client.get(f"/cases/people/{author.public_id}")
    for one in others[:2], others[2:]:
        for comment in one:
            decided(report(comment), moderator, "posting_ban")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/cases/people/{author.public_id}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
