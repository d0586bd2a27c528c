from django.http import HttpRequest, HttpResponse

from repositories import queries
from repositories.actions import like, unlike
from repositories.addresses import Address
from repositories.pages import see_other, verb


@verb
def set_like(request: HttpRequest, address: Address) -> HttpResponse:
    """Like with `like=1`, take it back with `like=0`; sending it twice changes nothing more."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    if request.POST.get("like") == "0":
        unlike(repository, actor=request.user)
    else:
        like(repository, actor=request.user)
    return see_other(repository.get_absolute_url())
