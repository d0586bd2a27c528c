"""A reporter changes or withdraws an own report while nobody has decided (C4, C7)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from community.models import Comment, Discussion
from moderation.cases.models import Event
from moderation.reports.models import Report, ReportVersion
from tests.reports.steps import case_of, decided, reported

NEW = "It insults three people, not one."


@pytest.fixture
def filed(comment, reporter):
    return reported(comment, reporter, text="It insults somebody.")


def place(report):
    return f"/reports/{report.public_id}"


def test_the_form_holds_what_the_report_says(sign_in, reporter, filed):
    html = sign_in(reporter).get(f"{place(filed)}/change").content.decode()
    assert "It insults somebody." in html


def test_a_change_keeps_what_was_said_before(sign_in, reporter, filed):
    before = case_of(filed).version
    sent = {"text": NEW, "links": "https://example.org/a", "passage": "idiots"}
    response = sign_in(reporter).post(f"{place(filed)}/change", sent, follow=True)
    assert "We changed your report" in response.content.decode()
    filed.refresh_from_db()
    assert (filed.text, filed.links, filed.passage) == (NEW, ["https://example.org/a"], "idiots")
    assert filed.changed_at
    version = ReportVersion.objects.get()
    assert (version.number, version.text, version.links) == (1, "It insults somebody.", [])
    event = Event.objects.latest("pk")
    said = {"report": filed.public_id.hex, "number": 1, "found": event.data["found"]}
    assert (event.kind, event.data) == ("report.changed", said)
    assert event.actor.is_system
    assert case_of(filed).version == before + 1


def test_the_same_words_change_nothing(sign_in, reporter, filed):
    events = Event.objects.count()
    sign_in(reporter).post(f"{place(filed)}/change", {"text": "It insults somebody."})
    assert not ReportVersion.objects.exists()
    assert Event.objects.count() == events


def test_what_was_said_in_public_stays_and_is_followed_by_the_change(sign_in, reporter, repository):
    report = reported(repository, reporter, "spam", text="It advertises a shop.")
    sign_in(reporter).post(f"{place(report)}/change", {"text": "It advertises two shops."})
    texts = list(Comment.objects.order_by("position").values_list("text", flat=True))
    assert texts == ["It advertises a shop.", "I changed my report. It says now:\n\nIt advertises two shops."]


@pytest.mark.parametrize("ended", [{"locked": True, "locked_by_team": True}, {"status": "closed"}])
def test_a_change_is_no_way_to_post_where_the_discussion_ended(ended, sign_in, reporter, repository):
    report = reported(repository, reporter, "spam", text="It advertises a shop.")
    Discussion.objects.update(**ended)
    sign_in(reporter).post(f"{place(report)}/change", {"text": "It advertises two shops."})
    assert Comment.objects.count() == 1
    assert Report.objects.get().text == "It advertises two shops."


def test_a_change_is_no_way_to_post_for_somebody_who_may_not(sign_in, reporter, repository, comment, author, moderator):
    report = reported(repository, reporter, "spam", text="It advertises a shop.")
    mine = reported(discussion_comment(report), author)
    decided(case_of(mine), moderator, "posting_ban")
    count = Comment.objects.count()
    sign_in(reporter).post(f"{place(report)}/change", {"text": "It advertises two shops."})
    assert Comment.objects.count() == count


def discussion_comment(report):
    return Comment.objects.get(discussion=report.discussion, position=1)


def test_withdrawing_counts_no_more_and_the_team_still_sees_it(sign_in, reporter, author, owner, discussion, filed):
    reported(filed.subject.comment, owner)
    case = case_of(filed)
    client = sign_in(reporter)
    assert "You cannot undo this" in client.get(f"{place(filed)}/withdraw").content.decode()
    response = client.post(f"{place(filed)}/withdraw", follow=True)
    assert "It does not count any more" in response.content.decode()
    filed.refresh_from_db()
    assert filed.state == Report.State.WITHDRAWN
    after = case_of(filed)
    assert (case.report_count, after.report_count) == (2, 1)
    assert after.points <= case.points
    assert after.state == "open"
    assert Event.objects.latest("pk").kind == "report.withdrawn"


def test_whoever_withdrew_hears_no_outcome(sign_in, reporter, owner, moderator, filed):
    reported(filed.subject.comment, owner)
    sign_in(reporter).post(f"{place(filed)}/withdraw")
    decided(case_of(filed), moderator, "posting_ban")
    assert not reporter.inbox.exists()
    assert owner.inbox.filter(subject="What became of your report").exists()
    filed.refresh_from_db()
    assert filed.state == Report.State.WITHDRAWN
    assert "Contest this outcome" not in sign_in(reporter).get(place(filed)).content.decode()


def test_a_case_whose_only_report_was_withdrawn_was_still_reported_by_a_person(sign_in, reporter, moderator, filed):
    sign_in(reporter).post(f"{place(filed)}/withdraw")
    decided(case_of(filed), moderator, "posting_ban")
    statement = filed.subject.comment.author.inbox.get()
    assert "machine" not in statement.body


def test_withdrawing_twice_is_once_and_reporting_again_is_possible(sign_in, reporter, filed):
    client = sign_in(reporter)
    for _ in range(2):
        assert client.post(f"{place(filed)}/withdraw").status_code == 303
    assert case_of(filed).report_count == 0
    assert reported(filed.subject.comment, reporter).pk != filed.pk


@pytest.mark.parametrize("verb", ["change", "withdraw"])
@pytest.mark.parametrize("who", ["author", "owner", "moderator", None])
def test_nobody_else_finds_these_pages(verb, who, request, sign_in, client, filed):
    if who:
        client = sign_in(request.getfixturevalue(who))
    expected = 404 if who else 302
    assert client.get(f"{place(filed)}/{verb}").status_code == expected
    assert client.post(f"{place(filed)}/{verb}", {"text": NEW}).status_code == expected
    filed.refresh_from_db()
    assert (filed.state, filed.text) == ("open", "It insults somebody.")


@pytest.mark.parametrize("verb", ["change", "withdraw"])
def test_what_is_decided_stays_as_it_is(verb, sign_in, reporter, moderator, filed):
    decided(case_of(filed), moderator)
    assert sign_in(reporter).post(f"{place(filed)}/{verb}", {"text": NEW}).status_code == 303
    filed.refresh_from_db()
    assert (filed.state, filed.text) == ("rejected", "It insults somebody.")


def test_a_bad_change_keeps_what_was_written(sign_in, reporter, filed):
    response = sign_in(reporter).post(f"{place(filed)}/change", {"text": "no", "links": "nonsense"})
    assert response.status_code == 422
    assert "nonsense" in response.content.decode()
    assert not ReportVersion.objects.exists()


def test_the_pages_cost_few_queries(sign_in, reporter, filed, django_assert_max_num_queries):
    client = sign_in(reporter)
    for verb in ("change", "withdraw"):
        with django_assert_max_num_queries(6):
            client.get(f"{place(filed)}/{verb}")


def test_files_are_added_up_to_three_in_all_or_none(sign_in, reporter, filed, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    client = sign_in(reporter)
    before = case_of(filed).version
    two = [SimpleUploadedFile(f"{name}.txt", f"The talk {name}.".encode()) for name in "ab"]
    sent = {"text": "It insults somebody.", "attachments": two}
    assert client.post(f"{place(filed)}/change", sent).status_code == 303
    assert [one.name for one in filed.attachments.order_by("pk")] == ["a.txt", "b.txt"]
    assert case_of(filed).version > before  # decisions that did not know them are stale
    more = [SimpleUploadedFile(f"{name}.txt", f"The talk {name}.".encode()) for name in "cd"]
    response = client.post(f"{place(filed)}/change", {"text": NEW, "attachments": more})
    assert response.status_code == 422
    assert "as many files as we take" in response.content.decode()
    filed.refresh_from_db()
    assert (filed.text, filed.attachments.count()) == ("It insults somebody.", 2)


def test_files_need_the_token_of_the_form(reporter, filed, settings):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reporter, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert browser.post(f"{place(filed)}/change", {"text": NEW}).status_code == 403


def test_nobody_is_asked_for_files_of_what_is_locked_away(sign_in, reporter, comment):
    report = reported(comment, reporter, "minors-sexual-content", text="It shows it.")
    assert "attachments" not in sign_in(reporter).get(f"{place(report)}/change").content.decode()
