"""The status of the service: whether it is alive and ready, and the age of its data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.accounts import machines
from geo_service.api import import_failures, serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import OpenReading, Today, TranslatorDep
from geo_service.api.identity import WhoeverDep
from geo_service.api.schemas.reference import Alive, Ready, StatusOfAll
from geo_service.domain.permissions import can
from geo_service.domain.scopes import Need, allow
from geo_service.i18n import Translator
from geo_service.presentation import sources
from geo_service.store import freshness, keys, migrate, recomputations
from geo_service.store.extent import bounds_lonlat

health = APIRouter(prefix="/health", tags=["health"])
router = APIRouter(tags=["status"])


@health.get("/live", response_model=Alive)
async def live() -> JSONResponse:
    """The process answers."""
    return serializers.answer({"status": "ok"})


@health.get("/ready", response_model=Ready)
def ready(ctx: ContextDep) -> JSONResponse:
    """The database answers and has the schema of this version, or a newer one. A replica that is behind, silent or promoted keeps nothing
    from being ready: the database itself answers.
    """
    with db.read(ctx.door_engine) as conn:
        schema = migrate.check(conn)
    replica = ctx.replica and ctx.replica.report()
    state = replica and {"state": replica.state, "lag_s": replica.lag_s and round(replica.lag_s, 1)}
    return serializers.answer({"status": "ok", "schema": schema, "replica": state})


@router.get("/status", response_model=StatusOfAll)
def status(
    ctx: ContextDep, conn: OpenReading, day: Today, who: WhoeverDep, translator: TranslatorDep
) -> JSONResponse:
    """What every page shows: the city, the day, and per source how old the truth is. Nothing personal, so it needs no key.

    Why a source's last attempt failed is said to everybody in a general `reason`, and as a whole (`detail`) to who may import.

    `stands_at` is the day for which conflicts and advice were computed, and `differences` what the last self-check found: 0, or null before
    the first one. `keys_expiring` is how many API keys expire soon, for administrators.
    """
    now = datetime.now(UTC)
    rows = freshness.sources(conn, ctx.settings.feed_hours, now)
    in_full = who is not None and can(who, "import") and allow(who.scopes, Need(("imports",)))
    keeps_keys = who is not None and can(who, "manage keys") and allow(who.scopes, Need(None))
    warn_before = machines.warn_before(ctx.settings, now)
    sources = [_source(row, translator, in_full=in_full) for row in rows]
    bounds = bounds_lonlat(conn) or ctx.settings.region_bbox
    stands, checked = recomputations.last(conn), recomputations.last(conn, "check")
    oldest = freshness.oldest_success(conn, ctx.settings.feed_hours)
    return serializers.answer(
        {
            "city": ctx.settings.city_name,
            "today": day,
            "computed_at": now,
            "data_age_seconds": oldest and max(0, round((now - oldest).total_seconds())),
            "stands_at": stands and stands["day"],
            "recomputed_at": stands and stands["at"],
            "differences": checked and checked["differences"],
            "sources": sources,
            "bounds": bounds,
            "center": ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2),
            "demo": ctx.settings.demo,
            "golden": [_golden(place, translator.language) for place in ctx.golden],
            "keys_expiring": keys.expiring(conn, warn_before) if keeps_keys else None,
        },
        headers=serializers.language_headers(translator),
    )


def _golden(place: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A place of the demo with its story in the reader's language."""
    fields = dict(place)
    translations: Mapping[str, dict[str, Any]] = fields.pop("translations", {})
    return fields | translations.get(language, {})


def _source(row: Mapping[str, Any], translator: Translator, *, in_full: bool) -> dict[str, Any]:
    fields = {**row, "label": sources.label(row["source"])}
    failure = fields.pop("failure")
    if fields["last_failure"]:
        why = failure or {}
        detail = import_failures.detail(why, translator) if in_full else None
        fields["last_failure"] |= {"reason": import_failures.reason(why, translator), "detail": detail}
    return fields
