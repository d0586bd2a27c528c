"""Addresses of the protocol in URL patterns."""

from repositories.addresses import Address
from repositories.models import Kind


class HubAddressConverter:
    """`<hub:address>`: models/owner/name, datasets/owner/name or spaces/owner/name."""

    regex = r"(?:models|datasets|spaces)/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+"

    def to_python(self, value: str) -> Address:
        kinds, owner, name = value.split("/")
        return Address(Kind(kinds.removesuffix("s")), owner, name)

    def to_url(self, value: Address) -> str:
        return f"{value.kind}s/{value.owner}/{value.name}"


class RevisionConverter:
    """`<revision:revision>`: a branch or commit in one part, or a reference such as refs/pr/1 in three."""

    regex = r"refs/[^/]+/[^/]+|(?!refs/)[^/]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
