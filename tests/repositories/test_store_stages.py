"""What dates of a release brought about is stored once, and told once (A7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from accounts.actions import join_organization
from accounts.models import InboxMessage
from foundation import clock
from repositories.actions import commit
from repositories.actions.release import begin_stage
from repositories.actions.stages import store_due_stages
from repositories.models import Repository, Stage
from repositories.steps import Step
from tests.conftest import concurrent
from tests.repositories.reading import text_of
from tests.repositories.releasing import ADDRESS, DAY, START, plan


def test_sweep_stores_and_tells_the_admins_in_their_zone(owner, ours, people, make_user, organization, set_clock):
    set_clock(START)
    other_admin = make_user("somchai", time_zone="Asia/Bangkok")
    join_organization(other_admin, organization, role="admin", actor=owner)
    due = START + timedelta(hours=2)
    plan(ours, owner, Step("private"), Step("gated", due, gating="auto"), Step("public"))
    assert store_due_stages() == 0
    set_clock(due + timedelta(minutes=30))
    assert (store_due_stages(), store_due_stages()) == (1, 0)
    ours.refresh_from_db()
    assert (ours.visibility, ours.gating, ours.listed, ours.stage_due_at) == ("public", "auto", True, None)
    assert Stage.objects.get(kind="gated").reached_at == due
    message = InboxMessage.objects.get(recipient=owner)
    assert "mekong-lab/ours" in message.subject
    assert "20 November 2026, 14:00 (UTC)" in message.body
    assert message.link == ADDRESS
    assert "20 November 2026, 21:00 (+07)" in InboxMessage.objects.get(recipient=other_admin).body
    assert InboxMessage.objects.count() == 2  # neither members nor whom the steps name


def test_lists_search_and_protocol_say_what_holds_before_anything_is_stored(client, owner, ours, set_clock):
    set_clock(START)
    commit(ours, {"data.txt": b"1"}, actor=owner, message="Add data")
    due = [START + timedelta(hours=hour) for hour in (1, 2)]
    plan(ours, owner, Step("private"), Step("gated", due[0]), Step("public", due[1]))
    for at, gated in ((due[0], True), (due[1], False)):
        set_clock(at - timedelta(microseconds=1))
        before = "yes" if not gated else "no"
        assert ("/mekong-lab/ours" in text_of(client.get(f"/models?gated={before}"))) == (not gated)
        set_clock(at)
        for path in (f"/models?gated={'yes' if gated else 'no'}", "/search?q=ours", "/mekong-lab", "/mekong-lab/ours"):
            page = text_of(client.get(path))
            assert "/mekong-lab/ours" in page, path
            assert ('class="tag gated"' in page) == gated, path
            assert 'class="tag private"' not in page, path
        assert "/mekong-lab/ours" not in text_of(client.get(f"/models?gated={'no' if gated else 'yes'}"))
        listed = client.get("/api/models").json()[0]
        assert (listed["private"], listed["gated"]) == (False, "manual" if gated else False)
        info = client.get("/api/models/mekong-lab/ours").json()
        assert (info["private"], info["gated"]) == (False, "manual" if gated else False)
        for raw in ("/mekong-lab/ours/raw/data.txt", "/mekong-lab/ours/resolve/main/data.txt"):
            assert (client.get(raw).status_code == 200) == (not gated), raw
    assert Repository.objects.get(pk=ours.pk).visibility == "private"  # nobody stored anything


def test_step_begun_by_hand_is_no_news_to_who_began_it(owner, ours):
    plan(ours, owner, Step("private"), Step("public"))
    begin_stage(ours, "public", actor=owner)
    assert not InboxMessage.objects.exists()


def test_one_that_cannot_be_stored_does_not_hold_up_the_others(make_repository, owner, set_clock, caplog):
    set_clock(START)
    first, second = make_repository("first"), make_repository("second")
    for row in (first, second):
        plan(row, owner, Step("private"), Step("public", START + DAY))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON repositories_repository FOR EACH ROW "
            f"WHEN (OLD.id = {first.pk}) EXECUTE FUNCTION refuse()"
        )
    set_clock(START + DAY)
    assert store_due_stages() == 1
    assert "could not be stored" in caplog.text
    assert Repository.objects.get(pk=second.pk).visibility == "public"


@concurrent
def test_two_sweeps_at_once_store_and_tell_once(owner, repository, pass_time):
    plan(repository, owner, Step("private"), Step("public", clock.now() + timedelta(hours=1)))
    pass_time(timedelta(hours=2))

    def sweep(_number):
        try:
            return store_due_stages()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 1
    assert InboxMessage.objects.count() == 1
