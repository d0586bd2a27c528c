"""Moving and deleting a repository."""

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

owner, stranger = HfApi(token=ARGUMENTS["owner"]), HfApi(token=ARGUMENTS["stranger"])
name = ARGUMENTS["name"]

not_theirs = attempt(stranger.move_repo, name, "iris/taken")
owner.move_repo(name, "mekong-lab/moved")
say(
    not_theirs=not_theirs,
    info=stranger.model_info("mekong-lab/moved").id,
    former=stranger.model_info(name).id,
    former_file=attempt(lambda: bool(stranger.hf_hub_download(name, "README.md"))),
    upload_to_former=attempt(
        lambda: bool(owner.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=name).oid)
    ),
    name_stays_taken=attempt(owner.create_repo, name),
    delete_of_others=attempt(stranger.delete_repo, "mekong-lab/moved"),
    deleted=attempt(owner.delete_repo, "mekong-lab/moved"),
    after=attempt(stranger.model_info, "mekong-lab/moved"),
    again=attempt(owner.delete_repo, "mekong-lab/moved"),
    missing_is_fine=attempt(owner.delete_repo, "mekong-lab/moved", missing_ok=True),
)
