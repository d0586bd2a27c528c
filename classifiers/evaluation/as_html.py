"""A report as one page that needs nothing else: no scripts, no other files, light and dark, narrow and wide."""

from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from classifiers.evaluation.document import Document, Plot, Section, Table

STYLE = Path(__file__).parent / "report.css"
# Tables with fewer columns fit a narrow screen without scrolling.
WIDE = 4


def as_html(document: Document) -> str:
    """The page; everything in it is escaped."""
    page = format_html(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="robots" content="noindex">\n<title>{title}</title>\n<style>\n{style}</style>\n</head>\n'
        "<body>\n<main>\n<h1>{title}</h1>\n{facts}{sections}</main>\n</body>\n</html>\n",
        title=document.title,
        style=mark_safe(STYLE.read_text(encoding="utf-8")),  # noqa: S308 - a file of ours
        facts=_table(document.facts),
        sections=format_html_join("", "{}", ((_section(section),) for section in document.sections)),
    )
    return str(page)


def _section(section: Section) -> SafeString:
    notes = format_html_join("", "<p>{}</p>\n", ((note,) for note in section.notes))
    beside = [plot.table for plot in section.plots]
    tables = format_html_join("", "{}", ((_table(table),) for table in section.tables if table not in beside))
    plots = format_html_join("", "{}", ((_plot(plot),) for plot in section.plots))
    shown = format_html('<div class="plots">\n{}</div>\n', plots) if section.plots else ""
    return format_html("<section>\n<h2>{}</h2>\n{}{}{}</section>\n", section.title, notes, tables, shown)


def _plot(plot: Plot) -> SafeString:
    return format_html(
        "<figure>\n<h3>{}</h3>\n{}\n<figcaption>{}</figcaption>\n{}</figure>\n",
        plot.title,
        # `plots` built it of escaped parts.
        mark_safe(plot.svg),  # noqa: S308
        plot.description,
        _table(plot.table),
    )


def _table(table: Table) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in table.header))
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>\n',
        ((row[0], format_html_join("", "<td>{}</td>", ((cell,) for cell in row[1:]))) for row in table.rows),
    )
    return format_html(
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table{wide}>\n'
        "<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n",
        caption=table.caption,
        wide=mark_safe(' class="wide"') if len(table.header) >= WIDE else "",
        head=head,
        rows=rows,
    )
