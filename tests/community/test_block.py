"""Blocking people from the community tabs of a namespace (B2)."""

import pytest

from accounts.actions import join_organization
from accounts.models import Namespace
from accounts.queries import inbox, system_actor
from community.actions import block, unblock
from community.models import Block, Comment
from foundation.errors import Forbidden, Refused
from tests.repositories.reading import following, text_of

PAGE = "/settings/blocked"
PLACE = "/nok/tiny-model/discussions/1"


@pytest.fixture
def name(owner):
    return Namespace.objects.get(user=owner)


@pytest.fixture
def lab(organization):
    return Namespace.objects.get(organization=organization)


def blocked():
    return set(Block.objects.values_list("namespace__name", "user__username"))


def test_from_all_repositories_and_back(sign_in, owner, author, repository, discussion):
    client = sign_in(owner)
    response = client.post(PAGE, {"name": "@Quentin", "note": "rude  twice"})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    page = text_of(client.get(PAGE))
    assert "rude twice" in page
    assert "You blocked quentin" in page
    refused = sign_in(author).post(f"{PLACE}/comment", {"text": "Hello."})
    assert refused.status_code in (403, 422)
    assert Comment.objects.count() == 1
    assert "nok blocked you" in text_of(sign_in(author).get(PLACE))
    assert client.post(f"{PAGE}/unblock", {"name": "quentin"}).status_code == 303
    assert blocked() == set()
    assert "Nobody is blocked" in text_of(client.get(PAGE))


def test_only_the_owner_side_learns_of_it(sign_in, name, owner, author, reporter):
    block(name, author, actor=owner, note="rude")
    assert not inbox(author).exists()
    assert not author.notifications.exists()
    for person in (author, reporter):
        assert "rude" not in text_of(sign_in(person).get(PAGE))
        assert sign_in(person).get(f"{PAGE}?namespace=nok").status_code == 403


def test_twice_is_once_with_the_last_note(name, owner, author):
    first = block(name, author, actor=owner, note="rude")
    block(name, author, actor=owner)
    assert block(name, author, actor=owner, note="worse").pk == first.pk
    assert Block.objects.get().note == "worse"


def test_who_was_not_blocked_stays_so(name, owner, author):
    unblock(name, author, actor=owner)
    assert blocked() == set()


def test_owner_side_team_and_system_cannot_be_blocked(name, lab, owner, moderator, author, organization):
    join_organization(author, organization, role="read", actor=owner)
    for namespace, person in ((name, owner), (lab, author), (name, moderator), (name, system_actor())):
        with pytest.raises(Refused) as caught:
            block(namespace, person, actor=owner)
        assert caught.value.code in ("oneself", "owner_side", "team")
    assert blocked() == set()


@pytest.mark.parametrize("role", ["read", "contributor", "write", None])
def test_only_admins_decide_for_an_organization(lab, organization, owner, reporter, author, role):
    if role:
        join_organization(reporter, organization, role=role, actor=owner)
    block(lab, author, actor=owner)
    for verb in (block, unblock):
        with pytest.raises(Forbidden):
            verb(lab, author, actor=reporter)
    assert blocked() == {("mekong-lab", "quentin")}


def test_admin_blocks_for_an_organization_by_the_page(sign_in, owner, author, organization):
    client = sign_in(owner)
    assert (
        client.post(f"{PAGE}?namespace=Mekong-Lab", {"name": "quentin"})["Location"] == f"{PAGE}?namespace=mekong-lab"
    )
    assert blocked() == {("mekong-lab", "quentin")}
    assert "quentin" in text_of(client.get(f"{PAGE}?namespace=mekong-lab"))
    assert ">quentin<" not in text_of(client.get(PAGE))
    client.post(f"{PAGE}/unblock", {"name": "quentin", "namespace": "mekong-lab"})
    assert blocked() == set()


def test_members_read_the_list_and_find_no_form(sign_in, lab, organization, owner, reporter, author):
    join_organization(reporter, organization, role="write", actor=owner)
    block(lab, author, actor=owner, note="rude")
    page = text_of(sign_in(reporter).get(f"{PAGE}?namespace=mekong-lab"))
    assert "rude" in page
    assert "Unblock" not in page
    assert 'name="note"' not in page
    assert sign_in(reporter).post(PAGE, {"name": "tomas", "namespace": "mekong-lab"}).status_code in (403, 422)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "nobody-here"}, "There is no person of this name"),
        ({"name": "mekong-lab"}, "There is no person of this name"),
        ({"name": "nok"}, "You cannot block yourself"),
        ({"name": "mira"}, "You cannot block our team"),
        ({"name": "ombud"}, "You cannot block our team"),
        ({"name": "quentin", "note": "x" * 201}, "shorten it to at most 200"),
        ({"name": "quentin", "note": "a\u202eb"}, "U+202E"),
    ],
)
def test_form_says_what_is_wrong(sign_in, owner, author, moderator, organization, values, words):
    response = sign_in(owner).post(PAGE, values)
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert blocked() == set()


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (f"{PLACE}?from=101#answer", f"{PLACE}?from=101#answer"),
        ("https://evil.example/", PAGE),
        ("//evil.example/", PAGE),
        ("/\\evil.example", PAGE),
        ("javascript:alert(1)", PAGE),
        ("", PAGE),
    ],
)
def test_goes_back_to_pages_of_ours_only(sign_in, owner, author, address, target):
    client = sign_in(owner)
    assert client.post(PAGE, {"name": "quentin", "next": address})["Location"] == target
    assert client.post(f"{PAGE}/unblock", {"name": "quentin", "next": address})["Location"] == target


@pytest.mark.parametrize("values", [{"name": "nobody-here"}, {}, {"name": "quentin", "namespace": "nobody-here"}])
def test_unblocking_nobody(sign_in, owner, author, values):
    assert sign_in(owner).post(f"{PAGE}/unblock", values).status_code == 404


def test_visitor_signs_in_first(client, author):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert client.post(f"{PAGE}/unblock", {"name": "quentin"})["Location"] == f"/accounts/login/?next={PAGE}"


def test_list_in_pages(sign_in, name, owner, author, make_user, django_assert_max_num_queries):
    Block.objects.bulk_create(
        Block(namespace=name, user=make_user(f"person-{number}"), actor=owner) for number in range(51)
    )
    client = sign_in(owner)
    with django_assert_max_num_queries(8):
        first = client.get(PAGE)
    assert text_of(first).count('value="person-') == 50
    assert 'value="person-0"' in text_of(client.get(PAGE + following(first)))


def test_blocked_person_still_reads_and_reports(sign_in, name, owner, author, discussion):
    block(name, author, actor=owner)
    client = sign_in(author)
    assert client.get(PLACE).status_code == 200
    assert client.get(f"/report/discussion/{discussion.public_id}").status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/unblock"])
@pytest.mark.parametrize("values", [{"name": "quentin", "namespace": "a\x00b"}, {"name": "quentin\x00"}])
def test_nul_is_refused(sign_in, owner, author, path, values):
    """By the field where there is one, else by the whole site."""
    response = sign_in(owner).post(path, values)
    assert response.status_code in (400, 422)
    assert "namespace" not in values or response.status_code == 400
