from django.urls import path

from moderation.intake.views import claims, guest, own, report, team_entry

app_name = "intake"
urlpatterns = [
    path("report/claim/<uuid:public_id>", claims.answer, name="answer_claim"),
    path("report/<slug:kind>/<uuid:public_id>", report.report, name="report"),
    path("report/<slug:kind>/<uuid:public_id>/claim", claims.claim, name="claim"),
    path("report/check-your-mail", guest.check_mail, name="check_mail"),
    path("report/confirm/<str:token>", guest.confirm, name="confirm"),
    path("cases/enter", team_entry.enter, name="enter"),
    path("cases/enter/claim", team_entry.enter_claim, name="enter_claim"),
    path("cases/counter/<uuid:public_id>/suit", claims.suit, name="suit"),
    path("reports", own.mine, name="mine"),
    path("reports/<uuid:public_id>", own.own, name="own_report"),
    path("reports/<uuid:public_id>/sent", own.sent, name="sent"),
    path("reports/<uuid:public_id>/change", own.change, name="change"),
    path("reports/<uuid:public_id>/claim", claims.complete, name="complete_claim"),
    path("reports/<uuid:public_id>/suit", own.suit, name="own_suit"),
    path("reports/<uuid:public_id>/withdraw", own.withdraw, name="withdraw"),
    path("reports/guest/<str:token>", guest.own, name="guest_report"),
    path("reports/guest/<str:token>/change", guest.change, name="guest_change"),
    path("reports/guest/<str:token>/withdraw", guest.withdraw, name="guest_withdraw"),
    path("reports/guest/<str:token>/claim", guest.claim, name="guest_claim"),
    path("reports/guest/<str:token>/suit", guest.suit, name="guest_suit"),
    path("reports/guest/<str:token>/contest", guest.contest, name="guest_contest"),
]
