"""The term lists of the database as the engine “terms” takes them: read once, and again when a list changed (H4)."""

from dataclasses import replace
from threading import Lock

from classifiers.contract import Label, Specification
from classifiers.terms.matching import Term as Compiled
from moderation.scoring.models import Term, TermList

ENGINE = "terms"
# What options may name; without it all active lists are meant.
LISTS = "lists"

_Version = tuple[tuple[int, int], ...]
_known: dict[tuple[str, ...], tuple[_Version, tuple[Compiled, ...], tuple[Label, ...]]] = {}
_lock = Lock()


def with_terms(spec: Specification) -> Specification:
    """`spec` of the engine “terms” with the terms of its lists: of those that the option `lists` names, else of all.

    One query while no list changed, and then an equal specification, so that whoever compares need not load it again.
    Without labels of its own it gets those of the lists, with their clauses. Other specifications stay as they are,
    and one whose `lists` are no list of names, which the engine refuses.
    """
    if spec.engine != ENGINE or "terms" in spec.options:
        return spec
    named = spec.options.get(LISTS, [])
    if not isinstance(named, list | tuple) or not all(isinstance(one, str) for one in named):
        return spec
    terms, labels = _read(tuple(sorted(named)))
    return replace(spec, labels=spec.labels or labels, options={**spec.options, "terms": terms})


def _read(names: tuple[str, ...]) -> tuple[tuple[Compiled, ...], tuple[Label, ...]]:
    lists = TermList.objects.filter(active=True).select_related("clause").order_by("pk")
    found = list(lists.filter(name__in=names) if names else lists)
    version = tuple((one.pk, one.version) for one in found)
    with _lock:
        known = _known.get(names)
    if known is None or known[0] != version:
        known = version, _terms(found), _labels(found)
        with _lock:
            _known[names] = known
    return known[1:]


def _terms(lists: list[TermList]) -> tuple[Compiled, ...]:
    of = {one.pk: one for one in lists}
    rows = Term.objects.filter(term_list__in=of, active=True).order_by("pk")
    return tuple(
        Compiled(
            text=row.text,
            label=of[row.term_list_id].label,
            weight=row.weight,
            exceptions=tuple(row.exceptions),
            language=of[row.term_list_id].language,
            whole_word=row.whole_word,
        )
        for row in rows.iterator(chunk_size=5_000)
    )


def _labels(lists: list[TermList]) -> tuple[Label, ...]:
    """One for each label that a list speaks for; of several clauses the one of the list that is named first."""
    labels: dict[str, Label] = {}
    for one in sorted(lists, key=lambda row: row.name):
        label = Label(one.label, clause=one.clause.code if one.clause else "")
        if one.label not in labels or not labels[one.label].clause:
            labels[one.label] = label
    return tuple(labels[name] for name in sorted(labels))
