from django.urls import path

from moderation.appeals.views import parties, people, team

app_name = "appeals"
urlpatterns = [
    path("standing", people.standing, name="standing"),
    path("appeal/<uuid:public_id>", people.contest, name="contest"),
    path("appeals/decision/<uuid:public_id>", people.contest_decision, name="contest_decision"),
    path("appeals/<uuid:public_id>", people.own, name="own"),
    path("matters/<uuid:public_id>/contest", parties.contest, name="contest_matter"),
    path("matters/<uuid:public_id>/by-mail/<str:token>/contest", parties.contest_by_mail, name="contest_by_mail"),
    path("cases/<uuid:public_id>/appeal", team.case_page, name="case"),
]
