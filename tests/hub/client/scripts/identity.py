"""Who asks: an unknown token, a known one, a repository of somebody else (checks 1 to 5)."""

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

owner, stranger = HfApi(token=ARGUMENTS["owner"]), HfApi(token=ARGUMENTS["stranger"])
nobody, unknown = HfApi(token=False), HfApi(token="hf_unknown")
private, public = ARGUMENTS["private"], ARGUMENTS["public"]

say(
    unknown_token=attempt(unknown.whoami),
    whoami=owner.whoami()["name"],
    private=[attempt(api.model_info, private) for api in (stranger, nobody)],
    missing=[attempt(api.model_info, "nok/nothing") for api in (stranger, nobody)],
    short_name=attempt(stranger.model_info, "gpt2"),
    short_name_file=attempt(stranger.hf_hub_download, "gpt2", "config.json"),
    exists=[api.repo_exists(private) for api in (owner, stranger, nobody)],
    info=[owner.model_info(private).id, owner.model_info(private).private],
    missing_file=attempt(stranger.hf_hub_download, public, "nothing.bin"),
    missing_file_exists=[stranger.file_exists(public, name) for name in ("README.md", "nothing.bin")],
    missing_revision=attempt(stranger.hf_hub_download, public, "README.md", revision="v9"),
    missing_revision_info=attempt(stranger.model_info, public, revision="v9"),
)
