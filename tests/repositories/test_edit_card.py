"""Editing the card (A5)."""

import re

import pytest

from accounts.queries import system_actor
from repositories import git
from repositories.actions import commit, restrict
from repositories.models import Repository
from tests.repositories.reading import text_of

ADDRESS = "/nok/tiny-model/card/edit"


def form(repository, text="---\nlicense: mit\n---\n# New\n", **changes):
    return {"text": text, "message": "Say more", "parent": Repository.objects.get(pk=repository.pk).head, **changes}


def test_owner_changes_it(sign_in, owner, repository):
    client = sign_in(owner)
    assert "license: apache-2.0" in client.get(ADDRESS).content.decode()
    response = client.post(ADDRESS, form(repository), follow=True)
    assert response.redirect_chain == [("/nok/tiny-model", 303)]
    repository.refresh_from_db()
    assert (repository.license, repository.title) == ("mit", "New")
    latest = git.history(repository)[0]
    assert (latest.message, latest.author) == ("Say more", "nok")


def test_somebody_else_saved_meanwhile(sign_in, owner, repository):
    client, opened = sign_in(owner), form(repository, "# Mine\n")
    commit(repository, {"README.md": b"# Theirs\n"}, actor=owner, message="First")
    response = client.post(ADDRESS, opened)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody changed this repository after you opened the card." in page
    assert re.search(r"<textarea[^>]*>\s*# Mine\s*</textarea>", page)
    assert re.search(r'name="message"\s+value="Say more"', page)
    assert "# Theirs" in page
    repository.refresh_from_db()
    assert repository.card == "# Theirs\n"
    assert f'name="parent" value="{repository.head}"' in page.replace("\n", " ")
    assert client.post(ADDRESS, form(repository, "# Both\n")).status_code == 303


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This field is required."),
        ("abc\u202edef", "U+202E"),
        ("abc\x07def", "U+0007"),
        ("abc\x00def", "Null characters are not allowed."),
        ("x" * 200_001, "please shorten it to at most 200000"),
    ],
)
def test_text_that_cannot_be_kept(sign_in, owner, repository, text, message):
    response = sign_in(owner).post(ADDRESS, form(repository, text))
    assert response.status_code == 422
    assert message in response.content.decode()


def test_long_and_foreign_text_is_kept(sign_in, owner, repository):
    text = "# ไทย 👩‍👩‍👧 العربية\n" + "ก" * 100_000
    assert sign_in(owner).post(ADDRESS, form(repository, text)).status_code == 303
    repository.refresh_from_db()
    assert repository.card == text + "\n"


def test_body_that_is_too_large_is_a_clear_400(sign_in, owner, repository):
    assert sign_in(owner).post(ADDRESS, form(repository, "x" * 3_000_000)).status_code == 400


def test_front_matter_that_nobody_can_read_is_said(sign_in, owner, repository):
    text = "---\n: [\n---\n# Ok\n"
    page = text_of(sign_in(owner).post(ADDRESS, form(repository, text, anyway="on"), follow=True))
    assert "We could not read what stands between the lines" in page
    assert "Programs cannot read all of the front matter of this card." in page


def test_errors_are_refused_with_their_lines(sign_in, owner, repository):
    client, text = sign_in(owner), "---\nlicense: mit\ntags: [a, 3]\n---\n# New\n"
    assert 'name="anyway"' not in text_of(client.get(ADDRESS))
    response = client.post(ADDRESS, form(repository, text))
    page = text_of(response)
    assert response.status_code == 422
    assert re.search(r'class="errorlist"[^>]*>\s*<li>Line 3, tags\[1\]: This has to be text and is a number', page)
    assert 'name="anyway"' in page
    assert "tags: [a, 3]" in page
    assert Repository.objects.get(pk=repository.pk).license == "apache-2.0"
    assert client.post(ADDRESS, form(repository, text, anyway="on")).status_code == 303
    assert Repository.objects.get(pk=repository.pk).tags == ["a", "3"]


def test_anyway_is_still_offered_when_somebody_else_saved_meanwhile(sign_in, owner, repository):
    opened = form(repository, "---\ntags: 3\n---\n", anyway="on")
    commit(repository, {"README.md": b"# Theirs\n"}, actor=owner, message="First")
    page = text_of(sign_in(owner).post(ADDRESS, opened))
    assert re.search(r'name="anyway"[^>]*checked', page)


def test_warnings_are_said_after_saving(sign_in, owner, repository):
    text = "---\nlicense: my-own\nethical_categories: [rigorous, nice]\n---\n# New\n"
    response = sign_in(owner).post(ADDRESS, form(repository, text), follow=True)
    assert response.redirect_chain == [("/nok/tiny-model", 303)]
    said = [str(one) for one in response.context["messages"]]
    assert said[0] == "We saved the card."
    assert said[1].startswith("Line 2, license: We do not know the license “my-own”")
    assert said[2].startswith("Line 3, ethical_categories[1]: “nice” is none of the six categories")


def test_only_some_of_many_warnings_are_said(sign_in, owner, repository):
    text = f"---\nlicense: mit\nethical_categories: [{', '.join('abcdefghij')}]\n---\n"
    response = sign_in(owner).post(ADDRESS, form(repository, text), follow=True)
    assert len(response.context["messages"]) == 6
    assert "10 remarks on the front matter" in text_of(response)


@pytest.mark.parametrize("parent", ["", "0" * 40, "nonsense"])
def test_forged_parent(sign_in, owner, repository, parent):
    response = sign_in(owner).post(ADDRESS, form(repository, parent=parent))
    assert response.status_code == 422
    assert "Your text is still here" in response.content.decode()


def test_strangers_and_visitors_do_not(client, sign_in, reporter, repository):
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    assert sign_in(reporter).get(ADDRESS).status_code == 403
    assert sign_in(reporter).post(ADDRESS, form(repository)).status_code == 403


def test_owner_answers_a_measure_by_editing(sign_in, owner, repository):
    restrict(repository, kind="disabled", reason="Why.", actor=system_actor())
    assert sign_in(owner).post(ADDRESS, form(repository)).status_code == 303


@pytest.mark.parametrize(
    "matter",
    [
        'tags: ["\\ud800"]',
        'license: !!int ""',
        "license: !!bool x",
        'license: !!timestamp "x"',
        f"license: 0x{'F' * 6_000}",
    ],
)
def test_front_matter_that_no_program_can_read_is_saved(sign_in, owner, repository, matter):
    response = sign_in(owner).post(ADDRESS, form(repository, f"---\n{matter}\n---\n# New\n", anyway="on"))
    assert response.status_code == 303
    assert Repository.objects.get(pk=repository.pk).title == "New"


def test_aliases_that_multiply_are_not_read(sign_in, owner, repository):
    levels = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    matter = "\n".join(["a0: &a0 {x: 1}", *levels])
    page = sign_in(owner).post(ADDRESS, form(repository, f"---\n{matter}\n---\n# New\n", anyway="on"), follow=True)
    assert "We could not read what stands between the lines" in page.content.decode()
