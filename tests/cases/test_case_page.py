"""The page of a case: evidence, reports, scores, history, events."""

import re

import pytest
from django.contrib.auth.models import Group

from accounts.actions import make_moderator
from community.actions import add_comment
from moderation.appeals.actions import file_appeal
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.feedback import read_changes
from moderation.cases.models import Case, EventText, TextKey
from moderation.policy.lanes import CHILD_SAFETY
from repositories.actions import commit

CARD = "---\nlicense: apache-2.0\nbase_model: meta/llama\ndatasets: [nok/corpus]\n---\n# Tiny\n\n{text}\n"


def show(client, case: Case, query: str = "") -> str:
    answer = client.get(f"{case.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def opened(sign_in, moderator):
    """opened(case, "?label=spam"): the page as the moderator sees it."""
    client = sign_in(moderator)
    return lambda case, query="": show(client, case, query)


def test_it_is_private_and_for_the_team(client, sign_in, reporter, moderator, case):
    assert client.get(case.get_absolute_url()).status_code == 302
    assert sign_in(reporter).get(case.get_absolute_url()).status_code == 404
    answer = sign_in(moderator).get(case.get_absolute_url())
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_an_unknown_case_is_a_404(sign_in, moderator):
    assert sign_in(moderator).get("/cases/00000000-0000-4000-8000-000000000000").status_code == 404


def test_evidence_is_marked_where_the_classifier_looked(opened, case, score):
    score(case, "toxicity", 0.4, start=4, end=10)
    assert "You <mark>people</mark> are idiots" in opened(case)


def test_flagged_text_is_folded_and_other_text_is_not(opened, case, score):
    assert re.search(r'<details class="evidence"[^>]*\bopen\b', opened(case))
    score(case, "toxicity", 0.97)
    assert not re.search(r'<details class="evidence"[^>]*\bopen\b', opened(case))


def test_another_label_can_be_marked(opened, case, score):
    score(case, "toxicity", 0.4, start=0, end=3)
    score(case, "spam", 0.1, start=4, end=10)
    assert "<mark>You</mark>" in opened(case)
    assert "<mark>people</mark>" in opened(case, "?label=spam")
    assert "<mark>You</mark>" in opened(case, "?label=nonsense&snapshot=x")


def test_scores_come_with_their_provenance(opened, case, score):
    score(case, "toxicity", 0.9)
    text = opened(case)
    for words in ("all-MiniLM-L6-v2", "abababababab", "2026-11-01", "on cpu", "0.50", "0.80"):
        assert words in text


def test_without_scores_it_says_so(opened, case):
    assert "Not scored yet" in opened(case)


def test_unchanged_is_said(opened, case):
    assert "unchanged since it was reported" in opened(case)


def test_a_changed_card_shows_what_changed(opened, report, make_repository, owner):
    repository = make_repository(card=CARD.replace("{text}", "Buy pills in our shop."))
    case = report(repository, "spam")
    commit(repository, {"README.md": CARD.format(text="A model for tests.").encode()}, actor=owner, message="Rewrite")
    text = opened(case)
    assert "It was changed" in text
    assert re.search(r'class="gone">.*Buy pills', text)
    assert re.search(r'class="new">.*model for tests', text)


def test_lineage_and_reach(opened, report, make_repository):
    repository = make_repository(card=CARD.replace("{text}", "Spam."))
    text = opened(report(repository, "spam"))
    assert "meta/llama" in text
    assert "nok/corpus" in text
    assert "0 likes" in text


def test_reports_with_who_how_reliable_and_confidential(opened, case, report, make_user):
    report(case.subject.target, by=make_user("ada"), text="Second voice.")
    text = opened(case)
    for words in ("iris", "ada", "Second voice.", "confidential", "50 %", "none decided yet"):
        assert words in text


def test_a_reporters_record_is_counted(opened, many_cases, moderator, case):
    (before,) = many_cases(1)
    decide(before, actor=moderator, version=1, outcome="no_violation", explanation="Only a figure of speech.")
    assert "0 of 1 upheld" in opened(case)
    assert "32 %" in opened(case)


def test_priority_is_explained_and_adds_up(opened, case, score):
    score(case, "toxicity", 0.5)
    text = opened(case)
    for words in ("Severity 4: Harassment and bullying", "Highest score: toxicity", "People who reported it: 1"):
        assert words in text
    terms = re.search(r'<ul class="points">(.*?)</ul>', text, re.DOTALL)[1]
    *points, total = map(float, re.findall(r"<span>(-?[\d.]+)</span>", terms))
    assert total == pytest.approx(sum(points), abs=0.3)


def test_history_of_author_and_subject(opened, case, many_cases, moderator, clause):
    (before,) = many_cases(1)
    decide(
        before, actor=moderator, version=1, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("friendly_warning")], explanation="An earlier friendly word about insults.",
    )  # fmt: skip
    text = opened(case)
    assert "An earlier friendly word about insults." in text
    assert before.get_absolute_url() in text
    assert "about another thing of quentin" in text


def test_events_show_their_sealed_words_until_the_key_is_destroyed(opened, case, moderator):
    decide(case, actor=moderator, version=1, outcome="no_violation", explanation="Words that were sealed.")
    assert "Words that were sealed." in opened(case)
    TextKey.objects.filter(text__in=EventText.objects.filter(event__case=case)).delete()
    text = opened(case)
    assert "Words that were sealed." not in text
    assert "Decided: no violation" in text


def test_feedback_reaches_the_page(opened, report, repository, reporter, author):
    case = report(repository, "spam")
    add_comment(case.case_reports.get().report.discussion, text="I disagree, it is useful.", actor=author)
    read_changes()
    assert "I disagree, it is useful." in opened(case)


def test_news_of_an_open_page(sign_in, moderator, case, report, make_user):
    client = sign_in(moderator)
    address = f"{case.get_absolute_url()}/news?since={case.version}"
    assert address in show(client, case)
    assert client.get(address).content.strip() == b""
    report(case.subject.target, by=make_user("second"))
    assert "A report came in: Harassment" in client.get(address).content.decode()


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30])
def test_news_since_nonsense_is_a_404(sign_in, moderator, case, since):
    assert sign_in(moderator).get(f"{case.get_absolute_url()}/news", {"since": since}).status_code == 404


def test_words_of_people_are_only_text(opened, report, discussion, make_user):
    evil = "<script>alert('x')</script> and some more words."
    case = report(discussion, by=make_user("mallory"), text=evil)
    text = opened(case)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_an_appeal_has_a_page_of_its_own(sign_in, case, moderator, other_moderator, author, clause):
    decision = decide(
        case, actor=moderator, version=1, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("friendly_warning")], explanation="You called people idiots.",
    )  # fmt: skip
    appeal = file_appeal(decision, text="I was only joking with friends.", actor=author)
    client = sign_in(other_moderator)
    where = f"{appeal.case.get_absolute_url()}/appeal"
    assert client.get(appeal.case.get_absolute_url())["Location"] == where
    assert client.post(f"{appeal.case.get_absolute_url()}/decide", {})["Location"] == where


def test_a_moderator_sees_nothing_about_own_things(sign_in, author, case):
    from accounts.queries import system_actor

    make_moderator(author, actor=system_actor())
    assert sign_in(author).get(case.get_absolute_url()).status_code == 404
    assert sign_in(author).get(f"/cases/people/{author.public_id}").status_code == 404


@pytest.mark.parametrize("kind", ["repository", "discussion", "user", "organization"])
def test_every_kind_of_subject_has_its_page(opened, report, request, moderator, author, kind):
    target = author if kind == "user" else request.getfixturevalue(kind)
    case = report(target, "spam")
    claim(case, actor=moderator)
    assert "Statement of reasons" in opened(case)


def test_the_measures_on_offer_fit_the_subject(opened, report, repository, case, moderator):
    def offered(case):
        claim(case, actor=moderator)
        return set(re.findall(r'name="measures"\s+value="(\w+)"', opened(case)))

    on_people = {"friendly_warning", "limit_reached", "posting_ban", "deactivate"}
    assert offered(case) == {"hold", "hide_comment", "erase"} | on_people
    on_repository = {"hold", "nfaa", "hide_card", "downgrade", "private", "disable", "remove", "erase"}
    assert offered(report(repository, "spam")) == on_repository | on_people
    moderator.groups.add(Group.objects.get(name=CHILD_SAFETY))
    assert "quarantine" in offered(case)


def test_the_form_says_who_will_read_and_what_follows(opened, report, repository, moderator, author, case):
    claim(case, actor=moderator)
    text = opened(case)
    assert "You can post again on" in text
    assert re.search(r"these read your words:\s+<strong>quentin</strong> \(English\)", text)
    about_repository = report(repository, "spam")
    claim(about_repository, actor=moderator)
    text = opened(about_repository)
    assert "Opens a public discussion in the repository." in text
    assert re.search(r"these read your words:\s+<strong>nok</strong> \(English\)", text)


def test_the_number_of_queries_does_not_grow_with_the_reports(
    sign_in, moderator, case, report, make_user, score, django_assert_max_num_queries
):
    for number in range(6):
        report(case.subject.target, by=make_user(f"voice-{number}"))
    score(case)
    client = sign_in(moderator)
    with django_assert_max_num_queries(50):
        show(client, case)
