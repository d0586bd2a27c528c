"""Sign-up through allauth takes names and creates users through our action."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.actions import register
from accounts.models import User
from accounts.names import clean_name
from foundation import changes
from foundation.errors import Refused


class Adapter(DefaultAccountAdapter):
    def clean_username(self, username: str, shallow: bool = False) -> str:
        # Shallow: whether the name is taken is ours to say, since organizations have names too.
        name = str(super().clean_username(username, shallow=True))
        return name if shallow else clean_name(name)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            confirmed = bool(super().confirm_email(request, email_address))
            if confirmed:
                changes.tell("address.confirmed", email_address.user_id, actor_id=email_address.user_id)
        return confirmed

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        user.language = get_language() or user.language
        if not commit:
            return user
        try:
            return register(user)
        except ValidationError as error:
            # The name was free when the form looked: a second click, or somebody else this moment.
            raise Refused(error.messages[0], code=str(error.code)) from None
