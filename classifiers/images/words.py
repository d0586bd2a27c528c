"""What people read for what came of decoding an image; stored without words."""

from django.utils.translation import gettext_lazy as _

OK, TRUNCATED, TOO_LARGE, TOO_SLOW = "ok", "truncated", "too_large", "too_slow"
BROKEN, NO_IMAGE, FAILED = "broken", "no_image", "failed"

VERDICTS = {
    OK: _("The image was looked at."),
    TRUNCATED: _("The image is damaged; what could be decoded of it was looked at."),
    TOO_LARGE: _("The image is too large to be looked at."),
    TOO_SLOW: _("The image took too long to decode."),
    BROKEN: _("The image is damaged, or made so that it cannot be decoded."),
    NO_IMAGE: _("This is no image of a kind that we look at."),
    FAILED: _("The image made our decoder fail."),
}
