from django.urls import path

from moderation.automation import views

app_name = "automation"
urlpatterns = [
    path("rules", views.rules_page, name="rules"),
    path("rules/<uuid:rule_id>", views.rule_page, name="rule"),
    path("rules/<uuid:rule_id>/switch", views.switch, name="switch"),
]
