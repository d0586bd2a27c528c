"""The mail that asks to confirm a report: leased work, at least once, the same Message-ID each time (L3)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation import clock
from foundation.clock import Now
from foundation.markdown import render
from foundation.work import work_off
from moderation.intake.guests import token_of
from moderation.intake.models import ConfirmationMail, PendingReport


def send_confirmations() -> int:
    """Send every mail that is due; returns how many went out."""
    rows = ConfirmationMail.objects.filter(pending__expires_at__gt=Now()).select_related("pending")
    return work_off(rows, lambda row: _send(row.pending), limit=50)


def _send(pending: PendingReport) -> None:
    """Nothing in it was written by whoever filled in the form: it may be somebody else's mailbox."""
    site = settings.SITE_URL.rstrip("/")
    link = f"{site}{reverse('intake:confirm', args=[token_of(pending)])}"
    with translation.override(pending.language):
        body = _(
            "Somebody, probably you, reported something on %(site)s and gave this address. We look at it once you "
            "have opened this link, within 48 hours:\n\n%(link)s\n\nIf it was not you, you need do nothing: what "
            "was sent is deleted then."
        )
        text = body % {"site": site, "link": link}
        mail = EmailMultiAlternatives(
            _("Please confirm your report"),
            f"{text}\n",
            to=[pending.email],
            headers={
                "Message-ID": f"<confirm.{pending.public_id}@{urlsplit(site).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render(text), "text/html")
        mail.send()
    PendingReport.objects.filter(pk=pending.pk).update(mailed_at=clock.now())
