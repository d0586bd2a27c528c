"""The hub's protocol, as its client library asks for it; no trailing slashes (K2)."""

from django.urls import path

from hub.protocol import unknown
from hub.views import discussions, info, lists, whoami

app_name = "hub"
urlpatterns = [
    path("whoami-v2", whoami.whoami),
    path("<kinds:kind>", lists.repositories),
    path("<hub:address>", info.info),
    path("<hub:address>/revision/<path:revision>", info.info),
    path("<hub:address>/tree/<revision:revision>", info.tree),
    path("<hub:address>/tree/<revision:revision>/<path:folder>", info.tree),
    path("<hub:address>/auth-check", info.auth_check),
    path("<hub:address>/auth-check/write", info.auth_check, {"write": True}),
    path("<hub:address>/discussions", discussions.discussions),
    path("<hub:address>/discussions/<int:number>", discussions.details),
    path("<hub:address>/discussions/<int:number>/comment", discussions.add),
    path("<path:rest>", unknown),
]
