"""`geo-service detect` and `check`: detect conflicts, and give advice at a place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

import typer
from shapely.geometry import Point

from geo_service import db, i18n
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import advising, day_change
from geo_service.detection.recompute_scope import SORTS
from geo_service.detection.run import WhatIfRepair
from geo_service.domain import geometry
from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import LATEST
from geo_service.domain.repairs import URGENCIES, Scope
from geo_service.presentation.advice import describe_advice
from geo_service.settings import Settings
from geo_service.store import ground, locks, organisations
from geo_service.store.listing import Row

SCOPES_AT_A_POINT = ("spot", "section")  # an area has to be drawn


def detect(
    full: Annotated[bool, typer.Option("--full", help="Everything anew, as without it")] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            metavar="<2026-03-14T08:00>",
            help="Only around works and repairs written since, in the city's time",
        ),
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Recompute everything, and say where what was stored differed from that: nowhere, if all is well."""
    if full and since:
        raise InvalidInput.one("since", "not_together")
    config = terminal.load()
    moment = since and since.replace(tzinfo=ZoneInfo(config.timezone))
    if moment and moment > datetime.now(UTC):
        raise InvalidInput.one("since", "still_to_come", given=str(since))
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        done = day_change.check(conn, settings_module.today(config), moment)
    runs = [done.run, *filter(None, [done.before])]
    differing = done.differences
    facts: dict[str, Any] = {
        name: sum(getattr(run, name) for run in runs) for name in ("opened", "closed", "alerts")
    }
    facts["differences"] = {what: differing[what]["number"] if what in differing else 0 for what in SORTS}
    facts["first"] = {what: row["first"] for what, row in differing.items()}
    counted = {name: facts[name] for name in ("opened", "closed", "alerts")}
    translate = terminal.translator(config).text
    words = translate("said.detected", **counted, differences=done.run.differences)
    terminal.show(facts, as_json, lambda: words)


def check(
    at: Annotated[str, typer.Option(help="LON,LAT")],
    scope: Annotated[str, typer.Option(help="spot or section")] = "section",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day you would repair")
    ] = None,
    urgency: Annotated[str, typer.Option(help="low, normal, high or danger")] = "normal",
    as_json: terminal.AsJson = False,
) -> None:
    """May I repair here? Exit code 1 when works are in the way."""
    config = terminal.load()
    day = settings_module.today(config)
    for name, word, words in (("scope", scope, SCOPES_AT_A_POINT), ("urgency", urgency, URGENCIES)):
        if word not in words:
            raise InvalidInput.one(name, "unknown.word", known=words)
    place = _place(at, config)
    start: date | None = on.date() if on else None
    if start and start < day:
        raise InvalidInput.one("on", "in_the_past", today=day, day=start)
    if start and start >= LATEST:
        raise InvalidInput.one("on", "date_out_of_range.before", before=LATEST)
    with db.read(db.create_read_engine_from(config)) as conn:
        section = next(iter(ground.sections_at(conn, place, limit=1)), None)
        group = organisations.group_of(conn, config.city_organisation)
        question = WhatIfRepair(place, cast(Scope, scope), group, start, start and start + timedelta(days=1))
        advice, conflict_rows, *_ = advising.of_what_if(conn, question, cast(Any, urgency), day)
    translator = terminal.translator(config)
    answer = describe_advice(advice, translator)
    lines = [_where(section, translator), answer["title"], answer["sentence"]]
    lines += [reason["text"] for reason in answer["reasons"] if reason["text"] != answer["sentence"]]
    terminal.show({**answer, "conflicts": len(conflict_rows)}, as_json, lambda: "\n".join(lines))
    raise typer.Exit(terminal.REJECTED if advice.blocked else terminal.DONE)


def _where(section: Row | None, translator: i18n.Translator) -> str:
    """What the answer is about: a free verdict where no footpath is known says less than it seems."""
    if section is None:
        return translator.text("check.nowhere")
    numbers = "–".join(dict.fromkeys(filter(None, (section["number_from"], section["number_to"]))))
    kind = translator.text(f"pavement.{section['kind']}")
    return f"{section['street'] or ''} {numbers}".strip() + f" · {kind} {section['code']}"


def _place(at: str, config: Settings) -> Point:
    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError as error:
        raise InvalidInput.one("at", "place_malformed.option") from error
    value = {"type": "Point", "coordinates": [lon, lat]}
    place = geometry.read_geojson(value, field="at", crs=WGS84, region=config.region_bbox)
    assert isinstance(place, Point)
    return place
