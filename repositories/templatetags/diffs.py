"""The lines of a comparison as rows of a table.

Not a template: a page holds thousands of them, which one by one would take a second.
"""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from repositories.git import Hunk, Line

register = template.Library()


@register.filter
def rows(hunk: Hunk) -> SafeString:
    """Each line with its numbers, a sign and, for who hears the page, a word; the words that changed stand in <b>."""
    starts = {
        "+": _start("gained", "+", _("added:")),
        "-": _start("lost", "−", _("removed:")),
        " ": ("<tr>", '<span class="sign"></span>'),
    }
    gap = format_html('<tr class="gap"><td colspan="3">{}</td></tr>', _("(no line end at the end of the file)"))
    return mark_safe("\n".join(_row(line, *starts[line.kind]) + ("" if line.ended else gap) for line in hunk.lines))  # noqa: S308 - escaped below


def _start(kind: str, sign: str, word: str) -> tuple[str, str]:
    said = format_html(
        '<span class="sign" aria-hidden="true">{}</span><span class="visually-hidden">{} </span>', sign, word
    )
    return f'<tr class="{kind}">', said


def _row(line: Line, opening: str, sign: str) -> str:
    text = "".join(f"<b>{escape(part)}</b>" if changed else escape(part) for changed, part in line.parts)
    return (
        f"{opening}{_number(line.old)}{_number(line.new)}<td><code>{sign}{text or escape(line.text)}</code></td></tr>"
    )


def _number(number: int | None) -> str:
    return f'<td class="number">{"" if number is None else number}</td>'
