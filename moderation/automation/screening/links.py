"""Floods of links, and of calls."""

import html
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from community.mentions import MOST as MOST_NAMES
from community.mentions import names_in
from community.models import CommentVersion
from foundation.markdown import render
from moderation.automation.models import Finding
from moderation.automation.screening.texts import DISCUSSIONS, WITHIN, Found, ScreenedText, addresses, reported_before

# In one text; people who are here for longer also post lists of papers.
MOST_LINKS, MOST_LINKS_OF_NEWCOMER = 25, 10
MOST_COMPARED = 300  # texts of one new account
# Where everybody publishes: whoever links there means one account of it, not the site.
SHARED = frozenset(
    {"github.com", "gitlab.com", "huggingface.co", "medium.com", "youtube.com", "kaggle.com", "google.com"}
)
# What people refer to in any technical talk: no place to lead anybody to.
REFERENCES = frozenset(
    {"arxiv.org", "doi.org", "wikipedia.org", "python.org", "pytorch.org", "stackoverflow.com", "aclanthology.org",
     "openreview.net", "pypi.org", "tensorflow.org", "nvidia.com"}
)  # fmt: skip
# Below these names of two letters a registered name has three parts: example.co.th.
_SECOND = frozenset({"ac", "co", "com", "edu", "go", "gov", "in", "mi", "ne", "net", "or", "org"})
_LINK = re.compile(r'href="(https?://[^"]+)"')

MANY = _("A text with very many links.")
SAME_SITE = _("A new account linked to the same site in several discussions within a day:")
CALLS = _("A text that calls very many people.")


def find_links(text: ScreenedText) -> Found | None:
    """Too many links, one site in several discussions, or too many names; links to this site do not count."""
    links = links_in(text.own_words)
    if len(links) > (MOST_LINKS_OF_NEWCOMER if text.by_newcomer else MOST_LINKS):
        return Found(Finding.Kind.LINKS, len(links), (MANY,))
    if len(names := names_in(text.version.text)) > MOST_NAMES:
        return Found(Finding.Kind.CALLS, len(names), (CALLS,))
    return _find_site(text, sites_of(links)) if text.by_newcomer else None


def links_in(text: str) -> set[str]:
    """The addresses outside of this site that a reader of Markdown `text` could follow."""
    if "." not in text:
        return set()
    own = urlsplit(settings.SITE_URL).netloc
    found = {html.unescape(address) for address in _LINK.findall(render(text))}
    return {address for address in found if _host(address) and urlsplit(address).netloc != own}


def sites_of(links: set[str]) -> set[str]:
    """Whose sites `links` lead to: registered names, with the account where everybody publishes; no references."""
    sites = set()
    for link in links:
        site = _registered(_host(link))
        if site in SHARED:
            account = urlsplit(link).path.strip("/").partition("/")[0].lower()
            sites.add(f"{site}/{account}")
        elif site not in REFERENCES:
            sites.add(site)
    return sites


def _find_site(text: ScreenedText, sites: set[str]) -> Found | None:
    """One of `sites` in several discussions of others within the last day; reported again when they have doubled."""
    if not sites or text.at_home:
        return None
    at = text.version.created_at
    rows = CommentVersion.objects.filter(author=text.author, created_at__gt=at - WITHIN, created_at__lte=at)
    rows = rows.exclude(comment__discussion__repository__namespace__user=text.author).select_related("comment")
    before = [one for one in rows.order_by("-created_at")[:MOST_COMPARED] if one.comment_id != text.comment.pk]
    linked = [(one.comment, sites_of(links_in(one.text))) for one in before]
    for site in sorted(sites):
        same = [comment for comment, others in linked if site in others]
        comments = {comment.pk for comment in same}
        count = len({text.discussion.pk, *(comment.discussion_id for comment in same)})
        if count >= max(DISCUSSIONS, 2 * reported_before(Finding.Kind.SITE, comments)):
            return Found(Finding.Kind.SITE, count, (SAME_SITE, site, *addresses(comments)))
    return None


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").lower()
    except ValueError:
        return ""  # a bracket in the place of a name


def _registered(host: str) -> str:
    """example.com for www.shop.example.com: who owns a name can make any number of names below it."""
    parts = host.rstrip(".").split(".")
    three = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND
    return ".".join(parts[-3:] if three else parts[-2:])
