"""The community tab, below the address of its repository, and what a person hears of it."""

from django.urls import path

from community.views import (
    blocks,
    comments,
    discuss,
    lists,
    mail,
    notifications,
    proposed,
    pull_request,
    see,
    subscribe,
    suggest,
    tab,
)

COMMENT = "<repository:address>/discussions/<int:number>/comments/<uuid:public_id>"

app_name = "community"
urlpatterns = [
    path("inbox/discussions", notifications.notifications, name="notifications"),
    path("inbox/discussions/read", notifications.read_all, name="read_all"),
    path("inbox/discussions/<uuid:public_id>/read", notifications.read, name="read"),
    path("settings/notifications", mail.choice, name="mail_choice"),
    path("settings/notifications/end", mail.end, name="end_subscription"),
    path("settings/blocked", blocks.blocked, name="blocked"),
    path("settings/blocked/unblock", blocks.unblock, name="unblock"),
    path("mail/stop/<str:token>", mail.stop, name="stop_mails"),
    path("<repository:address>/subscribe", subscribe.repository, name="subscribe_repository"),
    path("<repository:address>/discussions/<int:number>/subscribe", subscribe.discussion, name="subscribe"),
    path("<repository:address>/discussions", lists.discussions, name="list"),
    path("<repository:address>/discussions/settings", tab.settings, name="tab_settings"),
    path("<repository:address>/discussions/settings/close-all", tab.close_all, name="close_all"),
    path("<repository:address>/discussions/new", discuss.new, name="new"),
    path("<repository:address>/discussions/<int:number>", see.discussion, name="discussion"),
    path("<repository:address>/discussions/preview", comments.preview, name="preview"),
    path("<repository:address>/discussions/<int:number>/comment", discuss.comment, name="comment"),
    path(COMMENT, comments.one, name="one_comment"),
    path(f"{COMMENT}/edit", comments.edit, name="edit"),
    path(f"{COMMENT}/hide", comments.hide, name="hide"),
    path(f"{COMMENT}/unhide", comments.unhide, name="unhide"),
    path(f"{COMMENT}/react", comments.react, name="react"),
    path(f"{COMMENT}/quote", comments.quote, name="quote"),
    path(f"{COMMENT}/versions", comments.versions, name="versions"),
    path("<repository:address>/discussions/<int:number>/status", discuss.status, name="status"),
    path("<repository:address>/discussions/<int:number>/merge", pull_request.merge, name="merge"),
    path("<repository:address>/discussions/<int:number>/open", pull_request.open_up, name="open"),
    path("<repository:address>/card/suggest", suggest.suggest, name="suggest"),
    path("<repository:address>/discussions/<int:number>/update", pull_request.update, name="update"),
    path("<repository:address>/discussions/<int:number>/edit-card", suggest.edit_card, name="edit_proposed_card"),
    path("<repository:address>/discussions/<int:number>/files", proposed.files, name="files_changed"),
    path("<repository:address>/discussions/<int:number>/files/<path:path>", proposed.raw, name="proposed_file"),
    path("<repository:address>/discussions/<int:number>/commits", proposed.commits, name="commits"),
    path("<repository:address>/discussions/<int:number>/commits/<str:oid>", proposed.commit, name="commit"),
    path("<repository:address>/discussions/<int:number>/lock", discuss.lock, name="lock"),
    path("<repository:address>/discussions/<int:number>/pin", discuss.pin, name="pin"),
    path("<repository:address>/discussions/<int:number>/rename", discuss.rename, name="rename"),
]
