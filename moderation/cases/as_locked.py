"""An object of a case that was read before, and its row as it is under the lock."""

from moderation.cases.models import Case

_COLUMNS = tuple(field.attname for field in Case._meta.concrete_fields)


def take_over(case: Case, row: Case) -> None:
    """Let `case` say what its locked row says now: what refresh_from_db does, without a query."""
    case.__dict__.update({name: row.__dict__[name] for name in _COLUMNS})
    known = case._state.fields_cache
    for name, one in list(known.items()):
        if (one.pk if one else None) != case.__dict__.get(f"{name}_id"):
            del known[name]  # it is another one now
