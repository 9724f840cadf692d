"""`geo-service export`: the rows of a collection as a file."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from geo_service import db, engines
from geo_service.cli import terminal
from geo_service.domain import addresses
from geo_service.domain import crs as crs_codes
from geo_service.domain.errors import InvalidInput
from geo_service.exports import filters
from geo_service.exports.layout import Format, Layout, content
from geo_service.store import exports, ground, vocabulary, windows
from geo_service.store.collections import COLLECTIONS

STDOUT = "-"
WORDS_OF = {"rule": "rule", "function": "function", "owner": "party"}
"""The filters whose words the database knows."""


def export(
    collection: Annotated[
        str, typer.Argument(help="works, repairs, conflicts, protections, buildings or pavements")
    ],
    out: Annotated[str, typer.Option("--out", help="Where the file goes; - for standard output")],
    format: Annotated[
        str | None,
        typer.Option(help="geojson, parquet, csv, xlsx, gpkg or dxf; without it, the ending of the file"),
    ] = None,
    bbox: Annotated[str | None, typer.Option(help="west,south,east,north in the CRS of --crs")] = None,
    active_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What is there on this day")
    ] = None,
    from_: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day")] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="First day that is not asked for")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Name or id of an owner or its group")] = None,
    q: Annotated[
        str | None,
        typer.Option(
            help="Part of a text or the number of works, repairs and conflicts (H-1121, C-83); address or name of buildings"
        ),
    ] = None,
    status: Annotated[str | None, typer.Option(help="Of works: their certainty")] = None,
    kind: Annotated[str | None, typer.Option(help="Of works, protections and pavements")] = None,
    source: Annotated[str | None, typer.Option(help="Of works: where they come from")] = None,
    category: Annotated[str | None, typer.Option(help="Of repairs: the defect")] = None,
    scope: Annotated[str | None, typer.Option(help="Of repairs: spot, section or area")] = None,
    urgency: Annotated[str | None, typer.Option(help="Of repairs: low, normal, high or danger")] = None,
    rule: Annotated[str | None, typer.Option(help="Of conflicts: which rule found them")] = None,
    severity: Annotated[
        str | None, typer.Option(help="Of conflicts: info, low, medium, high or critical")
    ] = None,
    opportunity: Annotated[
        bool | None,
        typer.Option("--opportunity/--no-opportunity", help="Of conflicts: chances or clashes only"),
    ] = None,
    conflict: Annotated[
        str | None, typer.Option(help="Of works and repairs: with a conflict in this status")
    ] = None,
    department: Annotated[
        str | None, typer.Option(help="Of conflicts: the department that follows them up or hears of them")
    ] = None,
    works: Annotated[UUID | None, typer.Option(help="Of conflicts: id of works on either side")] = None,
    repair: Annotated[UUID | None, typer.Option(help="Of conflicts: id of their repair")] = None,
    building: Annotated[
        UUID | None, typer.Option(help="Of works and conflicts: id of the building that they are about")
    ] = None,
    held: Annotated[
        bool | None, typer.Option("--held/--not-held", help="Of repairs: whether they wait for works")
    ] = None,
    duplicate: Annotated[
        str | None, typer.Option(help="Of repairs: suggested or confirmed doubles of others")
    ] = None,
    function: Annotated[str | None, typer.Option(help="Of buildings: school, fire_station …")] = None,
    street: Annotated[str | None, typer.Option(help="Name of a street, whatever its capitals")] = None,
    code: Annotated[str | None, typer.Option(help="Of pavements: the number of a section")] = None,
    counts: Annotated[
        bool | None,
        typer.Option("--counts/--no-counts", help="Of protections: re-lays, or what is too small for one"),
    ] = None,
    crs: Annotated[int, typer.Option(help="EPSG code of the ground: 4326, 31370 or 3812")] = crs_codes.WGS84,
    as_json: terminal.AsJson = False,
) -> None:
    """Write the rows of a collection to a file, narrowed as lists are. Nobody is in it who reported a defect."""
    config = terminal.load()
    form = _format(collection, format, out)
    if crs not in crs_codes.EXCHANGE:
        codes = [str(code) for code in crs_codes.EXCHANGE]
        raise InvalidInput.one("crs", "crs_not_supported.codes", codes=codes)
    equal = filters.check(
        collection,
        {
            "owner": owner, "status": status, "kind": kind, "source": source, "category": category, "scope": scope, "urgency": urgency,
            "rule": rule, "severity": severity, "opportunity": opportunity, "function": function, "street": street, "counts": counts, "q": q,
            "conflict": conflict, "works": works, "repair": repair, "building": building, "held": held, "duplicate": duplicate, "code": code,
            "department": department,
        },
    )  # fmt: skip
    window = windows.read(crs, bbox, *map(_day, (active_on, from_, to)))
    translator, engine = terminal.translator(config), engines.create_file_engine_from(config)
    layout = Layout(collection, COLLECTIONS[collection].fields, form.crs(crs), translator, config.timezone)
    started = time.monotonic()
    query = _with_spelling(engine, collection, exports.ExportQuery(window, equal), config.city_name)
    rows, size = _write(engine, query, form, layout, out)
    facts = {"collection": collection, "file": out, "rows": rows, "bytes": size}
    sentence = translator.text("said.export", **facts)
    if out == STDOUT:
        terminal.tell(sentence, as_json=as_json)
    else:
        terminal.show({**facts, "seconds": round(time.monotonic() - started, 2)}, as_json, lambda: sentence)


def _format(collection: str, name: str | None, out: str) -> Format:
    """The format by its name or by the ending of the file. Raises InvalidInput, also about an unknown collection."""
    from geo_service.exports.formats import (
        FORMATS,  # its libraries take a second, which no other command needs
    )

    if collection not in COLLECTIONS:
        raise InvalidInput.one("collection", "unknown.word", known=list(COLLECTIONS))
    word = name or Path(out).suffix.removeprefix(".").lower()
    if word not in FORMATS:
        raise InvalidInput.one("format", "unknown.word", known=list(FORMATS))
    return FORMATS[word]


def _with_spelling(
    engine: sa.Engine, collection: str, query: exports.ExportQuery, city: str
) -> exports.ExportQuery:
    """The query with the words of an address as the list of buildings takes them."""
    if collection != "buildings" or "q" not in query.equal:
        return query
    with db.read(engine) as conn:
        equal = {**query.equal, "q": addresses.without_town(query.equal["q"], city)}
        return replace(query, equal={**equal, "q": ground.spelling(conn, query.window, **equal)})


def _day(moment: datetime | None) -> date | None:
    return moment and moment.date()


def _write(
    engine: sa.Engine, query: exports.ExportQuery, form: Format, layout: Layout, out: str
) -> tuple[int, int]:
    """How many rows and bytes were written."""
    collection, counted = COLLECTIONS[layout.collection], Counter[str]()
    words = {WORDS_OF[name]: value for name, value in query.equal.items() if name in WORDS_OF}
    with db.read(engine) as conn:
        vocabulary.check(conn, **words)
        total = conn.scalar(exports.count(collection, query)) or 0

    def tell(rows: int) -> None:
        counted["rows"] += rows
        advance(rows)

    with (
        _progress(layout.collection, total) as advance,
        _target(out) as write,
        closing(content(engine, collection, query, form, layout, tell)) as chunks,
    ):
        for chunk in chunks:
            write(chunk)
            counted["bytes"] += len(chunk)
    return counted["rows"], counted["bytes"]


@contextmanager
def _target(out: str) -> Iterator[Callable[[bytes], Any]]:
    """Where bytes go. A file is there whole or not at all: what is cut off leaves the one before. Raises InvalidInput about `out`."""
    if out == STDOUT:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    target = Path(out)
    try:
        unfinished = tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False)  # noqa: SIM115
    except OSError as error:
        raise InvalidInput.one("out", "not_writable", given=out, error=error.strerror) from error
    place = Path(unfinished.name)
    try:
        with unfinished:
            yield unfinished.write
        place.chmod(0o644)
        place.replace(target)
    except OSError as error:
        raise InvalidInput.one("out", "not_writable", given=out, error=error.strerror) from error
    finally:
        place.unlink(missing_ok=True)


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, on a terminal only."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=terminal.err, disable=not terminal.err.is_terminal, transient=True
    ) as progress:
        task = progress.add_task(name, total=total)
        yield lambda rows: progress.advance(task, rows)
