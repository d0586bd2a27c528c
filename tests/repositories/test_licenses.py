"""Licenses that cards name, and what those of the OpenRAIL family forbid (A5)."""

import pytest

from repositories.card import license_of
from repositories.card.licenses import Family


def forbidden(identifier):
    return " ".join(map(str, license_of(identifier).restrictions))


@pytest.mark.parametrize(
    ("identifier", "family"),
    [
        ("mit", Family.PERMISSIVE),
        ("Apache-2.0", Family.PERMISSIVE),
        ("gpl-3.0", Family.COPYLEFT),
        ("cc-by-nc-sa-4.0", Family.CREATIVE_COMMONS),
        ("llama3.1", Family.COMMUNITY),
        ("gemma", Family.COMMUNITY),
        ("other", Family.OTHER),
        ("openrail", Family.OPENRAIL),
        ("openrail++", Family.OPENRAIL),
        ("creativeml-openrail-m", Family.OPENRAIL),
        ("bigscience-openrail-m", Family.OPENRAIL),
        ("bigscience-bloom-rail-1.0", Family.OPENRAIL),
        ("bigcode-openrail-m", Family.OPENRAIL),
    ],
)
def test_families(identifier, family):
    found = license_of(identifier)
    assert found.family == family
    assert found.is_openrail == (family == Family.OPENRAIL) == bool(found.restrictions)
    assert found.name


@pytest.mark.parametrize("identifier", ["", "banana", "mit license", "\x00"])
def test_what_we_do_not_know(identifier):
    assert license_of(identifier) is None


@pytest.mark.parametrize(
    ("identifier", "is_forbidden", "is_not"),
    [
        (
            "creativeml-openrail-m",
            ["harm children", "medical advice", "who will commit a crime"],
            ["malware", "pose as"],
        ),
        ("openrail++", ["discriminate", "personal data that can be used"], ["malware", "machine made it"]),
        ("bigscience-openrail-m", ["deepfake, without their consent", "machine made it"], ["malware"]),
        ("bigscience-bloom-rail-1.0", ["pose as somebody else, or try to", "machine made it"], ["malware", "consent"]),
        (
            "bigcode-openrail-m",
            ["malware", "in the place of a professional", "in order to deceive"],
            ["who will commit"],
        ),
    ],
)
def test_what_each_forbids_differs(identifier, is_forbidden, is_not):
    said = forbidden(identifier)
    assert [part for part in is_forbidden if part not in said] == []
    assert [part for part in is_not if part in said] == []


def test_the_family_by_itself_is_no_license():
    assert "names a family of licenses" in str(license_of("openrail").note)
    assert license_of("creativeml-openrail-m").note == ""


def test_page_shows_what_an_openrail_license_forbids(client, make_repository):
    make_repository("mint", card="---\nlicense: creativeml-openrail-m\n---\n# {name}\n")
    page = client.get("/nok/mint").content.decode()
    assert "CreativeML Open RAIL-M" in page
    assert ">OpenRAIL</span>" in page
    assert "exploit or harm children, or try to." in page
    assert "What counts is the text of the license." in page


def test_page_shows_a_permissive_one_without_restrictions(client, repository):
    page = client.get("/nok/tiny-model").content.decode()
    assert "Apache 2.0" in page
    assert ">OpenRAIL</span>" not in page
    assert "agrees not to" not in page


@pytest.mark.parametrize(
    ("matter", "said"),
    [
        ("license: other\nlicense_name: tern-1.0\nlicense_link: LICENSE", "tern-1.0"),
        ("license: banana", "We do not know this license"),
        ("tags: [a]", "not stated"),
    ],
)
def test_page_of_other_licenses(client, make_repository, matter, said):
    make_repository("odd", card=f"---\n{matter}\n---\n# x\n")
    assert said in client.get("/nok/odd").content.decode()
