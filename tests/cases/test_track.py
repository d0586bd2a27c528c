"""Which track a case is on is chosen case by case where the clause does not fit (D3)."""

import pytest

from foundation.errors import Forbidden, Refused
from moderation.cases.actions import ask_owner, choose_track
from moderation.cases.models import Event

WHY = "It is a tool for one attack, and nothing else."


@pytest.fixture
def moderated(report, repository):
    return report(repository, "strong-dual-use")


def test_it_is_an_event_with_its_reason(sign_in, moderated, moderator):
    choose_track(moderated, "restricted", reason=WHY, actor=moderator)
    assert moderated.track == "restricted"
    assert Event.objects.get(kind="track.chosen").data["before"] == "moderated"
    assert WHY in sign_in(moderator).get(moderated.get_absolute_url()).content.decode()
    choose_track(moderated, "restricted", reason=WHY, actor=moderator)
    assert Event.objects.filter(kind="track.chosen").count() == 1


def test_restricted_waits_for_nobody(moderated, moderator):
    ask_owner(moderated, text="What is it for?", actor=moderator)
    choose_track(moderated, "restricted", reason=WHY, actor=moderator)
    assert moderated.parked == ""


def test_refused_without_a_reason_or_a_right(moderated, moderator, reporter):
    with pytest.raises(Refused):
        choose_track(moderated, "restricted", reason="so", actor=moderator)
    with pytest.raises(Forbidden):
        choose_track(moderated, "restricted", reason=WHY, actor=reporter)


def test_by_the_page(sign_in, moderated, moderator):
    client, address = sign_in(moderator), f"/cases/{moderated.public_id}/track"
    assert client.post(address, {"track": "fast", "reason": WHY}).status_code == 422
    assert client.post(address, {"track": "restricted", "reason": WHY}).status_code == 303
