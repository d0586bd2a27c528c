"""What we answer one who reported it repeats nothing that another one told us in confidence (C2)."""

import pytest

from moderation.appeals.actions import ask_appellant, decide_appeal, file_appeal
from moderation.cases.naming import GivesAway
from tests.reports.steps import case_of, decided, reported

SAID = "He followed me to my house in Ban Phanom last Tuesday evening and waited there"
OWN = "They wrote that I should leave the village, and everybody read it there"


@pytest.fixture
def appeal(comment, reporter, moderator, make_user):
    """Contested by another reporter than the one who told us something in confidence."""
    case = case_of(reported(comment, reporter, text=SAID, confidential=True))
    other = make_user("other-reporter")
    reported(comment, other, text=OWN, confidential=True)
    return file_appeal(decided(case, moderator), text="It is an insult, look again.", actor=other)


def test_the_words_of_another_reporter_are_refused(appeal, other_moderator):
    answer = f"Somebody else wrote: {SAID}. That is no insult."
    with pytest.raises(GivesAway, match="ban phanom"):
        decide_appeal(appeal, state="rejected", answer=answer, actor=other_moderator)
    with pytest.raises(GivesAway):
        ask_appellant(appeal, text=answer, actor=other_moderator)
    decide_appeal(appeal, state="rejected", answer=answer, actor=other_moderator, naming=True)


def test_their_own_words_may_be_repeated(appeal, other_moderator):
    decide_appeal(appeal, state="rejected", answer=f"You wrote: {OWN}. We read it.", actor=other_moderator)


def test_what_everybody_read_may_be_repeated(comment, reporter, moderator, other_moderator, make_user):
    quoted = f"It says: {comment.text}"
    case = case_of(reported(comment, reporter, text=quoted, confidential=True))
    other = make_user("other-reporter")
    reported(comment, other)
    appeal = file_appeal(decided(case, moderator), text="It is an insult, look again.", actor=other)
    decide_appeal(appeal, state="rejected", answer=f"The words are: {comment.text}", actor=other_moderator)
