"""In the moderated track, what restricts a repository says why a request to its owner does not suffice (E3)."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actions import create_token
from moderation.cases.actions import MeasureOrder, ask_owner, claim, decide
from moderation.cases.events import words
from moderation.cases.models import Event
from moderation.sanctions.models import Measure

WHY = "We asked twice, and the card still says nothing of it."
URGENT = "It is in the news today."


@pytest.fixture
def moderated(report, repository):
    return report(repository, "toxic-speech-artifacts")


@pytest.fixture
def take(moderated, moderator, clause):
    def decided(*kinds, code="toxic-speech-artifacts", **changes):
        moderated.refresh_from_db()
        values = {
            "actor": moderator, "version": moderated.version, "outcome": "violation", "clause": clause(code),
            "measures": [MeasureOrder(kind) for kind in kinds], "explanation": "It repeats slurs without a warning.",
            "override": URGENT,
        }  # fmt: skip
        return decide(moderated, **{**values, **changes})

    return decided


@pytest.mark.parametrize("kind", ["downgrade", "private", "disable"])
@pytest.mark.parametrize("said", ["", "   ", "because"])
def test_without_a_sentence_nothing_is_restricted(take, kind, said):
    from foundation.errors import Refused

    with pytest.raises(Refused, match="does not suffice") as refused:
        take(kind, insufficient=said)
    assert (refused.value.status, refused.value.code) == (400, "insufficient")
    assert not Measure.objects.exists()


def test_the_sentence_stays_on_record(take, moderated):
    take("downgrade", insufficient=WHY)
    event = Event.objects.get(case=moderated, kind="requests.insufficient")
    assert words(event) == WHY
    assert WHY not in str(event.data)
    assert Measure.objects.standing().exists()


@pytest.mark.parametrize("kind", ["nfaa", "friendly_warning", "hold", "hide_card"])
def test_what_restricts_nothing_needs_none(take, kind):
    take(kind)
    assert not Event.objects.filter(kind="requests.insufficient").exists()


def test_restricted_content_needs_none(take):
    take("downgrade", code="spam")


def test_form_asks_for_it(moderated, moderator, sign_in):
    case = claim(moderated, actor=moderator)
    client, path = sign_in(moderator), f"/cases/{case.public_id}"
    assert "Why a request to the owner does not suffice" in client.get(path).content.decode()
    data = {
        "version": case.version, "request_id": str(case.public_id), "outcome": "violation",
        "clause": "toxic-speech-artifacts", "measures": ["downgrade"], "override": URGENT,
        "explanation": "It repeats slurs without a warning.",
    }  # fmt: skip
    refused = client.post(f"{path}/decide", data)
    assert refused.status_code == 422
    assert "Say in a sentence why a request to the owner does not suffice" in refused.content.decode()
    assert client.post(f"{path}/decide", {**data, "insufficient": WHY}).status_code == 303
    assert "Why a request to the owner does not suffice" in client.get(path).content.decode()


def test_api_answers_400_without_it(moderated, moderator):
    ask_owner(moderated, text="Please describe the risks.", actor=moderator)
    moderated.refresh_from_db()
    headers = {"authorization": f"Bearer {create_token(moderator, scope='moderate', actor=moderator)}"}
    asked = {
        "version": moderated.version, "outcome": "violation", "clause": "toxic-speech-artifacts",
        "measures": [{"kind": "downgrade"}], "explanation": "It repeats slurs without a warning.", "override": URGENT,
    }  # fmt: skip
    path = f"/api/v1/cases/{moderated.public_id}/decisions"
    refused = Client().post(path, asked, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "insufficient")
    made = Client().post(path, {**asked, "insufficient": WHY}, content_type="application/json", headers=headers)
    assert made.status_code == 201


def test_command_takes_it(repository, moderator):
    call_command(
        "impose", "downgrade", repository.get_absolute_url(), "--clause", "toxic-speech-artifacts", "--reason",
        "It repeats slurs without a warning.", "--override", URGENT, "--insufficient", WHY, "--hours", "24",
    )  # fmt: skip
    measure = Measure.objects.get()
    assert (measure.ends_at - measure.starts_at).days == 1
