"""`geo-service report …`: documents for paper. A report is one function of a connection and the settings that returns a PDF and its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import dispatch as day_lists
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.presentation import dispatch as paper
from geo_service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Documents for paper, as PDF.")

Out = Annotated[Path, typer.Option(help="File for the PDF; what stands there is replaced")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day; today without one")]
Content = Callable[[sa.Connection, Settings, Translator], tuple[bytes, Mapping[str, Any]]]


@app.command("dispatch")
def dispatch(
    out: Out,
    on: On = None,
    team: Annotated[str | None, typer.Option(help="Only this crew, or organisation")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """The day list: each crew's stops in driving order, checked now, with what changed since yesterday on top."""

    def content(
        conn: sa.Connection, config: Settings, translator: Translator
    ) -> tuple[bytes, Mapping[str, Any]]:
        today = settings_module.today(config)
        days = day_lists.day_list(conn, on.date() if on else today, today, config.feed_hours, team)
        stops = sum(stop.number is not None for stop in days.stops)
        return paper.document(days, translator), {"on": days.on, "stops": stops}

    write(out, content, "said.day_list", as_json=as_json)


def write(out: Path, content: Content, said: str, *, as_json: bool) -> None:
    """Write a report to a file, and say what is in it: `said` is the key of the sentence. Raises InvalidInput when it cannot be written."""
    config = terminal.load()
    translator = terminal.translator(config)
    with db.read(db.create_read_engine_from(config)) as conn:
        document, facts = content(conn, config, translator)
    try:
        out.write_bytes(document)
    except OSError as error:
        raise InvalidInput.one("out", "export_not_written", error=error.strerror) from error
    facts = {"path": str(out), **facts, "bytes": len(document)}
    terminal.show(facts, as_json, lambda: translator.text(said, **facts))
