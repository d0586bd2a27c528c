"""Steps of tests about digests: the mails that gather what a person has not read."""

from datetime import timedelta

from django.core import mail

from community.actions import add_comment
from community.digests import Rhythm, choose_rhythm
from community.mailing import send_due_digests
from community.notifying import notify
from foundation.models import Change

DAY = timedelta(days=1)


def let_hear(discussion, writer):
    """A comment by `writer` of which the opener, quentin, hears; the owner wants no mails."""
    choose_rhythm(Rhythm.NEVER, actor=discussion.repository.created_by)
    Change.objects.all().delete()
    comment = add_comment(discussion, text="Have you **tried** it again?", actor=writer)
    notify()
    return comment


def send(pass_time, step=DAY):
    """What goes out to quentin once that time has passed."""
    pass_time(step)
    mail.outbox.clear()
    send_due_digests()
    return [one for one in mail.outbox if one.to == ["quentin@people.example"]]
