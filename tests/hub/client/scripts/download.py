"""One file over a line that may break: how its bytes come in the end."""

import hashlib
from functools import partial
from pathlib import Path

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

api = HfApi(token=False)
cache = Path(ARGUMENTS["folder"]) / "cache"
fetch = partial(api.hf_hub_download, ARGUMENTS["name"], ARGUMENTS["path"], cache_dir=cache, etag_timeout=60)
first = attempt(fetch)
path = Path(first if isinstance(first, str) else fetch())  # the older line gives up, and goes on when asked again
say(size=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), blob=path.resolve().name)
