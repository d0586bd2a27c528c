"""model_info, dataset_info, space_info; what is hidden, disabled or gated (A2; checks 2, 3, 5, 6, 10, 12)."""

from typing import get_args

import pytest
from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import ExpandDatasetProperty_T, ExpandModelProperty_T, ExpandSpaceProperty_T

from repositories.actions import commit, like, restrict
from repositories.models import Gating, Restriction, Visibility

CARD = "---\nlicense: mit\nlanguage: th\ntags: [text, not-for-all-audiences]\n---\n# {name}\n"


LINKED = """---
license: mit
pipeline_tag: text-generation
library_name: peft
base_model: nok/base
sdk: static
---
# {name}
"""


def disable(repository, moderator):
    restrict(repository, kind=Restriction.Kind.DISABLED, reason="Malware.", actor=moderator)


def test_model(hub, make_repository, owner, reporter):
    repository = make_repository(card=CARD)
    like(repository, actor=reporter)
    info = hub().model_info("nok/tiny-model", files_metadata=True)
    assert (info.id, info.author, info.sha) == ("nok/tiny-model", "nok", repository.head)
    assert (info.private, info.gated, info.disabled, info.likes) == (False, False, False, 1)
    assert {"text", "license:mit", "th", "not-for-all-audiences"} <= set(info.tags)
    assert info.card_data.license == "mit"
    assert info.trending_score > 0.9
    assert [(one.rfilename, one.size) for one in info.siblings] == [("README.md", len(repository.card.encode()))]
    assert abs(info.created_at - repository.created_at).total_seconds() < 0.001


@pytest.mark.parametrize("kind", ["dataset", "space"])
def test_other_kinds(hub, make_repository, kind):
    make_repository("things", kind=kind)
    assert hub().repo_info("nok/things", repo_type=kind).id == "nok/things"
    assert not hub().repo_exists("nok/things", repo_type="model")


def test_older_revision(hub, repository, owner):
    first = repository.head
    commit(repository, {"config.json": b"{}"}, actor=owner, message="Configure")
    assert [one.rfilename for one in hub().model_info("nok/tiny-model", revision=first).siblings] == ["README.md"]
    assert len(hub().model_info("nok/tiny-model", revision="main").siblings) == 2


@pytest.mark.parametrize("revision", ["v9", "0" * 40, "refs/pr/1"])
def test_unknown_revision(hub, repository, revision):
    with pytest.raises(RevisionNotFoundError):
        hub().model_info("nok/tiny-model", revision=revision)


def test_private_is_as_if_it_were_not_there(hub, make_repository, reporter):
    make_repository(visibility=Visibility.PRIVATE)
    for api in (hub(), hub(reporter)):
        assert not api.repo_exists("nok/tiny-model")
        with pytest.raises(RepositoryNotFoundError) as private:
            api.model_info("nok/tiny-model")
        with pytest.raises(RepositoryNotFoundError) as missing:
            api.model_info("nok/nothing")
        assert private.value.response.json() == missing.value.response.json()
        assert private.value.response.status_code == missing.value.response.status_code


def test_private_for_its_owner(hub, make_repository, owner):
    make_repository(visibility=Visibility.PRIVATE)
    assert hub(owner, "read").model_info("nok/tiny-model").private


def test_gated_is_described_without_its_files(hub, make_repository, reporter):
    make_repository(gating=Gating.MANUAL)
    info = hub(reporter).model_info("nok/tiny-model")
    assert (info.gated, info.siblings) == ("manual", [])


def test_disabled(hub, repository, reporter, moderator, owner):
    disable(repository, moderator)
    with pytest.raises(DisabledRepoError):
        hub(reporter).model_info("nok/tiny-model")
    with pytest.raises(RepositoryNotFoundError):
        hub().model_info("nok/tiny-model")
    assert hub(owner).model_info("nok/tiny-model").disabled


def test_expand(hub, repository):
    info = hub().model_info("nok/tiny-model", expand=["likes", "pipeline_tag"])
    assert (info.likes, info.sha, info.siblings) == (0, None, None)
    with pytest.raises(BadRequestError, match="Unknown value of expand"):
        hub().model_info("nok/tiny-model", expand=["everything"])


@pytest.mark.parametrize(
    ("kind", "names"),
    [("model", ExpandModelProperty_T), ("dataset", ExpandDatasetProperty_T), ("space", ExpandSpaceProperty_T)],
)
def test_everything_that_the_client_may_ask_for(hub, client, make_repository, owner, kind, names):
    made = make_repository("things", kind=kind, card=LINKED)
    commit(made, {"large.bin": b"x" * 11_000_000}, actor=owner, message="Add weights")
    info = hub().repo_info("nok/things", repo_type=kind, expand=list(get_args(names)))
    assert info.used_storage == 11_000_000 + len(made.card.encode())
    assert info.card_data.license == "mit"
    if kind == "model":
        assert (info.pipeline_tag, info.library_name, info.base_models) == ("text-generation", "peft", ["nok/base"])
    if kind == "space":
        assert info.sdk == "static"
    raw = client.get(f"/api/{kind}s/nok/things?expand=xetEnabled&expand=downloadsAllTime").json()
    assert raw == {"id": "nok/things", "xetEnabled": False, "downloadsAllTime": 0}


def test_a_card_that_would_crash_the_client(hub, make_repository):
    make_repository(card="---\nself: x\nignore_metadata_errors: 5\nlicense: mit\n---\n# {name}\n")
    assert hub().model_info("nok/tiny-model").card_data.license == "mit"


def test_unknown_token(hub, endpoint, repository):
    api = hub()
    with pytest.raises(HfHubHTTPError, match="Invalid credentials"):
        api.model_info("nok/tiny-model", token="hf_unknown")


def test_empty_repository(hub, owner, repository):
    from repositories.actions import create_repository

    create_repository(owner.namespace, "empty", kind="model", actor=owner)
    info = hub().model_info("nok/empty")
    assert (info.sha, info.siblings) == (None, [])


def test_one_query_more_or_less(client, repository, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert client.get("/api/models/nok/tiny-model").status_code == 200
