"""The demo hub loads whole, once, through the actions, with every state present."""

import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import PostingRestriction, User
from community.models import Comment, Discussion, PullRequest
from moderation.automation.models import Rule
from moderation.cases.checkpoints import write_checkpoints
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report
from repositories.models import AccessRequest, Gating, Repository, Restriction, Stage, Visibility


@pytest.fixture
def sign_ins(settings, tmp_path) -> Path:
    settings.SIGN_INS_FILE = tmp_path / "sign-ins.txt"
    return tmp_path / "sign-ins.txt"


@pytest.mark.slow
def test_the_demo_hub_has_something_for_every_page(db, sign_ins, client, capsys) -> None:
    call_command("load_demo")
    people = Comment.objects.filter(author__username="ombud")
    assert Repository.objects.count() == 60
    assert Discussion.objects.filter(origin="person").count() == 203
    assert Comment.objects.filter(discussion__origin="person").exclude(pk__in=people).count() == 607
    assert Report.objects.count() == 41
    assert len({language for one in Repository.objects.all() for language in one.languages}) >= 6
    _every_state_is_present()
    write_checkpoints()
    call_command("verify_events")
    assert "Faults: none." in capsys.readouterr().out
    passwords = dict(line.split()[-2:] for line in sign_ins.read_text().splitlines())
    assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
    assert client.login(username="mira", password=passwords["mira"])

    call_command("load_demo")
    assert (Repository.objects.count(), Report.objects.count()) == (60, 41)
    assert dict(line.split()[-2:] for line in sign_ins.read_text().splitlines()) == passwords


def _every_state_is_present() -> None:
    restrictions = set(Restriction.objects.active().values_list("kind", flat=True))
    # A report of children’s data holds the card until somebody has looked (C6).
    assert restrictions == {"downgraded", "disabled", "card_held"}
    assert set(Repository.objects.values_list("gating", flat=True)) == set(Gating)
    assert set(Repository.objects.values_list("visibility", flat=True)) == set(Visibility)
    assert Repository.objects.filter(nfaa=True).exists()
    assert set(AccessRequest.objects.values_list("status", flat=True)) == {"pending", "accepted", "rejected"}
    assert set(PullRequest.objects.values_list("discussion__status", flat=True)) == {"open", "merged"}
    assert [stage.reached_at is not None for stage in Stage.objects.order_by("position")] == [True, True, False, False]
    assert PostingRestriction.objects.active().count() == 1
    assert PostingRestriction.objects.count() > PostingRestriction.objects.active().count()
    assert set(Decision.objects.values_list("outcome", flat=True)) == {"violation", "no_violation"}
    assert Case.objects.filter(state="open").count() >= 10
    lanes = set(Case.objects.filter(state="open").values_list("lane__code", flat=True))
    assert {"threat", "children", "rights"} <= lanes  # what wants instructions at hand, and is there to be tried
    assert set(Rule.objects.values_list("mode", flat=True)) == {"live"}


def test_production_refuses_it(db, settings, sign_ins) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert not User.objects.filter(username="mira").exists()
