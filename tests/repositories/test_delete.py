"""Deleting: gone for everybody, its name stays taken, what was moderated stays (architecture, "Deleting")."""

from datetime import timedelta

import pytest

from accounts.actions import join_organization
from accounts.models import Namespace
from accounts.queries import system_actor
from community.models import Discussion
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, claim, decide, receive_report
from moderation.cases.actions.lift import lift_measure
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure
from repositories.access import access
from repositories.actions import create_repository, restrict
from repositories.actions.move import delete_repository, move_repository
from repositories.actions.release import plan_release
from repositories.models import Repository, Stage
from repositories.queries import listed_for, listed_parts
from repositories.steps import Step
from tests.repositories.reading import text_of

DELETE = "/nok/tiny-model/settings/danger/delete"
BELOW = ("", "/files", "/raw/README.md", "/history", "/discussions", "/discussions/1", "/moderation", "/settings")


def test_owner_types_the_name_and_it_is_gone_for_everybody(
    sign_in, owner, reporter, moderator, client, repository, discussion
):
    signed_in = sign_in(owner)
    assert "To delete it, type nok/tiny-model" in text_of(signed_in.get("/nok/tiny-model/settings/danger"))
    response = signed_in.post(DELETE, {"typed": " nok/tiny-model "})
    assert (response.status_code, response["Location"]) == (303, "/nok")
    for reader in (client, signed_in, sign_in(reporter), sign_in(moderator)):
        for below in BELOW:
            answer = reader.get(f"/nok/tiny-model{below}").status_code
            assert answer in ((404, 302) if below == "/settings" else (404,)), below
        assert "tiny-model" not in text_of(reader.get("/nok"))
        assert "tiny-model" not in text_of(reader.get("/models"))
        assert "nok/tiny-model" not in text_of(reader.get("/search?q=tiny"))
        assert reader.get("/api/models/nok/tiny-model").status_code in (401, 404)
    row = Repository.objects.get(pk=repository.pk)
    for person in (None, owner, reporter, moderator):
        found = access(row, person)
        assert (found.see, found.files, found.edit, found.manage) == (False, False, False, False)
        assert not listed_for(person).filter(pk=row.pk).exists()
        assert not any(part.filter(pk=row.pk).exists() for part in listed_parts(person))


@pytest.mark.parametrize("typed", ["", "tiny-model", "nok/Tiny-Model", "nok/tiny-model2"])
def test_another_name_deletes_nothing(sign_in, owner, repository, typed):
    assert sign_in(owner).post(DELETE, {"typed": typed}).status_code == 422
    assert Repository.objects.get().deleted_at is None


def test_only_admins_delete(sign_in, owner, organization, reporter, make_repository):
    ours = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="write", actor=owner)
    answer = sign_in(reporter).post("/mekong-lab/ours/settings/danger/delete", {"typed": "mekong-lab/ours"})
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        delete_repository(ours, actor=reporter)


def test_its_names_stay_taken_and_send_nobody_on(owner, client, repository, make_repository):
    other = make_repository("other")
    move_repository(repository, namespace=repository.namespace, name="small", actor=owner)
    delete_repository(repository, actor=owner)
    for name in ("tiny-model", "small", "SMALL"):
        assert client.get(f"/nok/{name}").status_code == 404
        with pytest.raises(Refused, match="not used again"):
            create_repository(Namespace.objects.get(name="nok"), name, kind="model", actor=owner)
        with pytest.raises(Refused, match="not used again"):
            move_repository(other, namespace=other.namespace, name=name, actor=owner)


def test_release_and_readers_end_with_it(owner, reporter, repository):
    plan_release(repository, [Step("private"), Step("people", people=("iris",)), Step("public")], actor=owner)
    delete_repository(repository, actor=owner)
    assert not Stage.objects.exists()
    assert not access(Repository.objects.get(), reporter).see


def test_restriction_that_ends_brings_nothing_back(owner, client, repository, pass_time):
    ends = clock.now() + timedelta(hours=1)
    restrict(repository, kind="downgraded", reason="Adverts.", actor=system_actor(), ends_at=ends)
    delete_repository(repository, actor=owner)
    pass_time(timedelta(hours=2))
    assert not listed_for(None).exists()
    assert client.get("/nok/tiny-model").status_code == 404


def test_cases_about_it_are_read_decided_and_undone(sign_in, owner, moderator, reporter, repository, comment):
    clause = Clause.objects.get(code="malware")
    for target in (repository, comment):
        receive_report(target, clause=clause, text="It installs a miner.", actor=reporter)
    delete_repository(repository, actor=owner)
    client = sign_in(moderator)
    assert "tiny-model" in text_of(client.get("/cases"))
    for case in Case.objects.all():
        claim(case, actor=moderator)
        page = client.get(case.get_absolute_url())
        assert page.status_code == 200
        case.refresh_from_db()
        kind = "disable" if case.subject.repository_id else "friendly_warning"
        decide(
            case,
            actor=moderator,
            version=case.version,
            outcome="violation",
            clause=clause,
            measures=[MeasureOrder(kind)],
            explanation="The file setup.py downloads and starts a miner.",
        )
        assert client.get(case.get_absolute_url()).status_code == 200
    for measure in Measure.objects.all():
        lift_measure(measure, reason="It was no miner.", actor=moderator)
    assert client.get(f"/cases/people/{owner.public_id}").status_code == 200
    assert sign_in(owner).get("/standing").status_code == 200
    assert sign_in(reporter).get("/reports").status_code == 200
    assert Discussion.objects.exists()
