"""The tag "not for all audiences" written into a card, and where it came from (A4)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import clock
from foundation.errors import Refused
from repositories.actions import commit, lift, restrict
from repositories.actions.restrictions import change_end, store_ended_labels
from repositories.card import NFAA_TAG, read_card
from repositories.labels import add_tag
from repositories.models import Repository
from repositories.queries import listed_for

TAG = NFAA_TAG
CARDS = {
    "# Hi\n": f"---\ntags:\n- {TAG}\n---\n\n# Hi\n",
    "---\nlicense: mit\n---\n# x": f"---\nlicense: mit\ntags:\n- {TAG}\n---\n# x",
    "---\ntags: [a, b]\nlicense: mit\n---\nx": f"---\ntags: [a, b, {TAG}]\nlicense: mit\n---\nx",
    "---\ntags:\n  - a # why\nlicense: x\n---\nx": f"---\ntags:\n  - a # why\n  - {TAG}\nlicense: x\n---\nx",
    "---\ntags: a\nlicense: x\n---\nx": f"---\ntags: [a, {TAG}]\nlicense: x\n---\nx",
    "---\ntags:\nlicense: x\n---\nx": f"---\ntags: [{TAG}]\nlicense: x\n---\nx",
    "---\ntags: []\n---\n": f"---\ntags: [{TAG}]\n---\n",
    "---\r\ntags:\r\n- a\r\n---\r\nx": f"---\r\ntags:\r\n- a\r\n- {TAG}\r\n---\r\nx",
}


@pytest.mark.parametrize("number", range(len(CARDS)))
def test_only_the_tag_is_added(number):
    before, after = list(CARDS.items())[number]
    assert add_tag(before) == after
    assert read_card(after).nfaa


@pytest.mark.parametrize("card", ["---\ntags: [not-for-all-audiences]\n---\n", "---\ntags: [a\n---\nx"])
def test_cards_that_have_it_or_cannot_be_read(card):
    with pytest.raises(Refused):
        add_tag(card)


WORDS = st.text("abcdefgh-", min_size=1, max_size=8).filter(lambda word: word.strip("-"))


@given(tags=st.lists(WORDS, max_size=4), flow=st.booleans(), other=st.booleans(), body=st.text("ab\n#- ", max_size=30))
def test_every_other_tag_and_the_body_stay(tags, flow, other, body):
    shown = f"tags: [{', '.join(tags)}]" if flow else "tags:\n" + "".join(f"- {tag}\n" for tag in tags)
    card = f"---\n{'license: mit' if other else ''}\n{shown}\n---\n{body}"
    changed = read_card(add_tag(card))
    assert changed.tags == [*read_card(card).tags, TAG]
    assert changed.body == read_card(card).body


def test_card_and_team_tag_apart(repository, owner, moderator):
    tagged = add_tag(repository.card).encode()
    measure = restrict(repository, kind="nfaa", reason="Nudity in the samples.", actor=moderator)
    commit(repository, {"README.md": tagged}, actor=owner, message="Tag it")
    lift(measure, actor=moderator)
    assert (Repository.objects.get().nfaa, Repository.objects.get().nfaa_by) == (True, owner)
    again = restrict(repository, kind="nfaa", reason="Nudity in the samples.", actor=moderator)
    commit(repository, {"README.md": b"# Ours\n"}, actor=owner, message="Untag it")
    assert Repository.objects.get().nfaa
    lift(again, actor=moderator)
    assert not Repository.objects.get().nfaa


def test_an_interim_tag_ends_by_itself_and_the_sweep_stores_it(repository, moderator, pass_time, client, reporter):
    ends_at = clock.now() + timedelta(hours=72)
    restrict(repository, kind="nfaa", reason="Nudity in the samples.", actor=moderator, ends_at=ends_at)
    reporter.nfaa = "never"
    assert not listed_for(reporter).exists()
    pass_time(timedelta(hours=72, seconds=1))
    assert listed_for(reporter).exists()
    assert b'class="tag nfaa"' not in client.get("/nok/tiny-model").content
    assert Repository.objects.get().nfaa
    assert store_ended_labels() == 1
    assert not Repository.objects.get().nfaa
    assert store_ended_labels() == 0


def test_changing_the_end_of_a_tag(repository, moderator):
    measure = restrict(repository, kind="nfaa", reason="Why.", actor=moderator, ends_at=clock.now() + timedelta(1))
    change_end(measure, ends_at=None, actor=moderator)
    assert Repository.objects.get().nfaa_until is None
