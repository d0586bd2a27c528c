import secrets
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.actions import confirm_email, create_organization, join_organization, make_moderator, register
from accounts.models import Organization, OrganizationRole, User
from accounts.queries import system_actor
from foundation.commands import clear_errors

EXAMPLES = """examples:
  manage.py add_user nok --email nok@example.org
  manage.py add_user mira --moderator
  manage.py add_user leo --organization mekong-lab --role write
  echo "a long passphrase" | manage.py add_user adele --admin --password-stdin
"""


class Command(BaseCommand):
    help = "Add a person. Without --password-stdin a random password is printed, once: only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog, parser.formatter_class = EXAMPLES, RawDescriptionHelpFormatter
        parser.add_argument("name", help="2 to 96 letters, digits, “-”, “_”, “.”; people and organizations share names")
        parser.add_argument("--email", default="", help="counts as confirmed; notices go there")
        parser.add_argument("--fullname", default="", help="shown beside the name")
        parser.add_argument(
            "--organization",
            metavar="ORG",
            help="join this organization; when there is none of this name it is created, with the person as its admin",
        )
        parser.add_argument(
            "--role", choices=OrganizationRole.values, help="in the organization (default: read, or admin of a new one)"
        )
        parser.add_argument("--moderator", action="store_true", help="works in the queue and decides cases")
        parser.add_argument("--admin", action="store_true", help="may do everything and use Django admin")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] and not options["organization"]:
            raise CommandError("--role needs --organization.")
        user = User(
            username=options["name"],
            email=options["email"],
            fullname=options["fullname"],
            is_staff=options["admin"],
            is_superuser=options["admin"],
        )
        with clear_errors(), transaction.atomic():
            password = self._password(user, from_stdin=options["password_stdin"])
            if user.email:
                validate_email(user.email)
            register(user, password=password)
            if user.email:
                confirm_email(user, actor=system_actor())
            joined = _join(user, options["organization"], options["role"]) if options["organization"] else ""
            if options["moderator"]:
                make_moderator(user, actor=system_actor())
        self.stdout.write(f"Added {user.username}{joined}.")
        if not options["password_stdin"]:
            self.stdout.write(f"Password: {password}\nWe show it only this once.")

    def _password(self, user: User, *, from_stdin: bool) -> str:
        if not from_stdin:
            return secrets.token_urlsafe(15)
        password = sys.stdin.readline().rstrip("\n")
        validate_password(password, user)
        return password


def _join(user: User, name: str, role: str | None) -> str:
    """Join or create the organization; returns what the person is there, in words."""
    organization = Organization.objects.filter(name__iexact=name).first()
    if organization is None:
        if role not in (None, OrganizationRole.ADMIN):
            raise CommandError(f"{name} is a new organization: its first member is its admin, so leave --role out.")
        organization = create_organization(name, actor=user)
        return f", admin of the new organization {organization}"
    joined = join_organization(user, organization, role=role or OrganizationRole.READ, actor=system_actor())
    return f", {joined.role} in {organization}"
