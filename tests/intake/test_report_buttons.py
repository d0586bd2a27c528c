"""A button to report it on everything that can be reported, for everybody but whose own it is (C1)."""

import pytest

from accounts.actions import create_organization


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_on_every_kind_of_repository(kind, signed_in, make_repository, client, sign_in, reporter):
    repository = make_repository("it", kind=kind)
    page = (sign_in(reporter) if signed_in else client).get(repository.get_absolute_url()).content.decode()
    assert f"/report/repository/{repository.public_id}" in page


@pytest.mark.parametrize("signed_in", [True, False])
def test_on_discussions_and_each_of_their_comments(signed_in, comment, client, sign_in, reporter):
    discussion = comment.discussion
    page = (sign_in(reporter) if signed_in else client).get(discussion.get_absolute_url()).content.decode()
    assert f"/report/discussion/{discussion.public_id}" in page
    for one in discussion.comments.all():
        assert f"/report/comment/{one.public_id}" in page


def test_on_people_and_organizations(client, author, owner):
    assert f"/report/user/{author.public_id}" in client.get(author.get_absolute_url()).content.decode()
    organization = create_organization("lab", actor=owner)
    page = client.get(organization.get_absolute_url()).content.decode()
    assert f"/report/organization/{organization.public_id}" in page
