"""Repositories in Django admin: looked at, never changed (E5)."""

import pytest
from django.urls import reverse

from accounts.queries import system_actor
from repositories.actions import restrict


@pytest.fixture
def pages(repository):
    restriction = restrict(repository, kind="downgraded", reason="Only adverts.", actor=system_actor())
    return {"repository": repository, "restriction": restriction}


@pytest.mark.parametrize("model", ["repository", "restriction"])
def test_lists_search_and_one_page(sign_in, admin, pages, model):
    client = sign_in(admin)
    page = client.get(reverse(f"admin:repositories_{model}_changelist"), {"q": "tiny"}).content.decode()
    assert "nok/tiny-model" in page
    one = client.get(reverse(f"admin:repositories_{model}_change", args=[pages[model].pk])).content.decode()
    assert "Only adverts." not in one
    assert "<textarea" not in one
    assert "A small model for tests." not in one


@pytest.mark.parametrize("model", ["repository", "restriction"])
def test_nothing_is_added_changed_or_deleted(sign_in, admin, pages, model):
    client, key = sign_in(admin), pages[model].pk
    assert client.get(reverse(f"admin:repositories_{model}_add")).status_code == 403
    assert client.post(reverse(f"admin:repositories_{model}_change", args=[key]), {"reason": "x"}).status_code == 403
    assert client.post(reverse(f"admin:repositories_{model}_delete", args=[key]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("person", ["owner", "moderator"])
def test_only_administrators(request, sign_in, pages, person):
    response = sign_in(request.getfixturevalue(person)).get(reverse("admin:repositories_repository_changelist"))
    assert response.status_code == 302
