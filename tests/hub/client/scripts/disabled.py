"""A repository that the team disables and enables again, seen by a stranger and by nobody (checks 10 to 14)."""

import tempfile

from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

stranger, nobody = HfApi(token=ARGUMENTS["stranger"]), HfApi(token=False)
name = ARGUMENTS["name"]


def etag(api: HfApi) -> object:
    url = hf_hub_url(name, "weights.bin", endpoint=api.endpoint)
    found = attempt(get_hf_file_metadata, url, token=api.token)
    return found if isinstance(found, dict) else found.etag


with tempfile.TemporaryDirectory() as cold:
    say(
        info=[attempt(lambda api=api: api.model_info(name).disabled) for api in (stranger, nobody)],
        tree=attempt(lambda: [one.path for one in stranger.list_repo_tree(name)]),
        exists=attempt(stranger.file_exists, name, "weights.bin"),
        checked=attempt(stranger.auth_check, name),
        download=attempt(lambda: bool(stranger.hf_hub_download(name, "weights.bin", cache_dir=cold))),
        download_of_nobody=attempt(lambda: bool(nobody.hf_hub_download(name, "weights.bin", cache_dir=cold))),
        listed=[one.id for one in stranger.list_models(author="nok")],
        etag=etag(stranger),
    )
