"""Clauses and versions in the administration (J1)."""

from datetime import timedelta

from foundation import clock
from moderation.policy.models import Clause, PolicyVersion


def test_a_version_is_posted_there(sign_in, admin, moderator):
    client = sign_in(admin)
    sent = {"summary": "Clearer words.", "effective_at_0": "", "effective_at_1": ""}
    assert client.post("/admin/policy/policyversion/add/", sent).status_code == 302
    assert PolicyVersion.objects.get(number=2).summary == "Clearer words."
    assert sign_in(moderator).post("/admin/policy/policyversion/add/", sent).status_code == 302
    assert PolicyVersion.objects.count() == 2


def test_one_that_comes_too_soon_is_refused_on_the_form(sign_in, admin):
    soon = clock.now() + timedelta(days=3)
    sent = {"summary": "Quick.", "effective_at_0": f"{soon:%Y-%m-%d}", "effective_at_1": "12:00:00"}
    response = sign_in(admin).post("/admin/policy/policyversion/add/", sent)
    assert "People have ten days to read a change" in response.content.decode()
    assert PolicyVersion.objects.count() == 1


def test_what_was_posted_stays(sign_in, admin):
    client, first = sign_in(admin), PolicyVersion.objects.get()
    assert client.get(f"/admin/policy/policyversion/{first.pk}/change/").status_code == 200
    assert client.post(f"/admin/policy/policyversion/{first.pk}/change/", {"summary": "Other."}).status_code == 403
    assert client.post(f"/admin/policy/policyversion/{first.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_clause_is_changed_but_keeps_its_code_and_stays(sign_in, admin):
    client, spam = sign_in(admin), Clause.objects.get(code="spam")
    where = f"/admin/policy/clause/{spam.pk}"
    form = client.get(f"{where}/change/").context["adminform"].form
    sent = {name: form.initial[name] for name in form.fields if not isinstance(form.initial[name], list | None)}
    sent |= {"default_measures": "hide", "automation": "downgrade", "title": "Spam", "severity": 3, "code": "other"}
    assert client.post(f"{where}/change/", sent).status_code == 302
    spam.refresh_from_db()
    assert (spam.code, spam.title, spam.severity) == ("spam", "Spam", 3)
    assert client.post(f"{where}/delete/", {"post": "yes"}).status_code == 403
