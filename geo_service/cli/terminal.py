"""What the commands share: settings, how an answer is shown, exit codes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

from geo_service import i18n, logs
from geo_service import settings as settings_module
from geo_service.domain.errors import GeoServiceError, InvalidInput
from geo_service.settings import Settings

DONE, REJECTED, WRONG_USE, UNREACHABLE = 0, 1, 2, 3

out, err = Console(), Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="For machines")]


def load(*, log_level: str | None = None, **overrides: Any) -> Settings:
    """The settings of this run. A command that answers and ends only logs what went wrong."""
    config = settings_module.load(**overrides)
    logs.configure(log_level or config.log_level)
    return config


def speaker(config: Settings) -> i18n.Speaker:
    """Says things in the language of the terminal (LANG), or that of the settings."""
    language = i18n.preferred(os.environ.get("LANG", "")[:2], config.language)
    return i18n.Speaker(language, settings_module.today(config))


def worded(error: GeoServiceError) -> str:
    """What went wrong, in one line; what was refused in the language of the terminal."""
    if not isinstance(error, InvalidInput):
        return str(error)
    say = speaker(settings_module.load()).refused
    return "; ".join(f"{one.field}: {say(one.code, one.message, one.params)}" for one in error.errors)


def show(value: Any, as_json: bool, table: Callable[[], RenderableType]) -> None:
    """An answer: JSON for machines, a table or a sentence for people."""
    if as_json:
        print(json.dumps(value, default=str, ensure_ascii=False))  # noqa: T201
    else:
        out.print(table())


def rows_table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    """These columns of `rows`, empty where there is nothing. Nothing is cut off; what comes first is what people copy: it stays whole."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, name in enumerate(columns):
        table.add_column(name, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
