"""Which measures another moderator confirms, in the administration (D1)."""

from django.contrib.admin.models import LogEntry

from moderation.cases.confirming import guard_of
from moderation.policy.models import GuardedMeasure

LIST = "/admin/policy/guardedmeasure/"


def test_an_administrator_puts_a_measure_in_and_takes_it_out(sign_in, admin, clause):
    client = sign_in(admin)
    assert "deactivate" in client.get(LIST).content.decode()
    assert guard_of(clause("fraud-phishing"), ["posting_ban"]) is None
    assert client.post(f"{LIST}add/", {"kind": "posting_ban"}).status_code == 302
    guard = guard_of(clause("fraud-phishing"), ["posting_ban"])
    assert guard is not None
    assert guard.kinds == ["posting_ban"]
    row = GuardedMeasure.objects.get(kind="posting_ban")
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not GuardedMeasure.objects.filter(kind="posting_ban").exists()
    history = LogEntry.objects.filter(user=admin, content_type__model="guardedmeasure")
    assert sorted(history.values_list("action_flag", "object_repr")) == [(1, "posting_ban"), (3, "posting_ban")]


def test_only_kinds_that_a_decision_takes_once_each(sign_in, admin):
    client = sign_in(admin)
    for kind in ("deactivate", "request_gating", "nothing", ""):
        assert client.post(f"{LIST}add/", {"kind": kind}).status_code == 200
    assert GuardedMeasure.objects.filter(kind="deactivate").count() == 1
    assert not GuardedMeasure.objects.filter(kind__in=("request_gating", "nothing", "")).exists()


def test_nobody_else_sees_it(sign_in, moderator, owner, client):
    for one in (sign_in(moderator), sign_in(owner), client):
        assert one.get(LIST).status_code in (302, 403)
        assert one.post(f"{LIST}add/", {"kind": "posting_ban"}).status_code in (302, 403)
    assert not GuardedMeasure.objects.filter(kind="posting_ban").exists()
