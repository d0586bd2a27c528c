"""A folder of many small files: sent, listed, fetched."""

import time
from pathlib import Path

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, say

owner = HfApi(token=ARGUMENTS["owner"])
folder, number = Path(ARGUMENTS["folder"]) / "many", ARGUMENTS["number"]
for one in range(number):
    path = folder / f"{one % 100:02}" / f"{one}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"number {one}")

start = time.monotonic()
owner.upload_folder(repo_id=ARGUMENTS["name"], folder_path=folder, commit_message="Many")
sent = time.monotonic()
files = owner.list_repo_files(ARGUMENTS["name"])
say(
    files=len(files),
    commits=len(owner.list_repo_commits(ARGUMENTS["name"])),
    seconds=[round(sent - start, 1), round(time.monotonic() - sent, 1)],
)
