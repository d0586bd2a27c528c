"""A forgotten password (M1)."""

import re

from tests.cast import PASSWORD

NEW = "another long test password"


def test_link_in_the_mail_leads_to_a_new_password(client, owner, mailoutbox):
    client.post("/accounts/password/reset/", {"email": owner.email})
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not client.login(username=owner.username, password=PASSWORD)
    assert client.login(username=owner.username, password=NEW)
    assert "does not work any more" in client.get(link, follow=True).content.decode()


def test_page_does_not_tell_whether_an_address_has_an_account(client, owner, mailoutbox):
    known = client.post("/accounts/password/reset/", {"email": owner.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@people.example"}, follow=True)
    assert "Look into your mail" in known.content.decode()
    assert "Look into your mail" in unknown.content.decode()


def test_mail_is_in_our_words(client, owner, mailoutbox):
    client.post("/accounts/password/reset/", {"email": owner.email})
    client.post("/accounts/password/reset/", {"email": "nobody@people.example"})
    known, unknown = mailoutbox
    assert "asked for a new password for the account “nok”" in known.body
    assert "no account has this address" in unknown.body
    assert "nok" not in unknown.body
