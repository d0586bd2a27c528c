"""Proposing a change with a commit and with a folder, and merging it (check 30)."""

import tempfile
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

owner, stranger = HfApi(token=ARGUMENTS["owner"]), HfApi(token=ARGUMENTS["stranger"])
name = ARGUMENTS["name"]

opened = stranger.upload_file(
    path_or_fileobj=b"proposed", path_in_repo="proposed.txt", repo_id=name, create_pr=True, commit_message="Propose it"
)
number = opened.pr_num
ref = f"refs/pr/{number}"
second = stranger.upload_file(path_or_fileobj=b"more", path_in_repo="more.txt", repo_id=name, revision=ref)
refs = stranger.list_repo_refs(name, include_pull_requests=True)
seen = dict(  # noqa: C408 - keywords read better
    opened=[opened.pr_url, opened.pr_revision, number],
    on_main=stranger.file_exists(name, "proposed.txt"),
    in_it=sorted(stranger.list_repo_files(name, revision=ref)),
    info=stranger.model_info(name, revision=ref).sha == second.oid,
    at_commit=sorted(stranger.list_repo_files(name, revision=second.oid)),
    refs=[[one.ref, one.target_commit == second.oid] for one in refs.pull_requests],
    history=[one.title for one in stranger.list_repo_commits(name, revision=ref)],
    content=Path(stranger.hf_hub_download(name, "proposed.txt", revision=ref)).read_text(),
    missing=attempt(stranger.upload_file, path_or_fileobj=b"x", path_in_repo="x", repo_id=name, revision="refs/pr/99"),
)

folder = Path(tempfile.mkdtemp())
(folder / "data").mkdir()
(folder / "data" / "a.csv").write_text("1,2\n")
proposed = stranger.upload_folder(repo_id=name, folder_path=folder, create_pr=True, commit_message="A folder")
if owner.get_discussion_details(name, proposed.pr_num).status == "draft":
    stranger.change_discussion_status(name, proposed.pr_num, "open")
refused = attempt(stranger.merge_pull_request, name, proposed.pr_num)
owner.merge_pull_request(name, proposed.pr_num, comment="Thank you.")
merged: Any = owner.get_discussion_details(name, proposed.pr_num)
of_first: Any = stranger.get_discussion_details(name, number)
say(
    **seen,
    refused=refused["status"],
    folder=[merged.status, merged.merge_commit_oid == owner.model_info(name).sha, merged.is_pull_request],
    diff=merged.diff.splitlines()[:3],
    statuses=[one.new_status for one in merged.events if one.type == "status-change"],
    thanks=merged.events[-1].content,
    commits=[[one.summary, one.oid == second.oid] for one in of_first.events if one.type == "commit"],
    after=sorted(owner.list_repo_files(name)),
)
