"""Whether an owner did what was asked: by their own choices, whatever the team did beside them (E1, E5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repositories.actions import change_settings, commit
from repositories.actions.restrictions import restrict
from repositories.asked import Chosen, chosen_in, how_to, is_kept, is_met
from repositories.models import Condition, Gating, Repository, Visibility

CHOICES = st.builds(
    Chosen,
    visibility=st.sampled_from(Visibility.values),
    gating=st.sampled_from(Gating.values),
    documented=st.booleans(),
    tagged=st.booleans(),
)


@given(CHOICES)
def test_each_condition_asks_for_what_it_says(chosen):
    assert {code for code in Condition.values if is_met(code, chosen)} == {
        code
        for code, done in {
            "documented": chosen.documented,
            "tagged": chosen.tagged,
            "documented_tagged": chosen.documented and chosen.tagged,
            "gated": chosen.gating in ("auto", "manual"),
            "private": chosen.visibility == "private",
        }.items()
        if done
    }


@given(CHOICES, st.sampled_from(Condition.values))
def test_what_is_met_is_kept_and_so_is_what_nobody_sees(chosen, code):
    assert is_kept(code, chosen) == (is_met(code, chosen) or chosen.visibility == "private")


def test_an_unknown_condition_is_a_fault():
    with pytest.raises(ValueError, match="polished"):
        is_met("polished", Chosen("public", "none", documented=False, tagged=False))


@pytest.mark.parametrize("code", Condition.values)
def test_it_says_how(code):
    assert how_to(code).endswith(".")


@pytest.mark.parametrize(
    ("card", "documented", "tagged"),
    [
        ("# Tiny\n", False, False),
        ("# Tiny\n\n## Risks\n\nIt repeats insults from its data.\n", True, False),
        ("---\ntags: [not-for-all-audiences]\n---\n# Tiny\n", False, True),
        ("# Tiny\n\n## Risks\n\n[More Information Needed]\n", False, False),
    ],
    ids=["bare", "risks", "tag", "unfilled"],
)
def test_the_card_is_read(make_repository, card, documented, tagged):
    chosen = chosen_in(make_repository(card=card))
    assert (chosen.documented, chosen.tagged) == (documented, tagged)


def test_what_the_team_did_is_no_choice_of_the_owner(repository, moderator):
    for kind in ("private", "nfaa", "card_hidden"):
        restrict(repository, kind=kind, reason="A test.", actor=moderator)
    chosen = chosen_in(Repository.objects.get(pk=repository.pk))
    assert chosen == Chosen("public", "none", documented=False, tagged=False)


def test_a_hidden_card_is_read_all_the_same(repository, owner, moderator):
    restrict(repository, kind="card_hidden", reason="A test.", actor=moderator)
    commit(repository, {"README.md": b"# T\n\n## Risks\n\nIt repeats insults.\n"}, actor=owner, message="Say so")
    assert chosen_in(Repository.objects.get(pk=repository.pk)).documented


def test_without_a_card_nothing_is_documented(owner):
    assert not chosen_in(Repository(head="", missing_documentation=[])).documented


def test_only_what_can_be_waited_for_is_told(repository, owner):
    from foundation.models import Change

    told = Change.objects.filter(kind="repository.changed")
    assert not told.exists()
    commit(repository, {"notes.md": b"A note."}, actor=owner, message="A note")
    change_settings(repository, gating="none", actor=owner)
    assert not told.exists()
    change_settings(repository, gating="auto", actor=owner)
    commit(repository, {"README.md": b"# T\n\n## Risks\n\nIt repeats insults.\n"}, actor=owner, message="Say so")
    assert [one.object_id for one in told] == [repository.pk, repository.pk]
