"""Where a model lies: a folder with safetensors, or a hub under a pinned commit. Pickles and code are never read."""

import re
from pathlib import Path

from classifiers.contract import CannotLoad

COMMIT = re.compile(r"[0-9a-f]{40}")
# organization/name, or a name alone, as a hub writes it.
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
# What is fetched from a hub: weights, configuration, vocabularies. Neither Python nor any form of pickle.
WANTED = ("*.safetensors", "*.json", "*.txt", "*.model")
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack")


def source_fault(model: str, revision: str) -> str:
    """What is wrong with how a model is named; "" for nothing. Looks at the words only."""
    if is_folder(model):
        return "A folder has no revision: leave it empty." if revision else ""
    if not HUB_ID.fullmatch(model):
        return f"“{model}” is neither a folder (an absolute path) nor the id of a model of a hub (name/model)."
    if not revision:
        return f"“{model}” lies on a hub, where it can change: pin a revision, the 40 digits of a commit."
    if not COMMIT.fullmatch(revision):
        return f"“{revision}” is no commit: give its 40 hexadecimal digits in small letters, no branch and no tag."
    return ""


def is_folder(model: str) -> bool:
    """Whether `model` names a folder and no hub's id: an absolute path, or one from here (./…) or home (~/…)."""
    return model.startswith(("/", "./", "../", "~/"))


def local_folder(model: str, revision: str) -> Path:
    """The folder of the model, fetched from the hub where it is an id. Raises CannotLoad without safetensors."""
    folder = Path(model).expanduser() if is_folder(model) else _fetched(model, revision)
    if not folder.is_dir():
        raise CannotLoad(f"There is no folder {folder}: correct the path, or copy the model there.")
    if not any(folder.rglob("*.safetensors")):
        pickles = sorted(path.name for path in folder.rglob("*") if path.suffix in PICKLES)
        found = f"only {', '.join(pickles[:3])}, which can run code" if pickles else "no weights"
        raise CannotLoad(
            f"{folder} has no safetensors, {found}: save the model with save_pretrained(safe_serialization=True)."
        )
    return folder


def _fetched(model: str, revision: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, revision=revision, allow_patterns=list(WANTED)))
    except Exception as error:
        raise CannotLoad(
            f"{model} at {revision} cannot be fetched ({type(error).__name__}). Is the hub reachable and the commit "
            f"there? Without a network, copy the model into a folder and name that."
        ) from error
