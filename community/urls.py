"""The community tab, below the address of its repository."""

from django.urls import path

from community.views import discuss, pull_request, see

app_name = "community"
urlpatterns = [
    path("<repository:address>/discussions", see.discussions, name="list"),
    path("<repository:address>/discussions/new", discuss.new, name="new"),
    path("<repository:address>/discussions/<int:number>", see.discussion, name="discussion"),
    path("<repository:address>/discussions/<int:number>/comment", discuss.comment, name="comment"),
    path("<repository:address>/discussions/<int:number>/status", discuss.status, name="status"),
    path("<repository:address>/discussions/<int:number>/merge", pull_request.merge, name="merge"),
    path("<repository:address>/discussions/<int:number>/open", pull_request.open_up, name="open"),
    path("<repository:address>/card/suggest", pull_request.suggest, name="suggest"),
    path("<repository:address>/discussions/<int:number>/lock", discuss.lock, name="lock"),
]
