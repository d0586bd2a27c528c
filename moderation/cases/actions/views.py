from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden, Refused
from moderation.cases.models import SavedView
from moderation.cases.permissions import require_team

# A menu that one can still read.
MOST_VIEWS = 40
LONGEST_QUERY = 1_000


def save_view(name: str, query: str, *, shared: bool, actor: User) -> SavedView:
    """Keep the address `query` of the queue under `name`; the same name again replaces the own view of that name (D4).

    Raises Forbidden, or Refused for an address that is too long and for too many views.
    """
    require_team(actor)
    kept = plain(QueryDict(query.replace("\x00", "")))
    if len(kept) > LONGEST_QUERY:
        raise Refused(_("This address is too long to be saved. Search for fewer words."), code="too_long", status=400)
    known = SavedView.objects.filter(owner=actor, name=name).first()
    if known is None and SavedView.objects.filter(owner=actor).count() >= MOST_VIEWS:
        raise Refused(_("You have forty views already. Delete one that you do not need."), code="too_many")
    view, _created = SavedView.objects.update_or_create(
        owner=actor, name=name, defaults={"query": kept, "shared": shared}
    )
    return view


def change_view(view: SavedView, *, name: str, shared: bool, actor: User) -> SavedView:
    """Another name, shared or not. Raises Forbidden for somebody else's, Refused for a name that is taken."""
    _require_own(view, actor)
    view.name, view.shared = name, shared
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared"])
    except IntegrityError:
        raise Refused(_("You have another view of this name."), code="exists") from None
    return view


def delete_view(view: SavedView, *, actor: User) -> None:
    """Raises Forbidden for somebody else's."""
    _require_own(view, actor)
    view.delete()


def _require_own(view: SavedView, actor: User) -> None:
    require_team(actor)
    if view.owner_id != actor.pk:
        raise Forbidden(_("Only %(person)s can change this view.") % {"person": view.owner})


def plain(given: QueryDict) -> str:
    """An address of the queue as views keep it: without its page, and without what is empty."""
    kept = QueryDict(mutable=True)
    for name, value in sorted(given.items()):
        if value and name not in ("after", "since"):
            kept[name] = str(value)
    return kept.urlencode()
