"""Addresses of repositories: parsing them in URL patterns, and building them from a repository."""

from typing import NamedTuple

from repositories.models import PREFIX, Kind, Repository

_NAME = r"[A-Za-z0-9._-]+"


class Address(NamedTuple):
    """What an address says; whether anything is there is asked with `repositories.queries.find`."""

    kind: str
    owner: str
    name: str


class AddressConverter:
    """`<repository:address>`: owner/name, datasets/owner/name or spaces/owner/name.

    `{% url "repositories:files" repository %}` takes the repository itself; it needs its namespace.
    """

    regex = rf"(?:datasets/|spaces/|(?!(?:datasets|spaces)/)){_NAME}/{_NAME}"

    def to_python(self, value: str) -> Address:
        for kind, prefix in PREFIX.items():
            if prefix and value.startswith(prefix):
                return Address(kind, *value.removeprefix(prefix).split("/"))
        return Address(Kind.MODEL, *value.split("/"))

    def to_url(self, value: Repository | Address) -> str:
        if isinstance(value, Address):
            return f"{PREFIX[Kind(value.kind)]}{value.owner}/{value.name}"
        return value.get_absolute_url().removeprefix("/")


class KindConverter:
    """`<kinds:kind>`: models, datasets or spaces in the address, the kind in Python."""

    regex = "models|datasets|spaces"

    def to_python(self, value: str) -> Kind:
        return Kind(value.removesuffix("s"))

    def to_url(self, value: str) -> str:
        return value if value.endswith("s") else f"{value}s"
