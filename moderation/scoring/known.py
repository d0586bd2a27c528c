"""What is known to be bad: files by their SHA-256, pictures by their PDQ hash, from the lists of the database (H5).

Who may see the lists is asked where they are shown; what is found here names them to workers and the team only (H6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from classifiers.contract import Label, Specification
from moderation.scoring.models import HashList, KnownHash

if TYPE_CHECKING:
    from classifiers.images.pdq import Hash, KnownHashes

SHA256, PDQ = HashList.Kind.SHA256, HashList.Kind.PDQ
# Option of each engine that takes hashes, and the kind that it takes.
ENGINES = {"files": ("known_bad", SHA256), "pdq": ("lists", PDQ)}

_Version = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Known:
    """A list that has a content: its name, what it speaks for, the code of its clause or "", and in how many of 256
    bits a picture differs from what it has (0 for files).
    """

    list_name: str
    label: str
    clause: str
    distance: int = 0


def is_known_bad(sha256: str) -> Known | None:
    """The active list that has a file with this SHA-256 (hexadecimal), None for none. One query by an index."""
    rows = KnownHash.objects.filter(value=sha256.lower(), hash_list__kind=SHA256, hash_list__active=True)
    found = rows.select_related("hash_list__clause").order_by("hash_list__name").first()
    return _known(found.hash_list) if found else None


def near(hashes: "str | Sequence[Hash]") -> Known | None:
    """The list with the nearest picture, within the list's own distance; None for none.

    `hashes` is one PDQ hash in hex, or those that `pdq.turned` gives of a picture, of which those of too low a quality
    match nothing. One query while no list changed: the hashes of every list stay in memory, 32 bytes each.
    """
    from classifiers.images.pdq import Hash

    wanted = [Hash(hashes.lower(), 100)] if isinstance(hashes, str) else hashes
    found = [
        (match.distance, one.name, one)
        for one in _active(PDQ)
        if (match := _hashes(one).nearest(wanted, distance=one.distance))
    ]
    if not found:
        return None
    distance, _, nearest = min(found, key=lambda match: match[:2])
    return _known(nearest, distance)


def with_hashes(spec: Specification) -> Specification:
    """`spec` of the engines “files” and “pdq” with the hashes of all active lists, where it names none of its own.

    One query while no list changed, and then an equal specification, so that whoever compares need not load it again.
    Without labels of its own one of “pdq” gets those of the lists, with their clauses. Others stay as they are.
    """
    if spec.engine not in ENGINES or ENGINES[spec.engine][0] in spec.options:
        return spec
    option, kind = ENGINES[spec.engine]
    lists = _active(kind)
    value, labels = _given(kind, lists)
    if kind == PDQ and not lists:
        return spec
    more = {"distance": {_key(one): one.distance for one in lists}} if kind == PDQ else {}
    return replace(spec, labels=spec.labels or labels, options={**more, **spec.options, option: value})


_of_list: dict[int, tuple[int, "KnownHashes"]] = {}
_of_kind: dict[str, tuple[_Version, Any]] = {}
_lock = Lock()


def _active(kind: str) -> list[HashList]:
    return list(HashList.objects.filter(kind=kind, active=True).select_related("clause").order_by("name"))


def _known(row: HashList, distance: int = 0) -> Known:
    return Known(row.name, row.label, row.clause.code if row.clause else "", distance)


def _values(lists: Sequence[HashList]) -> list[str]:
    return list(KnownHash.objects.filter(hash_list__in=lists).order_by("pk").values_list("value", flat=True))


def _hashes(row: HashList) -> "KnownHashes":
    """The hashes of a list for comparing, read again when it changed."""
    from classifiers.images.pdq import KnownHashes

    with _lock:
        known = _of_list.get(row.pk)
    if known is None or known[0] != row.version:
        known = row.version, KnownHashes(_values([row]))
        with _lock:
            _of_list[row.pk] = known
    return known[1]


def _given(kind: str, lists: Sequence[HashList]) -> tuple[Any, tuple[Label, ...]]:
    """The option's value, the very same object while nothing changed, and the labels that the lists speak for."""
    version = tuple((one.pk, one.version) for one in lists)
    with _lock:
        known = _of_kind.get(kind)
    if known is None or known[0] != version:
        value: Any = frozenset(_values(lists)) if kind == SHA256 else {_key(one): _values([one]) for one in lists}
        known = version, value
        with _lock:
            _of_kind[kind] = known
    return known[1], _labels(lists) if kind == PDQ else ()


def _labels(lists: Sequence[HashList]) -> tuple[Label, ...]:
    """One for each label, over all lists that speak for it; of several clauses that of the list that is named first."""
    names = sorted({one.label for one in lists})
    of = {name: [one for one in lists if one.label == name] for name in names}
    return tuple(
        Label(
            name,
            ",".join(_key(one) for one in of[name]),
            next((one.clause.code for one in of[name] if one.clause), ""),
        )
        for name in names
    )


def _key(row: HashList) -> str:
    return f"list-{row.pk}"
