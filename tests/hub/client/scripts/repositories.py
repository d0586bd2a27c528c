"""The life of a repository: created, changed, filled, moved, deleted."""

from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi, HfFileSystem
from huggingface_hub.hf_api import RepoFile

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

owner, stranger = HfApi(token=ARGUMENTS["owner"]), HfApi(token=ARGUMENTS["stranger"])
folder, name = Path(ARGUMENTS["folder"]), "nok/made"
filled = folder / "filled"
(filled / "weights").mkdir(parents=True)
(filled / "README.md").write_text("---\nlicense: mit\ntags: [made]\n---\n# Made here\n")
(filled / "config.json").write_text("{}")
(filled / "empty.txt").write_bytes(b"")
(filled / "weights" / "large.bin").write_bytes(bytes(range(256)) * 4096 * 12)
(filled / "weights" / "ไฟล์ a%20+#?.txt").write_text("odd name")
(filled / "logs").mkdir()
(filled / "logs" / "1.txt").write_text("one")

seen = {
    "created": str(owner.create_repo("made", private=True)),
    "again": attempt(owner.create_repo, name),
    "again_is_fine": owner.create_repo(name, exist_ok=True).repo_id,
    "not_theirs": attempt(stranger.create_repo, "nok/other"),
    "bad_name": attempt(owner.create_repo, "nok/v9.ipynb"),
    "empty": [list(owner.list_repo_files(name)), owner.list_repo_commits(name), owner.model_info(name).sha],
    "dataset": str(owner.create_repo("nok/data", repo_type="dataset")),
    "space": str(owner.create_repo("nok/room", repo_type="space", space_sdk="static")),
}
seen["private"] = [owner.model_info(name).private, attempt(stranger.model_info, name)]
owner.update_repo_settings(name, private=False, gated="manual")
seen["settings"] = [owner.model_info(name).private, owner.model_info(name).gated]
owner.update_repo_settings(name, gated=False)
seen["settings_of_others"] = attempt(stranger.update_repo_settings, name, private=True)

commit = owner.upload_folder(repo_id=name, folder_path=filled, commit_message="Fill it", delete_patterns="*.old")
info = owner.model_info(name, files_metadata=True, securityStatus=True)
seen |= {
    "url": commit.commit_url,
    "is_head": commit.oid == info.sha,
    "card": info.card_data.license,
    "security": sorted(info.security_repo_status),
    "files": {one.rfilename: [one.size, one.lfs and one.lfs.sha256] for one in info.siblings},
    "unchanged": owner.upload_folder(repo_id=name, folder_path=filled / "logs", path_in_repo="logs").oid == info.sha,
    "by_stranger": attempt(stranger.upload_file, path_or_fileobj=b"x", path_in_repo="x", repo_id=name),
    "bad_card": attempt(owner.upload_file, path_or_fileobj=b"---\n{\n---\n", path_in_repo="README.md", repo_id=name),
}

snapshot = Path(stranger.snapshot_download(name, cache_dir=folder / "cache"))
wanted = {str(path.relative_to(filled)) for path in filled.rglob("*") if path.is_file()}
seen["snapshot"] = wanted == {str(path.relative_to(snapshot)) for path in snapshot.rglob("*") if path.is_file()}
seen["same"] = all((snapshot / path).read_bytes() == (filled / path).read_bytes() for path in wanted)

tree = {one.path: one for one in stranger.list_repo_tree(name, recursive=True, expand=True)}
large = tree["weights/large.bin"]
assert isinstance(large, RepoFile)
some = stranger.get_paths_info(name, ["config.json", "weights", "nothing", "weights/large.bin"], expand=True)
seen |= {
    "tree": sorted(tree),
    "last_commits": sorted({one.last_commit.title for one in tree.values()}),
    "large": [large.size, large.lfs.size, large.lfs.sha256, large.security is not None],
    "paths": {one.path: type(one).__name__ for one in some},
    "refs": [[one.name, one.ref, one.target_commit == info.sha] for one in stranger.list_repo_refs(name).branches],
    "history": [[one.title, one.authors] for one in stranger.list_repo_commits(name)],
    "file_exists": [stranger.file_exists(name, path) for path in ("config.json", "nothing.json")],
    "checked": [attempt(stranger.auth_check, name), attempt(owner.auth_check, name)],
}

files = HfFileSystem(token=ARGUMENTS["stranger"])
with files.open(f"{name}/weights/large.bin", block_size=1 << 16) as remote:
    remote.seek(1 << 20)
    seen["slice"] = remote.read(300) == (bytes(range(256)) * 2)[:300]
seen["listed"] = sorted(files.ls(f"{name}/weights", detail=False))
seen["read"] = files.read_text(f"{name}/README.md") == (filled / "README.md").read_text()

before = owner.model_info(name).sha
owner.create_commit(
    name,
    [
        CommitOperationAdd("added.txt", b"added"),
        CommitOperationCopy("config.json", "copied.json"),
        CommitOperationCopy("weights/large.bin", "copied.bin"),
        CommitOperationDelete("config.json"),
        CommitOperationDelete("weights/", is_folder=True),
    ],
    commit_message="Change much",
    commit_description="In one commit.",
    parent_commit=before,
)
seen |= {
    "changed": sorted(owner.list_repo_files(name)),
    "copied": next(one.lfs.sha256 for one in owner.model_info(name, files_metadata=True).siblings if one.lfs),
    "before": sorted(owner.list_repo_files(name, revision=before)),
    "stale": attempt(
        owner.create_commit, name, [CommitOperationAdd("x", b"x")], commit_message="Late", parent_commit=before
    ),
    "missing": attempt(owner.delete_file, "nothing.txt", name),
    "missing_folder": attempt(owner.delete_folder, "nothing", name),
    "branch": attempt(owner.create_branch, name, branch="other"),
    "to_branch": attempt(owner.upload_file, path_or_fileobj=b"x", path_in_repo="x", repo_id=name, revision="other"),
}
owner.upload_folder(repo_id=name, folder_path=filled / "logs", path_in_repo="logs", delete_patterns="*.txt")
owner.delete_folder("logs", name)
seen["left"] = sorted(owner.list_repo_files(name))

stranger_likes = [one.username for one in owner.list_repo_likers(ARGUMENTS["liked"])]
stranger.unlike(ARGUMENTS["liked"])
seen |= {
    "likers": stranger_likes,
    "unliked": [one.username for one in owner.list_repo_likers(ARGUMENTS["liked"])],
    "likes": owner.list_liked_repos("quentin").models,
    "person": [owner.get_user_overview("iris").fullname, len(owner.get_user_overview("nok").orgs)],
    "nobody": attempt(owner.get_user_overview, "nobody-here"),
    "members": [one.username for one in owner.list_organization_members("mekong-lab")],
    "avatar": owner.get_user_overview("iris").avatar_url,
}
say(**seen)
