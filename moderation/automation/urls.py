from django.urls import path

from moderation.automation import views, views_backtest

app_name = "automation"
urlpatterns = [
    path("rules", views.rules_page, name="rules"),
    path("rules/new", views.new, name="new"),
    path("rules/<uuid:rule_id>", views.rule_page, name="rule"),
    path("rules/<uuid:rule_id>/edit", views.edit, name="edit"),
    path("rules/<uuid:rule_id>/switch", views.switch, name="switch"),
    path("rules/<uuid:rule_id>/backtest", views_backtest.start, name="backtest"),
    path("rules/<uuid:rule_id>/backtests/<uuid:backtest_id>", views_backtest.show, name="backtested"),
]
