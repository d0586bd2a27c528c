from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from repositories import interstitial, queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.models import Repository
from repositories.pages import see_other


@require_POST
def view_content(request: HttpRequest, address: Address) -> HttpResponse:
    """Open a repository that is not for all audiences, for this session: back to the page that was asked for (A4)."""
    repository = queries.find(*address, request.user)
    require_see(repository, request.user)
    interstitial.remember(request, repository)
    return see_other(_page_of(repository, request.POST.get("next", "")))


def _page_of(repository: Repository, address: str) -> str:
    """`address` if it is one of this repository's pages, else its first one."""
    home = repository.get_absolute_url()
    ours = address == home or address.startswith((f"{home}/", f"{home}?"))
    return address if ours and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else home
