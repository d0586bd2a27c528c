"""The events of a discussion in plain words, one sentence each."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Discussion, DiscussionEvent, Hiding

Kind = DiscussionEvent.Kind

ICONS = {
    Kind.RENAMED: "pencil",
    Kind.CLOSED: "x-circle",
    Kind.REOPENED: "arrow-path",
    Kind.OPENED: "check-circle",
    Kind.LOCKED: "lock-closed",
    Kind.UNLOCKED: "lock-open",
    Kind.PINNED: "bookmark",
    Kind.UNPINNED: "bookmark-slash",
    Kind.HIDDEN: "eye-slash",
    Kind.UNHIDDEN: "eye",
    Kind.COMMITTED: "code-bracket",
    Kind.MERGED: "check-circle",
    Kind.REPORTED: "flag",
    Kind.MEASURE_TAKEN: "scale",
    Kind.MEASURE_LIFTED: "scale",
    Kind.FEEDBACK_ASKED: "megaphone",
    Kind.REQUEST_MET: "check-circle",
    Kind.REQUEST_UNMET: "arrow-path",
}
SENTENCES = {
    Kind.RENAMED: _("{name} renamed this from “{before}” to “{after}”"),
    Kind.CLOSED: _("{name} closed this"),
    Kind.REOPENED: _("{name} reopened this"),
    Kind.OPENED: _("{name} says that this is ready for review"),
    Kind.LOCKED: _("{name} locked this"),
    Kind.UNLOCKED: _("{name} unlocked this"),
    Kind.PINNED: _("{name} pinned this"),
    Kind.UNPINNED: _("{name} unpinned this"),
    Kind.HIDDEN: _('{name} hid <a href="{address}">a comment</a>: {category}'),
    Kind.UNHIDDEN: _('{name} showed <a href="{address}">a comment</a> again'),
    Kind.COMMITTED: _("{name} committed {oid}: {subject}"),
    Kind.MERGED: _("{name} merged this as {oid}"),
    Kind.REPORTED: _("A report opened this discussion"),
    Kind.MEASURE_TAKEN: _("We took a measure"),
    Kind.MEASURE_LIFTED: _("We lifted a measure"),
    Kind.FEEDBACK_ASKED: _("We ask for your feedback: please answer here"),
    Kind.REQUEST_MET: _("The owner did what we asked for"),
    Kind.REQUEST_UNMET: _("What we asked for is done no longer: we ask for it again"),
}
CLOSED_ALL = _("{name} closed all discussions, and this one with them")
CONCEALING = _("{name} renamed this to “{after}” and left the earlier titles out")
CONCEALED = _("{name} renamed this; the owner or the team left the titles out")
LOCKED_BECAUSE = _("{name} locked this: {reason}")
# To whoever wrote the comment, where they hear of it.
YOURS = {
    Kind.HIDDEN: _('{name} hid <a href="{address}">your comment</a>: {category}'),
    Kind.UNHIDDEN: _('{name} showed <a href="{address}">your comment</a> again'),
}
WITHDRAWN = _('{name} withdrew <a href="{address}">a comment</a>')
# By the codes of the room that takes measures, which lies above; one that is not here is said in general.
TAKEN = {
    "request_documentation": _("We asked the owner to document this repository"),
    "request_gating": _("We asked the owner to gate this repository"),
    "request_private": _("We asked the owner to make this repository private"),
    "nfaa": _("We tagged this repository “Not For All Audiences”"),
    "downgrade": _("We downgraded this repository: it is left out of trending and feeds"),
    "hide_card": _("We hid the card of this repository"),
    "private": _("We made this repository private: only its owner sees it"),
    "disable": _("We disabled access to the files of this repository: only its owner can get them"),
}
LIFTED = {
    "request_documentation": _("We no longer ask the owner to document this repository"),
    "request_gating": _("We no longer ask the owner to gate this repository"),
    "request_private": _("We no longer ask the owner to make this repository private"),
    "nfaa": _("We took the tag “Not For All Audiences” off this repository"),
    "downgrade": _("We lifted the downgrade: this repository is in trending and feeds again"),
    "hide_card": _("We showed the card of this repository again"),
    "private": _("We lifted that this repository is private: it is there again for whom its owner chose"),
    "disable": _("We opened access to the files of this repository again"),
}
HIDDEN_BY = {
    Hiding.Side.TEAM: _("This comment is hidden: {category}. The team hid it."),
    Hiding.Side.VERDICT: _("This comment is hidden: our team decided so."),
    Hiding.Side.HOLD: _("This comment is hidden until we have looked at it. That is no judgement."),
    Hiding.Side.OWNER: _("This comment is hidden: {category}. The owner side hid it."),
    Hiding.Side.AUTHOR: _("This comment is hidden: its author withdrew it."),
}


def sentence(event: DiscussionEvent, *, path: str = "", to: int | None = None) -> SafeString:
    """What happened, as safe HTML. Needs the actor, and the comment of an event about one.

    Outside the page of the discussion `path` is its address; `to` is the id of the person who hears of it.
    """
    data = event.shown_data
    return format_html(
        str(_template(event, to)),
        name=_name(event.actor),
        before=_title(data.get("from", "")),
        after=_title(data.get("to", "")),
        reason=_label(Discussion.LockReason, data.get("reason", "")),
        category=_label(Hiding.Category, data.get("category", "")),
        address=f"{path}?comment={event.comment.public_id}#comment-{event.comment.public_id}" if event.comment else "",
        oid=format_html('<span class="hash">{}</span>', str(data.get("oid", ""))[:10]),
        subject=_title(data.get("subject", "")),
    )


def hidden_words(hiding: Hiding | None) -> str:
    """What stands in the place of a comment that `hiding` hides."""
    if hiding is None:
        return gettext("This comment is hidden.")
    return str(HIDDEN_BY[Hiding.Side(hiding.side)]).format(category=hiding.get_category_display())


def _template(event: DiscussionEvent, to: int | None) -> object:
    data, kind = event.shown_data, Kind(event.kind)
    if kind in YOURS and event.comment and event.comment.author_id == to:
        return YOURS[kind]
    if kind == Kind.CLOSED and data.get("all"):
        return CLOSED_ALL
    if kind == Kind.RENAMED and data.get("concealed"):
        return CONCEALING if "to" in data else CONCEALED
    if kind == Kind.LOCKED and data.get("reason"):
        return LOCKED_BECAUSE
    if kind == Kind.HIDDEN and data.get("side") == Hiding.Side.AUTHOR:
        return WITHDRAWN
    if kind == Kind.MEASURE_TAKEN:
        return TAKEN.get(data.get("measure", ""), SENTENCES[kind])
    if kind == Kind.MEASURE_LIFTED:
        return LIFTED.get(data.get("measure", ""), SENTENCES[kind])
    return SENTENCES[kind]


def _name(actor: User) -> SafeString:
    if actor.is_system:
        return format_html('<span class="person">{}</span>', "Ombud")
    return format_html('<a class="person" href="{}">{}</a>', actor.get_absolute_url(), actor.username)


def _title(text: object) -> SafeString:
    return format_html('<bdi class="words">{}</bdi>', text)


def _label(choices: type[Discussion.LockReason] | type[Hiding.Category], code: str) -> str:
    return str(dict(choices.choices).get(code, code))
