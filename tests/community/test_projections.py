"""What everybody may read of a comment, whatever was edited, quoted, hidden and shown again (B2, B5)."""

import time
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import PostingRestriction
from accounts.posting import PostingRefused
from accounts.queries import system_actor
from community import actions
from community.entries import write_comment
from community.models import Comment, CommentVersion, Hiding
from community.projections import OMITTED, lock, without_quotes, words_of, written

INSULT = "You people are idiots and should shut up."


def quoted(text: str, marks: str = "> ") -> str:
    return "\n".join(f"{marks}{line}" for line in text.split("\n"))


@pytest.mark.parametrize(
    ("hidden", "text", "shown"),
    [
        (INSULT, f"> {INSULT}\n\nNo.", f"{OMITTED}\n\nNo."),
        (INSULT, f"> > {INSULT}\n> So I said.\n\nNo.", f"{OMITTED}\n> So I said.\n\nNo."),
        (INSULT, f">>{INSULT.upper()}", OMITTED),
        (INSULT, ">   You people  are idiots and should\tshut up. ", OMITTED),
        (INSULT, "> people are idiots\n\nNo.", f"{OMITTED}\n\nNo."),
        (INSULT, "> … are idiots and […]\n\nNo.", f"{OMITTED}\n\nNo."),
        (f"One.\n{INSULT}", f"> One.\n{INSULT}\n\nNo.", f"{OMITTED}\n\nNo."),
        ("Line one.\n\nLine two.", "> Line one.\n>\n> Line two.", OMITTED),
        # However it is marked, framed or lengthened.
        (INSULT, f"- > {INSULT}\n\nNo.", f"{OMITTED}\n\nNo."),
        (INSULT, f"1. > {INSULT}", OMITTED),
        (INSULT, f"> He said: “{INSULT}”!!", OMITTED),
        (INSULT, f"> - **{INSULT}**", OMITTED),
        (INSULT, "> You people are\u200b idiots and should shut up.", OMITTED),
        # What is nobody's quotation stays.
        (INSULT, f"He said: {INSULT}", f"He said: {INSULT}"),
        (INSULT, "> up.", "> up."),
        (INSULT, "> I agree.\nThis is about something else.", "> I agree.\nThis is about something else."),
        (INSULT, f"> I agree.\n\n{INSULT}", f"> I agree.\n\n{INSULT}"),
    ],
)
def test_what_is_left_of_a_quotation(hidden, text, shown):
    assert without_quotes(text, words_of([hidden])) == shown


def test_a_long_text_with_thousands_of_lines_is_compared_soon():
    hidden = words_of(["\n".join(f"This is line {number} of it" for number in range(3_000))])
    text = "\n".join(f"> Another line {number}, longer than that" for number in range(1_500))
    started = time.process_time()
    assert without_quotes(text, hidden) == text
    assert time.process_time() - started < 5


def test_an_edit_keeps_what_its_author_cannot_read(discussion, author, owner, reporter):
    comment = actions.add_comment(discussion, text=INSULT, actor=author)
    text = f"Before.\n\n{quoted(INSULT)}\n\nAfter."
    answer = actions.add_comment(discussion, text=text, actor=reporter)
    actions.hide(comment, category="abuse", actor=owner)
    answer.refresh_from_db()
    assert actions.edit_comment(answer, text=answer.text, actor=reporter).edited_at is None
    actions.edit_comment(answer, text=answer.text.replace("Before.", "First."), actor=reporter)
    assert answer.text == f"First.\n\n{OMITTED}\n\nAfter."
    actions.unhide(comment, actor=owner)
    answer.refresh_from_db()
    assert answer.text == text.replace("Before.", "First.")


def test_an_author_may_take_out_a_quotation_that_is_left_out(discussion, comment, owner, reporter):
    answer = actions.add_comment(discussion, text=f"{quoted(comment.text)}\n\nNo.", actor=reporter)
    actions.hide(comment, category="abuse", actor=owner)
    actions.edit_comment(answer, text="No.", actor=reporter)
    actions.unhide(comment, actor=owner)
    answer.refresh_from_db()
    assert answer.text == "No."


def test_nothing_hidden_leaves_everything():
    assert without_quotes("> One.\n\nTwo.", words_of([])) == "> One.\n\nTwo."


def test_words_before_an_edit_are_hidden_with_it(discussion, author, owner, reporter):
    comment = actions.add_comment(discussion, text=INSULT, actor=author)
    answer = actions.add_comment(discussion, text=quoted(INSULT), actor=reporter)
    actions.edit_comment(comment, text="You are all very kind.", actor=author)
    actions.hide(comment, category="abuse", actor=owner)
    answer.refresh_from_db()
    assert answer.text == OMITTED


@pytest.mark.parametrize("mark", ["> ", "- > ", "  1. > ", "* + >"])
def test_however_a_quotation_is_marked_it_is_found(discussion, comment, owner, reporter, mark):
    answer = actions.add_comment(discussion, text=f"{mark}{comment.text}", actor=reporter)
    actions.hide(comment, category="abuse", actor=owner)
    answer.refresh_from_db()
    assert answer.text == OMITTED


def test_words_of_another_discussion_are_their_own(discussion, comment, owner, repository, reporter):
    other = actions.open_discussion(repository, title="Else", text=quoted("Why not?"), actor=reporter)
    actions.hide(comment, category="abuse", actor=owner)
    assert other.comments.get().text == "> Why not?"


def test_hiding_asks_the_same_number_of_times_however_many_quote(
    discussion, owner, reporter, django_assert_max_num_queries
):
    comments = [actions.add_comment(discussion, text=f"Long words {n}.", actor=reporter) for n in range(2)]
    for _ in range(30):
        actions.add_comment(discussion, text=quoted("Long words 1."), actor=reporter)
    with django_assert_max_num_queries(25):
        actions.hide(comments[1], category="spam", actor=owner)
    assert Comment.objects.filter(text=OMITTED).count() == 30


# Sequences of what several sides do, against a model that says plainly what should be read.

SIDES = ["author", "owner", "team"]
WORDS = ["Apples are red apples.", "Pears are green pears.", "Plums are blue plums."]


@dataclass
class Expected:
    """A comment as it should be: every version, and the sides that hide it."""

    versions: list[str]
    hidden_by: set[str] = field(default_factory=set)


class Talk:
    """Three comments by one author, and as many by another, who may quote them."""

    def __init__(self, discussion, author, owner, moderator, reporter) -> None:
        self.discussion, self.reporter = discussion, reporter
        self.people = {"author": author, "owner": owner, "team": moderator}
        self.said: list[tuple[Comment, Expected]] = []
        self.answers: list[tuple[Comment, Expected]] = []

    def begin(self) -> None:
        self.said, self.answers = [], []
        for words in WORDS:
            self.said.append((self.write("author", words), Expected([words])))

    def write(self, role: str, text: str) -> Comment:
        return write_comment(lock(self.discussion), author=self.people.get(role, self.reporter), text=text)

    def quote(self, number: int, marks: str) -> None:
        text = f"{quoted(WORDS[number], marks)}\n\nAnswer {len(self.answers)}."
        self.answers.append((self.write("reporter", text), Expected([text])))

    def edit(self, number: int, _value: str) -> None:
        comment, expected = self.said[number]
        if not expected.hidden_by:
            text = f"Bananas {len(expected.versions)} are yellow."
            actions.edit_comment(Comment.objects.get(pk=comment.pk), text=text, actor=self.people["author"])
            expected.versions.append(text)

    def hide(self, number: int, side: str) -> None:
        comment, expected = self.said[number]
        # The team itself hides by decisions; what it hid before them stands as a row of its side.
        actor = system_actor() if side == "team" else self.people[side]
        actions.hide(Comment.objects.get(pk=comment.pk), category="abuse", actor=actor)
        expected.hidden_by.add(side)

    def unhide(self, number: int, side: str) -> None:
        comment, expected = self.said[number]
        may = set(SIDES) if side == "team" else {side}
        if may & expected.hidden_by:
            actions.unhide(Comment.objects.get(pk=comment.pk), actor=self.people[side])
            expected.hidden_by -= may

    def check(self) -> None:
        hidden = {number for number, (_comment, expected) in enumerate(self.said) if expected.hidden_by}
        for comment, expected in self.said:
            row = Comment.objects.get(pk=comment.pk)
            assert (row.hidden, row.text) == (
                bool(expected.hidden_by), "" if expected.hidden_by else expected.versions[-1]
            )  # fmt: skip
            assert list(row.versions.order_by("number").values_list("text", flat=True)) == expected.versions
            standing = Hiding.objects.filter(comment=comment, lifted_at=None).values_list("side", flat=True)
            assert set(standing) == expected.hidden_by
        for comment, expected in self.answers:
            row, (text,) = Comment.objects.get(pk=comment.pk), expected.versions
            gone = any(WORDS[number] in text for number in hidden)
            assert row.text == (f"{OMITTED}\n\n{text.split(chr(10))[-1]}" if gone else text)
            assert written(row) == text


NUMBERS = st.integers(0, len(WORDS) - 1)
STEPS = st.one_of(
    st.tuples(st.just("quote"), NUMBERS, st.sampled_from(["> ", "> > ", ">", "  > "])),
    st.tuples(st.just("edit"), NUMBERS, st.just("")),
    st.tuples(st.just("hide"), NUMBERS, st.sampled_from(SIDES)),
    st.tuples(st.just("unhide"), NUMBERS, st.sampled_from(SIDES)),
)


@pytest.fixture
def talk(discussion, author, owner, moderator, reporter) -> Talk:
    return Talk(discussion, author, owner, moderator, reporter)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=10))
def test_any_order_of_hiding_editing_and_quoting(talk, steps):
    with transaction.atomic():
        talk.begin()
        for verb, number, value in steps:
            getattr(talk, verb)(number, value)
            talk.check()
        # Undoing everything restores exactly what was written.
        for number in range(len(WORDS)):
            talk.unhide(number, "team")
        talk.check()
        shown = Comment.objects.filter(hidden=False).count()
        assert shown == Comment.objects.count() == CommentVersion.objects.values("comment").distinct().count()
        transaction.set_rollback(True)


def test_withdrawn_words_are_no_way_around_a_ban(discussion, author, reporter):
    """To show one's own withdrawn comment again is to post it (F5)."""
    comment = actions.add_comment(discussion, text=INSULT, actor=author)
    actions.hide(comment, category="", actor=author)
    PostingRestriction.objects.create(user=author, kind="posting_ban", reason="Insults.")
    with pytest.raises(PostingRefused):
        actions.unhide(comment, actor=author)
    comment.refresh_from_db()
    assert (comment.hidden, comment.text) == (True, "")
