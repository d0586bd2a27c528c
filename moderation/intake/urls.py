from django.urls import path

from moderation.intake import views

app_name = "intake"
urlpatterns = [
    path("report/<slug:kind>/<uuid:public_id>", views.report, name="report"),
    path("reports", views.mine, name="mine"),
    path("reports/<uuid:public_id>", views.own, name="own_report"),
    path("reports/<uuid:public_id>/sent", views.sent, name="sent"),
]
