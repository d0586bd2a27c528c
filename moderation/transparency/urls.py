from django.urls import path

from moderation.transparency import views

app_name = "transparency"
urlpatterns = [
    path("transparency", views.report, name="report"),
    path("<repository:address>/moderation", views.log, name="log"),
]
