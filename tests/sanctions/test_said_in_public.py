"""What everybody reads about a measure: in the hub's own language, and of a confidential one “restricted” only (E3)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from foundation import clock
from moderation.sanctions.actions import lift
from moderation.sanctions.measures import KINDS
from moderation.transparency.queries import log_line, log_of

PUBLIC = [kind.code for kind in KINDS.values() if kind.public]


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_moderator_in_another_language_writes_in_the_hubs(take, repository, moderator, kind):
    """Title, opening and the words of lifting; the moderator's own words stay as they are."""
    assert settings.LANGUAGE_CODE == "en"
    with translation.override("th"):
        measure = take(kind, repository, reason="เหตุผลของเรา")
        lift(measure, reason="ไม่เป็นไร", actor=moderator)
    texts = [one.text for one in measure.discussion.comments.order_by("position")]
    said = " ".join([measure.discussion.title, *texts]).replace("เหตุผลของเรา", "")
    assert said.isascii() or not any("ก" <= letter <= "๙" for letter in said)
    # A request that is withdrawn is one line of the timeline, as it is when it is done.
    assert KINDS[kind].asks or "We lifted this measure." in texts[-1]


@pytest.mark.parametrize("kind", ["downgrade", "disable", "nfaa", "hide_card"])
def test_banner_of_a_confidential_measure_says_restricted_while_it_holds(take, repository, reporter, sign_in, kind):
    measure = take(kind, repository, "minors-sexual-content", reason="What we found there.")
    page = sign_in(reporter).get(f"{repository.get_absolute_url()}?nfaa=show").content.decode()
    banner = page.partition("<main")[2].partition('<nav class="tabs"')[0]
    if kind == "nfaa":  # asked first: nothing else is on that page
        return
    assert "This repository is restricted." in banner
    assert "We restricted this repository under our content policy." in banner
    for telling in ("disabled", "downgraded", "left this repository out", "hid the card", "What we found", "ends by"):
        assert telling not in banner.replace("downgraded.css", ""), telling
    assert measure.restriction.confidential


def test_log_names_neither_kind_nor_end_of_a_confidential_one(take, repository, client, moderator):
    from moderation.sanctions.actions import impose
    from moderation.subjects.actions import subject_of

    clause = take("downgrade", repository, "minors-sexual-content").clause
    impose("nfaa", subject_of(repository), clause=clause, reason="For a week.", actor=moderator,
           ends_at=clock.now() + timedelta(days=7))  # fmt: skip
    page = client.get(f"{repository.get_absolute_url()}/moderation", {"nfaa": "show"}).content.decode()
    for telling in ("For a week.", "left out of trending", "holds until 2"):
        assert telling not in page.partition("<main")[2], telling
    lines = [log_line(one, clock.now()) for one in log_of(repository)]
    assert {(one.title, one.ends_at) for one in lines} == {("Restricted", None)}


def test_log_says_what_would_lift_it_while_it_holds(take, repository, client, moderator):
    measure = take("downgrade", repository)
    path = f"{repository.get_absolute_url()}/moderation"
    words = "We lift it when the cause is gone, or when the decision is contested and we agree."
    assert words in client.get(path).content.decode()
    lift(measure, reason="The advert is gone.", actor=moderator)
    assert words not in client.get(path).content.decode()
