"""Errors as the hub's client library knows them: by the headers X-Error-Code and X-Error-Message."""

from typing import Any

from django.http import JsonResponse

from repositories.access import Viewer
from repositories.models import Repository

# The client recognises a disabled repository by exactly these words.
DISABLED = "Access to this resource is disabled."
UNKNOWN_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 - words of the protocol, no secret


class HubError(Exception):
    """An answer other than success; `code` is the client's own, `headers` and what is `more` go out with it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.headers, self.more = headers or {}, more or {}

    def response(self) -> JsonResponse:
        headers = dict(self.headers)
        if self.code:
            headers["X-Error-Code"] = self.code
        # A header holds ASCII; the client reads the body's `error` too.
        if self.message.isascii() and self.message.isprintable():
            headers["X-Error-Message"] = self.message
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JsonResponse({"error": self.message, **self.more}, status=self.status, headers=headers)


def _denied(viewer: Viewer) -> int:
    """Who shows no token is asked for one; who shows one learns no more than that nothing is there."""
    return 404 if viewer is not None and viewer.is_authenticated else 401


def repo_not_found(viewer: Viewer) -> HubError:
    """The same for a repository that is missing and for one that `viewer` may not see (A2)."""
    return HubError(_denied(viewer), "Repository not found", code="RepoNotFound")


def disabled(viewer: Viewer) -> HubError:
    """Without a token it looks as if there were no such repository."""
    return HubError(403, DISABLED) if _denied(viewer) == 404 else repo_not_found(viewer)


def gated(repository: Repository, viewer: Viewer) -> HubError:
    """The page is there for everybody, the files for those whom the owner lets in."""
    message = f"Access to {repository.kind} {repository.full_name} is restricted: ask its owner for access."
    return HubError(403 if _denied(viewer) == 404 else 401, message, code="GatedRepo")


def not_writer() -> HubError:
    return HubError(403, "You cannot write to this repository")


def revision_not_found(revision: str) -> HubError:
    return HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def erased(revision: str) -> HubError:
    """The client knows it as a revision that is not there; the words say why (C6)."""
    return HubError(410, f"{revision} was erased under our content policy", code="RevisionNotFound")


def entry_not_found(path: str, commit: str) -> HubError:
    return HubError(404, f"{path} does not exist at {commit}", code="EntryNotFound", headers={"X-Repo-Commit": commit})
