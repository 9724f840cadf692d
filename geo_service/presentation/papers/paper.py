"""What a report consists of, and its PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from geo_service import pdf
from geo_service.i18n import Translator
from geo_service.presentation import sources
from geo_service.store.papers import Background

Kind = Literal["text", "day", "money", "number"]
Value = str | int | float | date | datetime | None
ABSENT = "–"
STYLE = """
@page { size: A4 landscape; margin: 16mm 15mm 18mm; @bottom-left { content: string(foot); font-size: 8pt } }
h1 { string-set: foot content() }
.list td.figure, .list th.figure { text-align: right; white-space: nowrap }
.sketch { display: block; width: 100%; height: 74mm; margin: 2mm 0 }
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head (a translated text), what its values are, and its width (% of the table)."""

    head: str
    kind: Kind = "text"
    width: int = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the values themselves: paper words them, a workbook keeps them. `sheet` names it in the workbook (at most 31 characters)."""

    title: str
    sheet: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A report in one language. `sketch` is SVG of ours, or empty."""

    title: str
    lines: Sequence[str]
    sketch: str
    tables: Sequence[Table]


def document(paper: Paper, translator: Translator) -> bytes:
    """Return the report as a PDF: A4, lying, with numbered pages and the head of each table on every page."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in paper.lines)
    body = lines + paper.sketch + "".join(_section(table, translator) for table in paper.tables)
    return pdf.render(translator.language, paper.title, body, STYLE)


def background_lines(background: Background, translator: Translator) -> list[str]:
    """When the report was made, and how old each source behind it is."""
    zone = ZoneInfo(background.time_zone)
    made = background.computed_at.astimezone(zone)
    lines = [translator.text("paper.made", day=translator.day(made.date()), time=f"{made:%H:%M}")]
    there = [
        translator.text(
            "paper.source",
            source=sources.label(one["source"]),
            day=translator.day(one["last_success_at"].astimezone(zone).date()),
            time=f"{one['last_success_at'].astimezone(zone):%H:%M}",
        )
        for one in background.sources
        if one["last_success_at"]
    ]
    lines.append(
        translator.text("paper.sources", sources=", ".join(there))
        if there
        else translator.text("paper.no_source")
    )
    return lines


def _section(table: Table, translator: Translator) -> str:
    head = f"<h2>{escape(table.title)}</h2>"
    if not table.rows:
        return f"{head}<p>{escape(translator.text('paper.nothing'))}</p>"
    columns = "".join(f'<col style="width: {column.width}%">' for column in table.columns)
    heads = "".join(f"<th{_class(column)}>{escape(column.head)}</th>" for column in table.columns)
    rows = "".join(f"<tr>{_cells(table.columns, row, translator)}</tr>" for row in table.rows)
    return f'{head}<table class="list"><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _cells(columns: Sequence[Column], row: Sequence[Value], translator: Translator) -> str:
    pairs = zip(columns, row, strict=True)
    return "".join(
        f"<td{_class(column)}>{escape(_words(column.kind, value, translator))}</td>"
        for column, value in pairs
    )


def _class(column: Column) -> str:
    return "" if column.kind == "text" else ' class="figure"'


def _words(kind: Kind, value: Value, translator: Translator) -> str:
    if value is None or value == "":
        return ABSENT
    if isinstance(value, date):
        return translator.day(value)
    if isinstance(value, str):
        return value
    if kind == "money":
        return translator.money(value)
    return translator.number(value, 0 if float(value).is_integer() else 1)
