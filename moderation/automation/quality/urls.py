from django.urls import path

from moderation.automation.quality import views

app_name = "quality"
urlpatterns = [
    path("cases/classifiers", views.classifiers_page, name="classifiers"),
    path("cases/classifiers/bias/<uuid:report_id>", views.bias_page, name="bias"),
    path("cases/classifiers/<str:code>", views.classifier_page, name="classifier"),
    path("cases/classifiers/<str:code>/bias", views.ask_bias, name="ask_bias"),
    path("cases/classifiers/<str:code>/labels/<slug:label>", views.label_page, name="label"),
]
