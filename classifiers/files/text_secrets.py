"""Secrets in text, found by their form. What was found is never kept, and nobody is asked whether it still works."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from time import thread_time
from typing import Any

from classifiers.files.findings import TOO_SLOW, Finding

# Plugins of detect-secrets, each with our code. Those that guess from entropy or from names such as "password" fire on
# the hashes and settings that model files are full of; these know a form. Measured: none in 118 MB of ordinary text.
PLUGINS = {
    "aws.AWSKeyDetector": "aws_key",
    "azure_storage_key.AzureStorageKeyDetector": "azure_key",
    "basic_auth.BasicAuthDetector": "password_in_address",
    "discord.DiscordBotTokenDetector": "discord_token",
    "github_token.GitHubTokenDetector": "github_token",
    "gitlab_token.GitLabTokenDetector": "gitlab_token",
    "jwt.JwtTokenDetector": "json_web_token",
    "mailchimp.MailchimpDetector": "mailchimp_key",
    "openai.OpenAIDetector": "openai_key",
    "private_key.PrivateKeyDetector": "private_key",
    "pypi_token.PypiTokenDetector": "pypi_token",
    "sendgrid.SendGridDetector": "sendgrid_key",
    "slack.SlackDetector": "slack_token",
    "square_oauth.SquareOAuthDetector": "square_token",
    "stripe.StripeDetector": "stripe_key",
    "telegram_token.TelegramBotTokenDetector": "telegram_token",
    "twilio.TwilioKeyDetector": "twilio_key",
}
# What detect-secrets 1.5.0 does not know.
OURS = {
    "hub_token": ("Hub token", re.compile(r"\b(?:hf|api_org)_[A-Za-z0-9]{34,}")),
    "github_token": ("GitHub Token", re.compile(r"\bgithub_pat_[A-Za-z0-9_]{60,}")),
    "google_key": ("Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    "npm_token": ("npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
}
# Keys without a telling form beside their first letters: in longer runs of letters, such as base64, they are chance.
ALONE = frozenset({"aws_key", "twilio_key"})
# As people write where a secret should be: hf_xxxxxxxxxx.
PLACEHOLDER = re.compile(r"[A-Za-z_]*?[_-]?(?:x{16,}|X{16,}|\*{16,})")
# Blocks keep every expression's work bounded however long a line is; tokens are shorter than their overlap.
BLOCK, OVERLAP = 4_096, 1_024
# Of the processor: a busy machine is no reason to stop. An ordinary megabyte takes a fifth of a second.
SECONDS = 5.0
MAX_FINDINGS = 50


def find_secrets(text: str) -> tuple[tuple[Finding, ...], str]:
    """Up to MAX_FINDINGS secrets of a text by line, each kind once in a line; and why we stopped early, or ""."""
    found: dict[tuple[int, str], Finding] = {}
    until, line = thread_time() + SECONDS, 1
    for start in range(0, max(len(text) - OVERLAP, 1), BLOCK - OVERLAP):
        if thread_time() > until:
            return tuple(found.values()), TOO_SLOW
        block = text[start : start + BLOCK]
        for code, name, place in _in_block(block):
            at = line + block.count("\n", 0, place)
            found.setdefault((at, code), Finding("secret", "caution", code, name, at))
        line += block.count("\n", 0, BLOCK - OVERLAP)
        if len(found) >= MAX_FINDINGS:
            break
    return tuple(found[key] for key in sorted(found))[:MAX_FINDINGS], ""


def _in_block(block: str) -> Iterator[tuple[str, str, int]]:
    """Code, name and place of each secret."""
    for code, name, pattern, plugin in _detectors():
        for match in pattern.finditer(block):
            if not PLACEHOLDER.fullmatch(match[0]) and _agrees(code, plugin, match):
                yield code, name, match.start()


def _agrees(code: str, plugin: Any, match: re.Match[str]) -> bool:
    """Whether the plugin takes for a secret what its expression found: some look closer."""
    if code == "password_in_address":
        # Examples have "user:password@", addresses that somebody uses have digits.
        return len(match[1]) >= 8 and any(character.isdigit() for character in match[1])
    if code in ALONE and match[0].isalnum():
        before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
        return not any(character.isalnum() or character in "+/" for character in before + after)
    try:
        return plugin is None or any(True for _ in plugin.analyze_string(match[0]))
    except RecursionError:  # JSON that nests too deep to be a token's
        return False


@cache
def _detectors() -> list[tuple[str, str, re.Pattern[str], Any]]:
    """Code, name, expression and plugin. The plugins are used alone: detect-secrets' own scan keeps global settings."""
    plugins = []
    for path, code in PLUGINS.items():
        module, name = path.split(".")
        plugins.append((code, getattr(import_module(f"detect_secrets.plugins.{module}"), name)()))
    theirs = [(code, plugin.secret_type, pattern, plugin) for code, plugin in plugins for pattern in plugin.denylist]
    return [*theirs, *((code, name, pattern, None) for code, (name, pattern) in OURS.items())]
