"""Put the demo city into a database: ground and repairs at once, works by the real importer from a small GIPOD of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db, vault
from geo_service.coordination import day_change
from geo_service.demo.gipod import hinder_features, inname_features
from geo_service.demo.model import City, DemoRepair
from geo_service.demo.peer import serving
from geo_service.domain.crs import STORAGE
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairCategory, RepairDraft, Scope, Urgency
from geo_service.intake.importer import Report, run_import
from geo_service.settings import Settings
from geo_service.store import locks, repairs
from geo_service.store.tables import buildings, ground, pavement_sections, streets

SOURCE = "demo"


def load_city(
    engine: sa.Engine,
    settings: Settings,
    towns: Iterable[City],
    today: date,
    *,
    tell: Callable[..., None] = lambda _key, **_counts: None,
) -> Report:
    """Load `towns` into an empty database, one after the other; the import report of their works. `tell` hears sentences by their key."""
    features, hindrances = [], []
    secrets = vault.of(settings)
    for town in towns:
        built = {"buildings": town.buildings, "pavements": town.pavements, "repairs": town.repairs}
        tell("said.demo.town", **{name: len(some) for name, some in built.items()})
        with db.write(engine) as conn:
            locks.claims_writer(conn)
            load_ground(conn, town)
            for repair in town.repairs:
                _load_repair(conn, repair, settings.city_organisation, secrets)
        features += inname_features(town, today)
        hindrances += hinder_features(town, today)
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        day_change.recompute(conn, today)
    tell("said.demo.gipod", works=len(features), hindrances=len(hindrances))
    with serving(features, hindrances) as url:
        return run_import(engine, settings, "gipod", url, today=today)


def is_loaded(conn: sa.Connection) -> bool:
    """Whether the database holds a city already."""
    return bool(conn.scalar(sa.select(sa.exists().where(buildings.c.id.is_not(None)))))


# Scenarios whose answer the page can show: 10 is a race, 16 and 18 need another day.
SHOWN = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17)


def golden_places(city: City) -> list[dict[str, Any]]:
    """The named places as the page lists them, in Dutch; `translations` has title and story in other languages."""
    english = json.loads((Path(__file__).parent / "stories.en.json").read_text(encoding="utf-8"))
    return [
        {
            "scenario": place.scenario,
            "title": place.title_nl,
            "story": place.story_nl,
            "translations": {"en": english[place.key]},
            "lon": place.lon,
            "lat": place.lat,
            "section": place.section_code,
            **{name: asdict(place)[name] for name in ("key", "street", "works", "repairs", "expected")},
        }
        for place in city.golden
        if place.scenario in SHOWN
    ]


def load_ground(conn: sa.Connection, city: City) -> None:
    """Store the streets, sections, buildings and ground of a town, without works and repairs."""
    _insert(conn, streets, ({"name": s.name, "geom": s.centreline} for s in city.streets))
    _insert(conn, ground, ({"kind": g.kind, "name": g.name, "geom": g.geometry} for g in city.grounds))
    sections = (
        {
            "code": v.code,
            "kind": v.kind,
            "street": v.street,
            "side": v.side,
            "number_from": None if v.number_from is None else str(v.number_from),
            "number_to": None if v.number_to is None else str(v.number_to),
            "material": v.material,
            "laid_on": v.laid_on,
            "geom": v.geometry,
        }
        for v in city.pavements
    )
    _insert(conn, pavement_sections, sections)
    houses = (
        {
            "source_id": b.source_id,
            "street": b.street,
            "house_number": b.house_number,
            "function": b.function,
            "name": b.name,
            "owner": b.owner,
            "geom": b.geometry,
        }
        for b in city.buildings
    )
    _insert(conn, buildings, houses)


def _insert(conn: sa.Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    named = [{**row, "source": SOURCE, "geom": _ewkt(row["geom"])} for row in rows]
    if named:
        conn.execute(sa.insert(table), named)


def _ewkt(shape: BaseGeometry) -> str:
    return f"SRID={STORAGE};{shape.wkt}"


def _load_repair(conn: sa.Connection, repair: DemoRepair, city: str, secrets: vault.Vault) -> None:
    draft = RepairDraft(
        category=cast(RepairCategory, repair.category),
        scope=cast(Scope, repair.scope),
        urgency=cast(Urgency, repair.urgency),
        geometry=repair.geometry,
        owner=city,
        description=repair.description,
        reported_at=repair.reported_at,
        planned=Period(*repair.planned) if repair.planned else None,
        reporter=asdict(repair.reporter),
        source=SOURCE,
        source_id=repair.ref,
    )
    repair_id = repairs.create(conn, draft, secrets)
    done = repair.completed
    if done:
        repairs.complete(conn, repair_id, done.finished_on, done.scope, done.area_m2, done.cost_eur)
