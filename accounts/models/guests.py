from django.db import models

from accounts.models.users import User


class Guest(models.Model):
    """The address of somebody without an account (C1, C3): kept beside the user, where no sign-up or sign-in looks.

    An address that its holder confirmed by mail and one that the team only read somewhere are different people to us:
    whoever confirms an address must not find what others sent in its name.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="guest")
    email = models.EmailField(help_text="In lower case.")
    confirmed = models.BooleanField(help_text="Its holder opened a link that we had sent there.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "confirmed"], name="one_guest_an_address")]

    def __str__(self) -> str:
        return self.email
