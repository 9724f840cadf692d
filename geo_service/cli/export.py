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
from typing import Any

import sqlalchemy as sa

from geo_service import db, engines
from geo_service.cli import export_options as options
from geo_service.cli import progress, terminal
from geo_service.domain import addresses
from geo_service.domain import crs as crs_codes
from geo_service.domain.errors import InvalidInput
from geo_service.exports import filters
from geo_service.exports.layout import Format, Layout, content
from geo_service.settings import Settings
from geo_service.store import exports, ground, vocabulary, windows
from geo_service.store.collections import COLLECTIONS

STDOUT = "-"
WORDS_OF = {"rule": "rule", "function": "function", "owner": "party"}
"""The filters whose words the database knows."""


def export(
    collection: options.Collection,
    out: options.Out,
    format: options.Format = None,
    bbox: options.Bbox = None,
    active_on: options.ActiveOn = None,
    from_: options.From = None,
    to: options.To = None,
    owner: options.Owner = None,
    q: options.Q = None,
    status: options.Status = None,
    kind: options.Kind = None,
    source: options.Source = None,
    category: options.Category = None,
    scope: options.Scope = None,
    urgency: options.Urgency = None,
    rule: options.Rule = None,
    severity: options.Severity = None,
    opportunity: options.Opportunity = None,
    conflict: options.Conflict = None,
    department: options.Department = None,
    works: options.Works = None,
    repair: options.Repair = None,
    building: options.Building = None,
    held: options.Held = None,
    duplicate: options.Duplicate = None,
    function: options.Function = None,
    street: options.Street = None,
    code: options.Code = None,
    counts: options.Counts = None,
    crs: options.Crs = crs_codes.WGS84,
    as_json: terminal.AsJson = False,
) -> None:
    """Write the rows of a collection to a file, narrowed as lists are. Nobody is in it who reported a defect."""
    config = terminal.load()
    form = _format(collection, format, out)
    _check_crs(crs)
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
    fields, translator = COLLECTIONS[collection].fields, terminal.translator(config)
    layout = Layout(collection, fields, form.crs(crs), translator, config.timezone)
    _export(config, exports.ExportQuery(window, equal), form, layout, out, as_json=as_json)


def _export(
    config: Settings, query: exports.ExportQuery, form: Format, layout: Layout, out: str, *, as_json: bool
) -> None:
    """Write the file, and say how many rows and bytes it has."""
    collection, engine = layout.collection, engines.create_file_engine_from(config)
    started = time.monotonic()
    rows, size = _write(
        engine, _with_spelling(engine, collection, query, config.city_name), form, layout, out
    )
    facts = {"collection": collection, "file": out, "rows": rows, "bytes": size}
    sentence = layout.translator.text("said.export", **facts)
    if out == STDOUT:
        terminal.tell(sentence, as_json=as_json)
    else:
        terminal.show({**facts, "seconds": round(time.monotonic() - started, 2)}, as_json, lambda: sentence)


def _check_crs(code: int) -> None:
    if code not in crs_codes.EXCHANGE:
        codes = [str(one) for one in crs_codes.EXCHANGE]
        raise InvalidInput.one("crs", "crs_not_supported.codes", codes=codes)


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
        bar.advance(rows)

    with (
        progress.bar(layout.collection, total) as bar,
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
