"""The site map. Our API lives under /api/v1/, the hub's protocol under /api/ (architecture, "Addresses")."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from accounts.views.language import switch
from config.docs import Docs, Schema
from config.views import robots

# The broker brings an admin of its own with inline styles, which our Content-Security-Policy refuses.
for _model in apps.get_app_config("dramatiq_postgres").get_models():
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)

# An address is compared with one pattern after the other: what programs ask comes first.
urlpatterns = [
    path("api/v1/", include("config.api")),
    path("admin/", admin.site.urls),
    path("language", switch, name="set_language"),
    path("robots.txt", robots, name="robots"),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Docs.as_view(), name="docs"),
    path("api/", include("hub.urls")),
    path("", include("hub.file_urls")),
    path("", include("accounts.urls")),
    path("", include("moderation.policy.urls")),
    path("", include("moderation.intake.urls")),
    path("", include("moderation.cases.urls")),
    path("", include("moderation.automation.urls")),
    path("", include("moderation.automation.quality.urls")),
    path("", include("moderation.appeals.urls")),
    path("", include("moderation.transparency.urls")),
    path("", include("community.urls")),
    path("", include("repositories.urls")),
]
