"""Snapshots keep what was reported, whatever becomes of the original (B5, C8)."""

import time

from accounts.actions import create_organization
from accounts.queries import system_actor
from community.actions import edit_comment, hide
from foundation.diff import compare
from moderation.subjects.actions import language_of, subject_of, take_snapshot
from moderation.subjects.content import content_of
from repositories.actions import commit


def test_the_same_content_is_kept_once(comment):
    assert take_snapshot(subject_of(comment)) == take_snapshot(subject_of(comment))


def test_a_later_edit_changes_no_snapshot(comment):
    first = take_snapshot(subject_of(comment))
    said = comment.text
    edit_comment(comment, text="I never said that.", actor=comment.author)
    second = take_snapshot(subject_of(comment))
    first.refresh_from_db()
    assert (first.text, second.text) == (said, "I never said that.")


def test_what_is_hidden_stays_evidence(comment, moderator):
    said = comment.text
    hide(comment, category="abuse", actor=system_actor())
    assert (comment.text, take_snapshot(subject_of(comment)).text) == ("", said)


def test_a_card_is_kept_with_its_commit(repository, owner):
    first = take_snapshot(subject_of(repository))
    assert first.revision == repository.head
    commit(repository, {"README.md": b"# Other\n"}, actor=owner, message="Rewrite")
    assert take_snapshot(subject_of(repository)).revision == repository.head != first.revision
    assert "A small model for tests." in first.text


def test_content_now_is_what_a_snapshot_would_keep(comment, discussion, repository, author, organization):
    for target in (comment, discussion, repository, author, organization):
        assert content_of(subject_of(target)).whole == take_snapshot(subject_of(target)).content


def test_a_repository_of_an_organization_may_have_the_longest_names(make_repository, owner):
    organization = create_organization("o" * 96, actor=owner)
    snapshot = take_snapshot(subject_of(make_repository("r" * 96, owner=organization)))
    assert snapshot.author_name == "o" * 96


def test_language_needs_enough_words():
    assert language_of("This is a longer sentence about language models.") == "en"
    assert language_of("นี่คือประโยคภาษาไทยที่ยาวพอสมควร") == "th"
    assert language_of("ok") == ""


def test_compare_marks_the_words_that_changed():
    (gone, new) = compare("You are idiots and rude.", "You are lovely and rude.")
    assert [part for part in gone.parts if part[0]] == [(True, "idiots")]
    assert [part for part in new.parts if part[0]] == [(True, "lovely")]


def test_compare_leaves_out_what_stayed():
    before = [f"Line {number}" for number in range(40)]
    after = [*before[:20], "Inserted", *before[20:]]
    kinds = [line.kind for line in compare("\n".join(before), "\n".join(after))]
    assert kinds == ["gap", "same", "same", "new", "same", "same"]
    assert compare("same", "same") == []


def test_compare_of_two_huge_texts_ends():
    before, after = "x y\n" * 50_000, "y x\n" * 50_000
    assert compare(before, after)


def test_compare_of_long_lines_without_spaces_ends_soon():
    before, after = "\n".join(["กข" * 500] * 200), "\n".join(["ขก" * 490 + "ค"] * 200)
    started = time.process_time()
    assert len(compare(before, after)) == 400
    assert time.process_time() - started < 5  # without a bound it takes half a minute
