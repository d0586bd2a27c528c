"""What the protocol has beside the pages of a repository, so these come before them."""

from django.urls import path

from hub.views.files import nobody, resolve
from hub.views.gating import ask_access

urlpatterns = [
    path("<repository:address>/resolve/<revision:revision>/<path:path>", resolve),
    path("<str:name>/resolve/<revision:revision>/<path:path>", nobody),
    path("<kinds:kind>/<str:name>/resolve/<revision:revision>/<path:path>", nobody),
    path("<repository:address>/ask-access", ask_access),
]
