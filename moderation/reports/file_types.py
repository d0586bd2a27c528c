"""What a file is, by its content: names and declared types are the sender's words (C1)."""

from django.utils.translation import gettext_lazy as _

NAMES = _("pictures (PNG, JPEG, GIF, WebP), PDF and plain text")
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def media_type_of(data: bytes) -> str:
    """The media type of what the team can safely look at; "" for everything else, such as programs and archives."""
    for beginning, media_type in _BEGINNINGS:
        if data.startswith(beginning):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _is_text(data) else ""


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(one in "\t\n\r\f" or ord(one) >= 32 for one in text)
