from django.urls import path

from accounts.views import inbox, names, settings, tokens

app_name = "accounts"
urlpatterns = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.read_all, name="read_all"),
    path("inbox/<uuid:public_id>", inbox.message, name="message"),
    path("settings/profile", settings.profile, name="settings_profile"),
    path("settings/content", settings.content, name="settings_content"),
    path("settings/name", names.name, name="settings_name"),
    path("settings/tokens", tokens.tokens, name="tokens"),
    path("settings/tokens/revoke", tokens.revoke, name="revoke_token"),
]
