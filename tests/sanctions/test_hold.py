"""A hold: a comment, what opens a discussion, or a card is hidden until we have looked; undone exactly (E4, E5)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, hide, unhide
from community.actions.holding import end_holds
from community.models import DiscussionEvent, Hiding
from foundation.errors import Forbidden
from moderation.policy.models import Clause
from moderation.sanctions.actions import impose, lift
from moderation.sanctions.measures import kinds_for
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from repositories.actions import commit
from repositories.actions.restrictions import show_cards_again
from repositories.models import Repository

SECRET = "zirkonfalke"
CARD = (
    f"---\nlicense: apache-2.0\ntags: [text, {SECRET}]\nbase_model: {SECRET}/one\nlanguage: [en]\n"
    f"extra_gated_fields:\n  Company: text\nsecret_key: {SECRET}\n---\n# A {SECRET}\n\nAll about {SECRET}.\n"
)
COLUMNS = ("card", "title", "license", "tags", "languages", "matter", "base_models", "search_text", "search", "nfaa")


@pytest.fixture
def held_card(make_repository, take):
    repository = make_repository("known-model", card=CARD.replace("{", "{{").replace("}", "}}"))
    before = columns(repository)
    return repository, before, take("hold", repository)


def columns(repository):
    return Repository.objects.values(*COLUMNS).get(pk=repository.pk)


def page(repository, viewer=None, below=""):
    client = Client()
    if viewer is not None:
        client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(f"{repository.get_absolute_url()}{below}")
    return response.status_code, b"".join(response).decode()


def test_it_is_offered_last(comment, discussion, repository, author):
    for target in (comment, discussion, repository):
        assert kinds_for(subject_of(target))[-1].code == "hold"
    assert "hold" not in [kind.code for kind in kinds_for(subject_of(author))]


@pytest.mark.parametrize("subject", ["comment", "discussion"])
def test_held_comment_is_hidden_and_comes_back_as_it_was(take, moderator, comment, discussion, subject, request):
    hidden = comment if subject == "comment" else discussion.comments.get(position=1)
    before = (hidden.text, hidden.hidden, DiscussionEvent.objects.count())
    measure = take("hold", request.getfixturevalue(subject))
    hidden.refresh_from_db()
    assert (hidden.text, hidden.hidden) == ("", True)
    _status, shown = page(discussion.repository, below=f"/discussions/{discussion.number}")
    assert "This comment is hidden until we have looked at it. That is no judgement." in shown
    assert before[0] not in shown
    lift(measure, reason="It is harmless.", actor=moderator)
    hidden.refresh_from_db()
    assert (hidden.text, hidden.hidden, DiscussionEvent.objects.count()) == before


def test_nobody_but_the_team_lifts_it_and_only_where_it_was_taken(take, comment, author, owner, moderator):
    take("hold", comment)
    for person in (author, owner, moderator):
        with pytest.raises(Forbidden):
            unhide(comment, actor=person)
    assert Hiding.objects.get(comment=comment, lifted_at=None).side == Hiding.Side.HOLD


@pytest.mark.parametrize("side", ["author", "owner", "team"])
def test_lifting_leaves_what_another_side_hid(take, comment, author, owner, moderator, side):
    # A moderator hides by a decision; what the system hides is the team's all the same.
    who = {"author": author, "owner": owner, "team": system_actor()}[side]
    hide(comment, category="spam", actor=who)
    measure = take("hold", comment)
    lift(measure, reason="It is harmless.", actor=moderator)
    comment.refresh_from_db()
    assert comment.hidden
    assert [one.side for one in Hiding.objects.filter(comment=comment, lifted_at=None)] == [side]


def test_what_others_lift_leaves_the_hold(take, comment, owner):
    hide(comment, category="spam", actor=owner)
    take("hold", comment)
    unhide(comment, actor=owner)
    comment.refresh_from_db()
    assert comment.hidden


def test_a_comment_held_twice_shows_when_both_are_lifted(take, discussion, moderator):
    first = discussion.comments.get(position=1)
    measures = [take("hold", first), take("hold", discussion)]
    for measure, hidden in zip(measures, (True, False), strict=True):
        lift(measure, reason="It is harmless.", actor=moderator)
        first.refresh_from_db()
        assert first.hidden is hidden


def test_a_hold_with_an_end_ends_by_itself(comment, moderator, clause, pass_time):
    measure = impose(
        "hold", subject_of(comment), clause=clause("spam"), reason="A rule.", actor=moderator, automated=True
    )
    assert measure.ends_at is not None
    assert end_holds() == 0
    pass_time(timedelta(hours=73))
    assert (end_holds(), end_holds()) == (1, 0)
    comment.refresh_from_db()
    assert not comment.hidden


def test_card_is_in_no_column_and_comes_back_exactly(held_card, moderator):
    repository, before, measure = held_card
    assert SECRET in str(before)
    assert SECRET not in str(columns(repository))
    assert columns(repository)["matter"] == {"extra_gated_fields": {"Company": "text"}}
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(repository) == before


def test_what_the_owner_writes_meanwhile_shows_once_it_is_lifted(held_card, owner, moderator):
    repository, _before, measure = held_card
    commit(repository, {"README.md": b"# Written anew\n"}, actor=owner, message="Write anew")
    assert columns(repository)["card"] == ""
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(repository)["card"] == "# Written anew\n"


def test_card_hold_with_an_end_ends_by_itself(repository, moderator, clause, pass_time):
    before = columns(repository)
    impose("hold", subject_of(repository), clause=clause("spam"), reason="A rule.", actor=moderator, automated=True)
    assert columns(repository)["card"] == ""
    pass_time(timedelta(hours=73))
    assert "A small model for tests." in page(repository)[1]  # by the clock, before anything ran
    assert (show_cards_again(), show_cards_again()) == (1, 0)
    assert columns(repository) == before


def test_owner_sees_the_card_and_why_strangers_do_not(held_card, owner, author):
    repository, _before, _measure = held_card
    status, own = page(repository, owner)
    assert (status, f"All about {SECRET}" in own) == (200, True)
    assert "Nobody but the owner’s side reads the card until we have looked at it." in own
    status, other = page(repository, author)
    assert (status, SECRET in other) == (200, False)
    assert "The card is hidden until we have looked at it. Everything else is as it was." in other
    assert "Nothing is decided, and nobody is accused." in other
    assert page(repository, owner, "/card/edit")[0] == 200


def test_held_card_is_hidden_everywhere(held_card, owner, author, make_user):
    """Every page and answer about it that somebody else reaches; the files stay open."""
    repository, _before, _measure = held_card
    commit(repository, {"model.txt": b"weights\n"}, actor=owner, message="Add a file")
    hub, name = "/api/models", repository.full_name
    head = Repository.objects.get(pk=repository.pk).head
    below = (
        "", "/files", "/files/README.md", "/history", "/discussions", "/moderation", "/card/suggest",
        f"/history/{head}", "/download/README.md", "/raw/main/README.md", "/resolve/main/README.md",
        f"/resolve/{head}/README.md", "/resolve/main/./README.md",
    )  # fmt: skip
    addresses = [
        *(f"{repository.get_absolute_url()}{one}" for one in below),
        "/", "/models", f"/models?q={SECRET[:-2]}", f"/search?q={SECRET[:-2]}", "/nok", f"/models?tag={SECRET}",
        f"{hub}/{name}", f"{hub}/{name}?expand=cardData&expand=tags&expand=siblings", f"{hub}/{name}/tree/main",
        f"{hub}?search={SECRET[:-2]}", f"{hub}?full=true&cardData=true", f"{hub}/{name}/commits/main",
        f"/api/v1/repositories/{repository.public_id}/discussions", f"/report/repository/{repository.public_id}",
    ]  # fmt: skip
    for viewer in (None, author):
        client = Client()
        if viewer:
            client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
        answers = {address: client.get(address) for address in addresses}
        texts = {at: f"{one.headers} {b''.join(one).decode(errors='replace')}" for at, one in answers.items()}
        found = [at for at, text in texts.items() if SECRET in text.replace(f"q={SECRET[:-2]}", "").replace(at, "")
                 and not at.endswith(f"tag={SECRET}")]  # fmt: skip
        assert not found
        assert not [at for at, one in answers.items() if one.status_code >= 500]
        assert client.get(f"/{name}/resolve/main/model.txt").status_code == 200
        assert client.get(f"/{name}/resolve/main/README.md").status_code == 404
    names = [one["rfilename"] for one in Client().get(f"{hub}/{name}").json()["siblings"]]
    assert names == ["model.txt"]


def test_a_pull_request_shows_nothing_of_it(held_card, author):
    from community.pull_requests import open_pull_request
    from repositories.git import Put, store_bytes

    repository, _before, measure = held_card
    lift(measure, reason="For a moment.", actor=measure.actor)
    change = Put("README.md", store_bytes(repository, CARD.replace("# A", "# The").encode()).oid)
    opened = open_pull_request(repository, [change], title="A title", text="Better so.", actor=author)
    at = opened.get_absolute_url()
    assert SECRET in Client().get(f"{at}/files").content.decode()
    impose("hold", subject_of(repository), clause=Clause.objects.get(code="spam"), reason="Look.", actor=measure.actor)
    client = Client()
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    for address in (at, f"{at}/files", f"{at}/commits", f"{at}/raw/README.md", f"{at}/card",
                    f"/api/models/{repository.full_name}/discussions/{opened.number}?diff=1"):  # fmt: skip
        text = b"".join(client.get(address)).decode()
        assert SECRET not in text, address


def test_files_access_and_lists_stay(held_card, make_user):
    repository, _before, _measure = held_card
    row = Repository.objects.get(pk=repository.pk)
    assert (row.listed, row.visibility, row.gating) == (True, "public", "none")
    assert repository.full_name in Client().get("/models?sort=newest").content.decode()


def test_other_restrictions_are_left_alone(held_card, take, moderator):
    repository, _before, hold = held_card
    other = take("nfaa", repository)
    lift(hold, reason="It is harmless.", actor=moderator)
    assert SECRET in columns(repository)["card"]
    assert columns(repository)["nfaa"] is True
    assert Measure.objects.standing().get() == other


def test_the_tag_in_a_held_card_still_protects_readers(make_repository, take):
    repository = make_repository("adult", card="---\ntags: [not-for-all-audiences]\n---\n# For adults\n")
    take("hold", repository)
    assert columns(repository)["nfaa"] is True


def test_it_opens_no_discussion_and_is_confidential_in_the_log(held_card):
    repository, _before, _measure = held_card
    assert not repository.discussions.exists()
    log = page(repository, below="/moderation")[1]
    assert "Restricted" in log
    assert "friendly" not in log.lower()


def test_editing_a_held_comment_is_refused(take, comment, author):
    take("hold", comment)
    with pytest.raises(Exception, match="hidden"):
        edit_comment(comment, text="Other words altogether.", actor=author)
    add_comment(comment.discussion, text="I wait for the team.", actor=author)


def test_of_two_holds_the_longer_holds(take, comment, moderator, pass_time):
    """Whichever came last, and when one of them is lifted."""
    human = take("hold", comment)
    take("hold", comment, "spam", automated=True)  # ends by itself after 72 hours
    pass_time(timedelta(hours=73))
    end_holds()
    comment.refresh_from_db()
    assert comment.hidden
    lift(human, reason="We have looked.", actor=moderator)
    comment.refresh_from_db()
    assert not comment.hidden


def test_lifting_the_longer_of_two_holds_leaves_the_end_of_the_other(take, comment, moderator, pass_time):
    human = take("hold", comment)
    take("hold", comment, "spam", automated=True)
    lift(human, reason="We have looked.", actor=moderator)
    comment.refresh_from_db()
    assert comment.hidden
    pass_time(timedelta(hours=73))
    end_holds()
    comment.refresh_from_db()
    assert not comment.hidden
