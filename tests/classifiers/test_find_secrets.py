"""Secrets are found by their form and never kept; what model files are full of anyway is none."""

import hashlib
import io
import json
import time

import pytest

from classifiers.files.scan import scan_file
from classifiers.files.text_secrets import OURS, PLUGINS
from classifiers.files.words import CODES
from classifiers.weights import model_folder

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGH"
# In two halves, so that scanners of our own sources find nothing.
SECRETS = {
    "aws_key": ("AKIA", "Q3EGRCBUZ5YPK7TD"),
    "private_key": ("-----BEGIN RSA PRI", "VATE KEY-----"),
    "github_token": ("ghp", "_" + LETTERS + "01"),
    "slack_token": ("xox", "b-123456789012-" + LETTERS.lower()),
    "hub_token": ("hf", "_" + LETTERS),
    "openai_key": ("sk-", LETTERS[:20] + "T3Blbk" + "FJ" + LETTERS[:20]),
    "google_key": ("AI", "za" + LETTERS + "7"),
    "password_in_address": ("postgres://ombud:", "s3cr3tword@db.example/ombud"),
    "stripe_key": ("sk_", "live_" + LETTERS[:24]),
}
SHA = hashlib.sha256(b"weights").hexdigest()
ORDINARY = {
    "model_index.json": {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None], "unet": ["a", "b"]},
    "adapter_config.json": {"base": "org/model", "revision": SHA[:40], "sha256": SHA, "token": "[CLS]", "auth": None},
}
CARD = f"""# Model

| file | SHA-256 |
| --- | --- |
| model.safetensors | {SHA} |

Trained at commit {SHA[:40]}; set `HF_TOKEN=hf_{"x" * 36}` or `password=...` first, then
`git clone https://user:{"password"}@hub.example/org/model`.
![](data:image/png;base64,{"iVBORw0KGgo" * 40}AK{"IAABCDEFGHIJKLMNOPQRST"})
"""


def scan(text: str | bytes, path: str = "README.md"):
    data = text.encode() if isinstance(text, str) else text
    return scan_file(path, io.BytesIO(data), len(data))


@pytest.mark.parametrize("code", SECRETS)
def test_a_secret_is_found_but_not_kept(code):
    secret = "".join(SECRETS[code])
    result = scan(f"# Card\n\nuse `{secret}` for it\n")
    [finding] = result.findings
    assert (finding.kind, finding.level, finding.code, finding.line) == ("secret", "caution", code, 3)
    assert result.level == "caution"
    assert secret not in str(result)


@pytest.mark.parametrize("path", ["config.json", "tokenizer.json", "README.md", *ORDINARY])
def test_ordinary_files_have_none(path):
    folder = model_folder()
    content = json.dumps(ORDINARY[path], indent=2) if path in ORDINARY else CARD
    if path in {"config.json", "tokenizer.json"}:
        content = (folder / path).read_bytes()
    assert scan(content, path).findings == ()


def test_a_secret_far_along_one_endless_line():
    token = "".join(SECRETS["hub_token"])
    [finding] = scan("x " * 200_000 + token, "data.json").findings
    assert (finding.code, finding.line) == ("hub_token", 1)


def test_the_line_of_each_secret():
    lines = ["nothing"] * 3_000
    for line in (10, 1_500, 2_999):
        lines[line - 1] = "".join(SECRETS["aws_key"])
    assert [finding.line for finding in scan("\n".join(lines)).findings] == [10, 1_500, 2_999]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings(encoding):
    text = "clé: " + "".join(SECRETS["hub_token"])
    assert [finding.code for finding in scan(text.encode(encoding)).findings] == ["hub_token"]


def test_a_file_full_of_secrets_has_so_many_findings_and_no_more():
    assert len(scan("\n".join(["".join(SECRETS["hub_token"])] * 5_000)).findings) == 50


# What the expressions dislike most.
@pytest.mark.slow
@pytest.mark.parametrize("unit", ["eyJ", "sk-", "://a:", "a", "xoxb-1-", "aws key", "\n", "eyJbW1tb"])
def test_any_text_is_read_in_bounded_time(unit):
    began = time.process_time()
    scan(unit * (2**20 // len(unit)))
    assert time.process_time() - began < 20


def test_every_kind_has_words():
    assert {*PLUGINS.values(), *OURS} <= CODES.keys()
