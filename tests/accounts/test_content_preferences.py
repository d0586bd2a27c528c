"""Content preferences: ask, always show or never list what is not for all audiences (A4)."""

import pytest

from accounts.actions import choose_nfaa
from accounts.models import User
from foundation.errors import Forbidden

ADDRESS = "/settings/content"


def test_the_choice_is_kept(sign_in, owner):
    client = sign_in(owner)
    assert 'value="ask"' in client.get(ADDRESS).content.decode()
    for choice in ("never", "show", "ask"):
        page = client.post(ADDRESS, {"nfaa": choice}, follow=True).content.decode()
        assert "Your content preferences are saved." in page
        assert User.objects.get(pk=owner.pk).nfaa == choice


@pytest.mark.parametrize("sent", [{}, {"nfaa": "sometimes"}])
def test_other_choices_are_refused(sign_in, owner, sent):
    assert sign_in(owner).post(ADDRESS, sent).status_code == 422
    assert User.objects.get(pk=owner.pk).nfaa == "ask"


def test_strangers_sign_in_first(client, db):
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_it_is_among_the_settings(sign_in, owner):
    page = sign_in(owner).get("/settings/profile").content.decode()
    assert f'href="{ADDRESS}"' in page


def test_nobody_chooses_for_somebody_else(owner, reporter):
    with pytest.raises(Forbidden):
        choose_nfaa(owner, "never", actor=reporter)
