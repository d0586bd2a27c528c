"""How many requests one person, or one address without a token, may send in a while (C4, K2).

Counted in the cache, by a fixed window, so that no request costs a question to the database. Each process counts for
itself unless CACHE_URL names a cache that they share.
"""

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from foundation.http import network_of

WINDOW = 300  # seconds
# Downloads come in thousands, one by one, and cost little.
DOWNLOADS, DOWNLOADS_EACH = "resolvers", 10
OTHERS = "api"
# Comments and all else that people post: community.posting counts them.
POSTS = "posts"


@dataclass(frozen=True)
class Usage:
    """How much of a window is used up; `resets` is in seconds from now."""

    name: str
    quota: int
    used: int
    resets: int

    @property
    def over(self) -> bool:
        return self.used > self.quota

    def headers(self) -> dict[str, str]:
        """The same in the words that the client reads (draft-ietf-httpapi-ratelimit-headers)."""
        left = max(self.quota - self.used, 0)
        headers = {
            "RateLimit": f'"{self.name}";r={left};t={self.resets}',
            "RateLimit-Policy": f'"fixed window";"{self.name}";q={self.quota};w={WINDOW}',
        }
        return headers | ({"Retry-After": str(self.resets)} if self.over else {})


def headers_of_wait(name: str, seconds: int) -> dict[str, str]:
    """That nothing is left of the limit `name` for so many seconds."""
    return {"RateLimit": f'"{name}";r=0;t={seconds}', "Retry-After": str(seconds)}


def count(request: HttpRequest, *, name: str) -> Usage:
    """Count this request of the person, or the address, that it comes from."""
    quota = settings.HUB_REQUESTS_PER_WINDOW * (DOWNLOADS_EACH if name == DOWNLOADS else 1)
    now = time.time()
    window = int(now // WINDOW)
    key = f"hub:{name}:{window}:{_who(request)}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out in between
        used = 1
    return Usage(name, quota, used, math.ceil((window + 1) * WINDOW - now) or WINDOW)


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    # Only a digest: the cache may outlive the moment, and addresses are nobody's to keep (J4).
    return f"address:{salted_hmac('hub.limits', network_of(request)).hexdigest()}"
