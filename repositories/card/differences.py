"""What differs between two cards in what we read from them, in words for an owner who decides about it (A4, A5, B1)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from repositories.card.reading import Card

# Values named in one sentence; of more we say how many.
MOST_NAMED = 20
# What sentences below speak of, by its name in the front matter.
SPOKEN_OF = {"license", "tags", "language", "pipeline_tag", "library_name", "base_model", "datasets"}
_DOCUMENTED = {
    "risks": gettext_lazy("Says which risks there are."),
    "limitations": gettext_lazy("Says what the limits are."),
    "intended_use": gettext_lazy("Says what it is for, and what it is not for."),
}
_UNDOCUMENTED = {
    "risks": gettext_lazy("Takes away what the card says about risks."),
    "limitations": gettext_lazy("Takes away what the card says about limits."),
    "intended_use": gettext_lazy("Takes away what the card says about what it is for, and what it is not for."),
}
_GATING = ("gated_heading", "gated_prompt", "gated_button", "gated_fields")


def differences(before: Card, after: Card) -> list[str]:
    """A sentence for each thing that changes, what weighs most first; [] where nothing of this differs."""
    if after.problem and after.problem != before.problem:
        return [_("The front matter could not be read any more: license, tags and languages would be empty.")]
    readers = (_of_audience, _of_license, _of_documentation, _of_lists, _of_rest)
    return [sentence for read in readers for sentence in read(before, after)]


def _of_audience(before: Card, after: Card) -> Iterator[str]:
    if after.nfaa and not before.nfaa:
        yield _("Tags this repository “Not For All Audiences”: we ask everybody before we show it.")
    if before.nfaa and not after.nfaa:
        yield _("Takes away the tag “Not For All Audiences”: we ask nobody any more before we show it.")


def _of_license(before: Card, after: Card) -> Iterator[str]:
    names = {"before": before.license, "after": after.license}
    if before.license == after.license:
        return
    if not before.license:
        yield _("Gives the license %(after)s.") % names
    elif not after.license:
        yield _("Takes away the license %(before)s.") % names
    else:
        yield _("Changes the license from %(before)s to %(after)s.") % names


def _of_documentation(before: Card, after: Card) -> Iterator[str]:
    yield from (str(_DOCUMENTED[topic]) for topic in _new(after.missing_documentation, before.missing_documentation))
    yield from (str(_UNDOCUMENTED[topic]) for topic in _new(before.missing_documentation, after.missing_documentation))


def _of_lists(before: Card, after: Card) -> Iterator[str]:
    if added := _new(before.tags, after.tags):
        yield ngettext("Adds the tag %(names)s.", "Adds the tags %(names)s.", len(added)) % _named(added)
    if removed := _new(after.tags, before.tags):
        yield ngettext("Removes the tag %(names)s.", "Removes the tags %(names)s.", len(removed)) % _named(removed)
    if added := _new(before.languages, after.languages):
        yield ngettext("Adds the language %(names)s.", "Adds the languages %(names)s.", len(added)) % _named(added)
    if removed := _new(after.languages, before.languages):
        yield ngettext("Removes the language %(names)s.", "Removes the languages %(names)s.", len(removed)) % _named(
            removed
        )
    if added := _new(before.base_models, after.base_models):
        yield _("Says that it was made from %(names)s.") % _named(added)
    if removed := _new(after.base_models, before.base_models):
        yield _("No longer says that it was made from %(names)s.") % _named(removed)
    if added := _new(before.datasets, after.datasets):
        yield _("Names as its data %(names)s.") % _named(added)
    if removed := _new(after.datasets, before.datasets):
        yield _("No longer names as its data %(names)s.") % _named(removed)


def _of_rest(before: Card, after: Card) -> Iterator[str]:
    if before.pipeline_tag != after.pipeline_tag:
        yield _("Changes what it is for from %(before)s to %(after)s.") % {
            "before": before.pipeline_tag or "—",
            "after": after.pipeline_tag or "—",
        }
    if before.library != after.library:
        yield _("Changes its library from %(before)s to %(after)s.") % {
            "before": before.library or "—",
            "after": after.library or "—",
        }
    gated = any(getattr(before, name) != getattr(after, name) for name in _GATING)
    if gated:
        yield _("Changes the conditions of access that stand in the card.")
    keys = sorted(before.matter.keys() | after.matter.keys())
    others = [key for key in keys if before.matter.get(key) != after.matter.get(key) and key not in SPOKEN_OF]
    if others := [key for key in others if not (gated and key.startswith("extra_gated"))]:
        yield ngettext("Changes the field %(names)s.", "Changes the fields %(names)s.", len(others)) % _named(others)


def _new(before: list[str], after: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(after) if name not in before]


def _named(names: list[str]) -> dict[str, str]:
    more = ["…"] if len(names) > MOST_NAMED else []
    return {"names": ", ".join([*(name[:80] for name in names[:MOST_NAMED]), *more])}
