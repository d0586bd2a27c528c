"""Gated repositories: what a stranger gets before and after the owner decided (checks 6 to 9, 27)."""

import tempfile
from pathlib import Path

from huggingface_hub import HfApi, get_session

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

owner, stranger, nobody = (HfApi(token=ARGUMENTS[name]) for name in ("owner", "stranger", "nobody"))
manual, auto, open_one = ARGUMENTS["manual"], ARGUMENTS["auto"], ARGUMENTS["open"]


def download(api: HfApi, name: str) -> object:
    with tempfile.TemporaryDirectory() as cold:
        found = attempt(api.hf_hub_download, name, "weights.bin", cache_dir=cold)
        return Path(found).read_text() if isinstance(found, str) else found


def ask(name: str) -> int:
    headers = {"Authorization": f"Bearer {ARGUMENTS['stranger']}"}
    return get_session().post(f"{owner.endpoint}/{name}/ask-access", headers=headers).status_code


def listed(status: str) -> list[object]:
    found = getattr(owner, f"list_{status}_access_requests")(manual)
    return [[one.username, one.email, one.status] for one in found]


seen = {
    "info": [stranger.model_info(manual).gated, stranger.model_info(auto).gated, stranger.model_info(open_one).gated],
    "before": [download(stranger, manual), download(nobody, manual), attempt(stranger.auth_check, manual)],
    "card": download(stranger, open_one),
    "asked": ask(manual),
    "waiting": download(stranger, manual),
    "pending": listed("pending"),
    "not_writer": attempt(stranger.accept_access_request, manual, "iris"),
}
owner.accept_access_request(manual, "iris")
seen |= {"accepted": listed("accepted"), "after": download(stranger, manual)}
owner.reject_access_request(manual, "iris", rejection_reason="Not for this.")
seen |= {
    "rejected": listed("rejected"),
    "after_rejection": download(stranger, manual),
    "rejected_twice": attempt(owner.reject_access_request, manual, "iris", rejection_reason="Not for this."),
    "unknown_person": attempt(owner.accept_access_request, manual, "somebody-else"),
    "never_asked": attempt(owner.accept_access_request, manual, "quentin"),
}
owner.cancel_access_request(manual, "iris")
seen["cancelled"] = listed("pending")
owner.grant_access(manual, "quentin")
seen |= {
    "granted_twice": attempt(owner.grant_access, manual, "quentin"),
    "not_gated": attempt(owner.grant_access, open_one, "quentin"),
    "not_gated_decision": attempt(owner.accept_access_request, open_one, "quentin"),
    "asked_auto": ask(auto),
    "after_auto": download(stranger, auto),
}
say(**seen)
