from django.urls import path

from moderation.appeals.views import by_mail, limits, parties, people, team

app_name = "appeals"
urlpatterns = [
    path("standing", people.standing, name="standing"),
    path("standing/holding", people.holding, name="holding"),
    path("standing/appeals", people.appeals, name="appeals"),
    path("appeal/<uuid:public_id>", people.contest, name="contest"),
    path("appeal/<uuid:public_id>/by-mail/<str:token>", by_mail.statement, name="contest_by_link"),
    path("appeal/<uuid:public_id>/by-mail/<str:token>/appeal", by_mail.appeal, name="appeal_by_link"),
    path("appeals/decision/<uuid:public_id>", people.contest_decision, name="contest_decision"),
    path("appeals/<uuid:public_id>", people.own, name="own"),
    path("matters/<uuid:public_id>/contest", parties.contest, name="contest_matter"),
    path("matters/<uuid:public_id>/by-mail/<str:token>/contest", parties.contest_by_mail, name="contest_by_mail"),
    path("cases/people/<uuid:person_id>/appeals", limits.appeals_of_person, name="of_person"),
    path("cases/people/<uuid:person_id>/appeals/lift", limits.lift_limit, name="lift_limit"),
    path("cases/<uuid:public_id>/appeal", team.case_page, name="case"),
    path("cases/<uuid:public_id>/appeal/ask", team.ask, name="ask"),
    path("cases/<uuid:public_id>/appeal/<uuid:appeal_id>/earlier", team.earlier, name="earlier"),
    path("cases/<uuid:public_id>/appeal/files/<uuid:file_id>", team.file, name="file"),
]
