from django.urls import path

from moderation.policy import views

app_name = "policy"
urlpatterns = [path("policy", views.policy, name="policy")]
