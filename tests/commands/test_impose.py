"""manage.py impose: a decision like any other, on whatever an address names."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from moderation.cases.actions import claim, receive_report
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Case, Decision
from moderation.cases.verify import find_faults
from moderation.reports.models import Report
from moderation.sanctions.models import Measure
from repositories.actions import commit
from repositories.models import Visibility

REASON = "You called people idiots."


def run(*args: str, clause: str = "harassment", reason: str = REASON) -> str:
    output = io.StringIO()
    call_command("impose", *args, f"--clause={clause}", f"--reason={reason}", stdout=output, stderr=io.StringIO())
    return output.getvalue().strip()


def test_ban_of_a_comments_author(comment, author):
    printed = run("posting_ban", comment.get_absolute_url())
    measure = Measure.objects.get()
    assert printed == str(measure.public_id)
    assert standing_restriction(author)
    assert (measure.subject.comment, measure.actor.username, measure.automated) == (comment, "ombud", False)
    assert (Case.objects.get().state, Decision.objects.get().outcome) == ("decided", "violation")
    assert list(find_faults()) == []


def test_statement_says_that_nobody_reported_it(comment, author):
    run("posting_ban", comment.get_absolute_url())
    message = InboxMessage.objects.get(recipient=author)
    assert "A moderator came across it" in message.body
    assert "machine" not in message.body


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("form", ["{path}", "{path}/", "http://testserver{path}", "repository:{id}"])
def test_repository_by(make_repository, kind, form):
    repository = make_repository(kind=kind)
    path = form.format(path=repository.get_absolute_url(), id=repository.public_id)
    run("downgrade", path, clause="spam")
    assert Measure.objects.get().subject.repository == repository


def test_discussion_and_person(discussion, author):
    run("friendly_warning", discussion.get_absolute_url())
    run("friendly_warning", "quentin")
    assert [one.subject.kind for one in Measure.objects.order_by("pk")] == ["discussion", "user"]
    assert {one.person for one in Measure.objects.all()} == {author}


def test_private_repository(make_repository):
    run("disable", make_repository(visibility=Visibility.PRIVATE).get_absolute_url(), clause="malware")
    assert Measure.objects.get().kind == "disable"


def test_until_the_owner_did_it(repository, owner):
    run("downgrade", repository.get_absolute_url(), "--until-done=tagged", clause="spam")
    measure = Measure.objects.get()
    assert (measure.until_done, measure.ends_at) == ("tagged", None)
    files = {"README.md": b"---\ntags: [not-for-all-audiences]\n---\n# Ours\n"}
    commit(repository, files, actor=owner, message="Tag it")
    check_conditions()
    assert not Measure.objects.standing().exists()


def test_what_waits_for_nobody_is_refused(comment, repository):
    with pytest.raises(CommandError, match="Only a repository can wait"):
        run("hide_comment", comment.get_absolute_url(), "--until-done=tagged")
    with pytest.raises(CommandError, match="cannot wait for that"):
        run("hide_card", repository.get_absolute_url(), "--until-done=gated", clause="spam")
    with pytest.raises(CommandError, match="not allowed with"):
        run("downgrade", repository.get_absolute_url(), "--until-done=tagged", "--hours=3", clause="spam")
    assert not Measure.objects.exists()


def test_open_case_is_decided_with_its_reports(comment, reporter, clause):
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    run("posting_ban", comment.get_absolute_url())
    assert Case.objects.get().state == Case.State.DECIDED
    assert Report.objects.get().state == Report.State.UPHELD


def test_a_name_of_who_reported_it_is_asked_about(comment, reporter, clause):
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    words = f"You insulted {reporter.username}, who did nothing."
    with pytest.raises(CommandError, match=f"{reporter.username}.*confirm that it must stay"):
        run("posting_ban", comment.get_absolute_url(), reason=words)
    assert not Measure.objects.exists()
    run("posting_ban", comment.get_absolute_url(), "--naming", reason=words)
    assert Measure.objects.exists()


def test_an_address_of_who_reported_it_never_stays(comment, reporter, clause):
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    words = f"{reporter.email} told us that you insulted people."
    with pytest.raises(CommandError, match="nobody else may learn it"):
        run("posting_ban", comment.get_absolute_url(), "--naming", reason=words)
    assert not Measure.objects.exists()


def test_in_the_name_of_a_moderator(comment, moderator):
    run("posting_ban", comment.get_absolute_url(), "--as=mira")
    assert Decision.objects.get().actor == moderator


@pytest.mark.parametrize(
    ("args", "options", "words"),
    [
        (["posting_ban", "/nok/nothing"], {}, "no such repository"),
        (["posting_ban", "/nobody"], {}, "We find nothing here"),
        (["posting_ban", "/ombud"], {}, "We find nothing here"),
        (["posting_ban", "https://elsewhere.example/nok/tiny-model"], {}, "not an address of this site"),
        (["posting_ban", "http://[half"], {}, "We find nothing here"),
        (["posting_ban", f"comment:{uuid.uuid4()}"], {}, "We find nothing here"),
        (["posting_ban", "comment:1"], {}, "We find nothing here"),
        (["posting_ban", ""], {}, "We find nothing here"),
        (["posting_ban", "/nok/tiny-model/discussions/99"], {}, "no discussion of this number"),
        (["flogging", "/nok/tiny-model"], {}, "invalid choice"),
        (["posting_ban", "/nok/tiny-model"], {"clause": "nothing"}, "There are: fraud-phishing"),
        (["posting_ban", "/nok/tiny-model"], {"reason": "No."}, "in a sentence"),
        (["posting_ban", "/nok/tiny-model"], {"reason": "Bad\u202e words here."}, "invisible"),
        (["posting_ban", "/nok/tiny-model", "--as=iris"], {}, "nobody called iris in the team"),
        (["posting_ban", "/nok/tiny-model", "--as=nok"], {}, "nobody called nok in the team"),
        (["downgrade", "/nok"], {"clause": "spam"}, "cannot be applied"),
    ],
)
def test_nothing_half_done(repository, reporter, args, options, words):
    with pytest.raises(CommandError, match=words):
        run(*args, **options)
    assert not Case.objects.exists()
    assert not Measure.objects.exists()


def test_twice(comment):
    run("posting_ban", comment.get_absolute_url())
    with pytest.raises(CommandError, match="holds already"):
        run("posting_ban", comment.get_absolute_url())
    assert Measure.objects.count() == 1


def test_case_somebody_works_on(comment, reporter, clause, moderator, other_moderator):
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    claim(Case.objects.get(), actor=other_moderator)
    with pytest.raises(CommandError, match="tomas is working on this case"):
        run("posting_ban", comment.get_absolute_url(), "--as=mira")


def test_own_content(make_repository, moderator):
    repository = make_repository("own", owner=moderator)
    with pytest.raises(CommandError, match="your own"):
        run("downgrade", repository.get_absolute_url(), "--as=mira", clause="spam")
