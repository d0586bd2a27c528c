"""The client against a real server, over a socket: reading, downloading, posting, being refused (K2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from huggingface_hub import close_session
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError
from pytest_django.live_server_helper import LiveServer

from repositories.actions import change_settings, commit
from repositories.models import Gating


@pytest.fixture
def endpoint(transactional_db: None, live_server: LiveServer) -> Iterator[str]:
    ContentType.objects.clear_cache()  # the flush between tests gives them new ids
    yield str(live_server.url)
    close_session()  # else the client keeps its connection, and the server's thread keeps one to the database


def test_over_the_wire(hub, download, repository, owner, reporter, tmp_path):
    api = hub(reporter)
    assert api.whoami()["name"] == "iris"
    assert [one.id for one in api.list_models()] == ["nok/tiny-model"]
    assert download(api, repository, "README.md") == repository.card.encode()
    assert api.create_discussion("nok/tiny-model", "Hello").num == 1
    assert api.comment_discussion("nok/tiny-model", 1, "ขอบคุณ ✨").content == "ขอบคุณ ✨"
    commit(repository, {"weights/a.bin": b"\x00" * 10}, actor=owner, message="Add weights")
    folder = Path(api.snapshot_download("nok/tiny-model", cache_dir=tmp_path))  # in several threads
    assert (folder / "weights/a.bin").read_bytes() == b"\x00" * 10
    with pytest.raises(RepositoryNotFoundError):
        hub().model_info("nok/nothing")
    change_settings(repository, actor=owner, gating=Gating.MANUAL)
    with pytest.raises(GatedRepoError):
        download(hub(), repository, "config.json")
