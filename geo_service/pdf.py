"""Make a PDF of a page of plain HTML."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from PIL import ImageFile

STYLE = """
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
body { font: 10.5pt/1.45 "DejaVu Sans", sans-serif; color: #111 }
h1 { font-size: 16pt; margin: 0 0 6mm }
table { border-collapse: collapse; width: 100%; margin: 4mm 0 }
th, td { text-align: left; vertical-align: top; padding: 1.4mm 3mm 1.4mm 0; border-bottom: 0.2mm solid #bbb }
th { width: 40%; font-weight: normal; color: #444 }
h2 { font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid }
table.list { font-size: 9pt }
.list th { width: auto; border-bottom: 0.4mm solid #111 }
.list thead { display: table-header-group }
.list tr { break-inside: avoid }
.small { font-size: 8.5pt; color: #333 }
"""


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Return rows of a name and a value as HTML; both are text."""
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table>{''.join(cells)}</table>"


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    """Return a table with a head on each page; heads are text, cells HTML of ours, `widths` the widths of the columns (%)."""
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="list"><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def render(language: str, title: str, body: str, style: str = "") -> bytes:
    """Return an A4 document; `title` is text, `body` HTML of ours, `style` what it adds to the style sheet. Nothing is fetched."""
    # WeasyPrint needs the Pango libraries of the system, which only whoever makes a PDF must have.
    weasyprint: Any = importlib.import_module("weasyprint")
    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # WeasyPrint sets it for all: half a photo would be taken for a whole one
    )
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}{style}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    document: bytes = weasyprint.HTML(string=page, url_fetcher=_refuse).write_pdf()
    return document


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"a PDF of ours has everything in itself: {url}")
