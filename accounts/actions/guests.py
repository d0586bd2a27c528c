import secrets

from django.db import IntegrityError, transaction

from accounts.models import Guest, User


def guest_for(email: str = "", name: str = "", language: str = "en", *, confirmed: bool) -> User:
    """Somebody without an account who reports (C1, C3): no name of the hub, no sign-in; `email` gets the mail.

    The same address is the same guest, but only among addresses that are `confirmed` by mail, or only among those that
    are not. Without an address it is a new guest each time.
    """
    address = email.strip().lower()
    if address and (known := _known(address, confirmed)):
        return known
    try:
        with transaction.atomic():
            user = User(username=f"guest-{secrets.token_hex(6)}", fullname=name[:100], language=language, is_guest=True)
            user.set_unusable_password()
            user.save()
            if address:
                Guest.objects.create(user=user, email=address, confirmed=confirmed)
            return user
    except IntegrityError:
        # The same address at the same moment: whoever came first is the guest.
        known = _known(address, confirmed)
        if known is None:
            raise
        return known


def _known(address: str, confirmed: bool) -> User | None:
    return User.objects.filter(is_guest=True, guest__email=address, guest__confirmed=confirmed).first()
