"""Downloads of the protocol: beside the pages of a repository, so these come before them."""

from django.urls import path

from hub.views.files import resolve

urlpatterns = [path("<repository:address>/resolve/<revision:revision>/<path:path>", resolve)]
