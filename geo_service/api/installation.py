"""`/settings` and `/checklist`: how this installation is set up, and what it lacks before people can rely on it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from geo_service import db, setting_lines
from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import TranslatorDep, require
from geo_service.api.schemas import answers
from geo_service.api.schemas import installation as schemas
from geo_service.domain.checklist import GROUND, Circumstances, checklist
from geo_service.domain.parameters import PLACEHOLDERS
from geo_service.store import freshness, keys

router = APIRouter(tags=["installation"])

PRIVATE = {"Cache-Control": "no-store"}


@router.get("/settings", response_model=answers.Page[schemas.Setting])
def read_settings(
    ctx: ContextDep,
    words: TranslatorDep,
    who: Annotated[keys.Principal, Depends(require("read settings"))],
) -> JSONResponse:
    """Every setting with its value, where that comes from and what it means, in the reader's language. Secrets are masked; nothing can be changed here."""
    items = [asdict(line) for line in setting_lines.describe(ctx.settings, words.language)]
    headers = {**PRIVATE, **serializers.language_headers(words)}
    return serializers.answer({"items": items, "next": None, "total": len(items)}, headers=headers)


@router.get("/checklist", response_model=schemas.Checklist)
def read_checklist(
    ctx: ContextDep, who: Annotated[keys.Principal, Depends(require("read checklist"))]
) -> JSONResponse:
    """What a new city still lacks: its own file, base maps, feeds, people, a mail server, prices."""
    with db.read(ctx.session_engine) as conn:
        [row] = db.fetch(conn, "geo_service.store", "checklist")
        sources = freshness.sources(conn, ctx.settings.feed_hours, datetime.now(UTC))
    feeds = frozenset(row["feeds"])
    items = checklist(
        Circumstances(
            own_city=bool({"city_nis", "city_name", "city_file"} & ctx.settings.model_fields_set),
            counts={name: row[name] for name in GROUND},
            feeds=feeds,
            fresh_feeds=frozenset(one["source"] for one in sources if one["state"] == "fresh") & feeds,
            roles=frozenset(row["roles"]),
            mail_server=ctx.settings.smtp_host is not None,
            placeholders=PLACEHOLDERS,
            own_parameters=frozenset(row["parameters"]),
        )
    )
    content = {"items": [asdict(one) for one in items], "done": sum(one.state == "done" for one in items)}
    return serializers.answer(content, headers=PRIVATE)
