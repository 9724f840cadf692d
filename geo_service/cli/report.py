"""`geo-service report …`: documents for paper. A report is one function of a connection and the settings that returns its files and its facts."""

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
from geo_service.exports import papers
from geo_service.i18n import Translator
from geo_service.presentation import dispatch as day_list
from geo_service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Documents for paper, as PDF.")

Out = Annotated[Path, typer.Option(help="File for the PDF; what stands there is replaced")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day; today without one")]
Xlsx = Annotated[Path | None, typer.Option(help="File for the workbook with everything behind it")]
Content = Callable[[sa.Connection, Settings, Translator], tuple[Mapping[Path, bytes], Mapping[str, Any]]]


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
    ) -> tuple[Mapping[Path, bytes], Mapping[str, Any]]:
        today = settings_module.today(config)
        days = day_lists.day_list(conn, on.date() if on else today, today, config.feed_hours, team)
        stops = sum(stop.number is not None for stop in days.stops)
        return {out: day_list.document(days, translator)}, {"on": days.on, "stops": stops}

    write(out, content, "said.day_list", as_json=as_json)


@app.command("meeting")
def meeting(out: Out, on: On = None, xlsx: Xlsx = None, as_json: terminal.AsJson = False) -> None:
    """The agenda of the monthly meeting with the utilities, by what must be decided before when."""
    _write_paper("meeting", out, xlsx, on, as_json=as_json)


@app.command("college")
def college(out: Out, on: On = None, xlsx: Xlsx = None, as_json: terminal.AsJson = False) -> None:
    """The page for the college: what is at stake, what was spared, what is dearest."""
    _write_paper("college", out, xlsx, on, as_json=as_json)


@app.command("quarter")
def quarter(out: Out, on: On = None, xlsx: Xlsx = None, as_json: terminal.AsJson = False) -> None:
    """The quarter of a day: conflicts, repairs, requests and claims."""
    _write_paper("quarter", out, xlsx, on, as_json=as_json)


def _write_paper(
    name: papers.PaperName, out: Path, xlsx: Path | None, on: datetime | None, *, as_json: bool
) -> None:
    """Write a report as PDF, and as a workbook where one is wanted."""
    if out == xlsx:
        raise InvalidInput.one("xlsx", "same_file", given=str(xlsx))

    def content(
        conn: sa.Connection, config: Settings, translator: Translator
    ) -> tuple[Mapping[Path, bytes], Mapping[str, Any]]:
        today = settings_module.today(config)
        day = on.date() if on else today
        paper = papers.make(conn, name, day, today, config.feed_hours, translator)
        files = {out: papers.content(paper, "pdf", translator)}
        if xlsx:
            files[xlsx] = papers.content(paper, "xlsx", translator)
        return files, {"on": day, "rows": sum(len(table.rows) for table in paper.tables)}

    write(out, content, "said.report", as_json=as_json)


def write(out: Path, content: Content, sentence_key: str, *, as_json: bool) -> None:
    """Write the files of a report, and say what is in it: `sentence_key` is the key of the sentence. Raises InvalidInput when one cannot be written."""
    config = terminal.load()
    translator = terminal.translator(config)
    with db.read(db.create_read_engine_from(config)) as conn:
        files, facts = content(conn, config, translator)
    for path, written in files.items():
        try:
            path.write_bytes(written)
        except OSError as error:
            field = "out" if path == out else "xlsx"
            raise InvalidInput.one(field, "export_not_written", error=error.strerror) from error
    facts = {"path": str(out), **facts, "bytes": len(files[out])}
    terminal.show(facts, as_json, lambda: translator.text(sentence_key, **facts))
