from django.urls import path

from moderation.cases import views

app_name = "cases"
urlpatterns = [
    path("cases", views.queue_page, name="queue"),
    path("cases/news", views.news, name="news"),
    path("cases/next", views.next_case, name="next"),
    path("cases/people/<uuid:person_id>", views.person_page, name="person"),
    path("cases/people/<uuid:person_id>/lift/<uuid:measure_id>", views.lift_on_person, name="lift_on_person"),
    path("cases/<uuid:case_id>", views.case_page, name="case"),
    path("cases/<uuid:case_id>/news", views.case_news, name="case_news"),
    path("cases/<uuid:case_id>/claim", views.claim_case, name="claim"),
    path("cases/<uuid:case_id>/renew", views.renew_claim, name="renew"),
    path("cases/<uuid:case_id>/release", views.release_claim, name="release"),
    path("cases/<uuid:case_id>/decide", views.decide_case, name="decide"),
    path("cases/<uuid:case_id>/answers", views.read_case_answers, name="answers"),
    path("cases/<uuid:case_id>/lift/<uuid:measure_id>", views.lift_on_case, name="lift"),
]
