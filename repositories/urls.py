"""Lists, search, and everything at and below the address of a repository. Included last: it takes any two words."""

from django.urls import path

from repositories.views import edit, files, like, lists, profile, settings, show

app_name = "repositories"
urlpatterns = [
    path("", lists.front, name="front"),
    path("<kinds:kind>", lists.of_kind, name="list"),
    path("search", lists.search, name="search"),
    path("new", edit.new, name="new"),
    path("<repository:address>", show.show, name="show"),
    path("<repository:address>/files", files.files, name="files"),
    path("<repository:address>/file/<path:path>", files.show_file, name="file"),
    path("<repository:address>/raw/<path:path>", files.download, name="download"),
    path("<repository:address>/history", files.history, name="history"),
    path("<repository:address>/card/edit", edit.edit_card, name="edit_card"),
    path("<repository:address>/settings", settings.settings, name="settings"),
    path("<repository:address>/like", like.set_like, name="like"),
    # Last: it takes any one word that nothing else took.
    path("<str:name>", profile.profile, name="profile"),
]
