"""What all commands share: settings, output, exit codes."""

from __future__ import annotations

import itertools
import json
import os
import textwrap
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

from geo_service import i18n, logs
from geo_service import settings as settings_module
from geo_service.domain.errors import GeoServiceError
from geo_service.settings import Settings

DONE, REJECTED, WRONG_USE, UNREACHABLE = 0, 1, 2, 3

out, err = Console(), Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="For machines")]
Wide = Annotated[bool, typer.Option("--wide", help="All columns, however wide the terminal is")]
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables with the language of a terminal; the first one that is set counts."""
MOST_WORD = 28
"""The longest word for which a column makes room (characters); a longer one, such as an address, is broken."""
YES, NO = ("j", "ja", "y", "yes"), ("", "n", "nee", "neen", "no")
GAP = 2
"""Characters between two columns."""


def load(*, log_level: str | None = None, **overrides: Any) -> Settings:
    """The settings of this run; `log_level` replaces that of the settings."""
    config = settings_module.load(**overrides)
    logs.configure(log_level or config.log_level, config.log_format)
    return config


def translator(config: Settings) -> i18n.Translator:
    """The translator for the language of GEO_LANGUAGE, else of the terminal (LC_ALL, LC_MESSAGES, LANG),
    else Dutch.
    """
    locale = next((value for name in LOCALE if (value := os.environ.get(name))), "")
    language = config.language if "language" in config.model_fields_set else i18n.preferred(locale[:2])
    return i18n.Translator(language, settings_module.today(config))


def error_text(error: GeoServiceError) -> str:
    """An error in one line, in the language of the terminal; in Dutch when the settings are invalid."""
    if isinstance(error, settings_module.InvalidSettings):
        return i18n.Translator("nl", date.today()).error(error)
    return translator(settings_module.load()).error(error)


def tell(sentence: str, *, style: str | None = None, as_json: bool = False) -> None:
    """Print a sentence on stderr: wrapped at words on a terminal, one line for machines and redirections."""
    if err.is_terminal and not as_json:
        sentence = textwrap.fill(sentence, err.width, break_long_words=False, break_on_hyphens=False)
    err.print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)


def show(value: Any, as_json: bool, table: Callable[[], RenderableType]) -> None:
    """Print an answer: JSON for machines, a table or a sentence for people."""
    if as_json:
        print(json.dumps(value, default=str, ensure_ascii=False))  # noqa: T201
    else:
        out.print(table())


def rows_table(rows: list[dict[str, Any]], columns: tuple[str, ...], *, wide: bool = False) -> Table:
    """A table of these columns of `rows`, the most important first.

    No word is cut: the last columns that do not fit are left out and named below, unless `wide` is set. The
    first column, which people copy, is never broken.
    """
    translate = translator(settings_module.load()).text
    heads = {name: translate(f"column.{name}") for name in columns}
    columns_text = {name: [_cell(row[name]) for row in rows] for name in columns}
    needed = {
        name: _narrowest(heads[name], cells, unbroken=name == columns[0])
        for name, cells in columns_text.items()
    }
    if wide:
        out.width = max(
            out.width, sum(max(map(len, (heads[name], *cells))) + GAP for name, cells in columns_text.items())
        )
    visible = _fitting(needed, out.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in visible:
        table.add_column(heads[name], overflow="fold", no_wrap=name == columns[0], min_width=needed[name])
    for cells in zip(*(columns_text[name] for name in visible), strict=True):
        table.add_row(*cells)
    if left_out := columns[len(visible) :]:
        table.caption = translate("table.left_out", columns=", ".join(heads[name] for name in left_out))
        table.caption_justify = "left"
    return table


def confirm(question: str, translator: i18n.Translator) -> bool:
    """Whether a person says yes, in either language; no answer means no."""
    yes, no = translator.text("answer.yes"), translator.text("answer.no")
    while True:
        answer = str(typer.prompt(f"{question} [{yes}/{no.upper()}]", default="", show_default=False))
        if answer.strip().lower() in YES:
            return True
        if answer.strip().lower() in NO:
            return False
        err.print(translator.text("answer.which"))


def _narrowest(head: str, cells: list[str], *, unbroken: bool) -> int:
    """The narrowest width of a column in which no word is cut, except long paths and addresses (characters)."""
    words = (cells if unbroken else [word for cell in cells for word in cell.split()]) or [""]
    longest = max(map(len, words))
    return max(len(head), longest if unbroken else min(longest, MOST_WORD))


def _fitting(needed: dict[str, int], width: int) -> tuple[str, ...]:
    """The first columns that fit into the width, with a space each; at least one."""
    used = list(itertools.accumulate(each + GAP for each in needed.values()))
    return tuple(name for name, end in zip(needed, used, strict=True) if end <= width) or (
        next(iter(needed)),
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
