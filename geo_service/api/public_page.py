"""`/mijn-straat`: what happens in a street, for everybody. Nobody signs in, and it needs no script."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from geo_service.api import street_letters
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import OpenReading, Today
from geo_service.api.login_pages import LANGUAGE, LoginPages, language_of
from geo_service.api.rate_limit import network
from geo_service.domain import queries
from geo_service.domain.queries import Query
from geo_service.i18n import Translator
from geo_service.presentation.street import plan_of
from geo_service.store import agenda, cities, search

router = APIRouter(include_in_schema=False)

PATH = "/mijn-straat"
ADDRESS = "adres"
MOST_CHARACTERS = 100
MOST_A_MINUTE = 60
"""Questions of one address; a setting without limits is without this one."""
MOST_SHOWN = 60
"""Entries of one street on the page; how many more there are stands below."""
SHORT = "public, max-age=60"


@router.get(PATH)
def street_page(request: Request, ctx: ContextDep, conn: OpenReading, day: Today) -> Response:
    """The page with its search field, and what happens in the street that was asked for."""
    address = request.query_params.get(ADDRESS, "").replace("\x00", "").strip()
    values: dict[str, Any] = {"streets": (), "message": None, "plan": None}
    most = ctx.settings.rate_per_address and MOST_A_MINUTE
    wait_s = ctx.rate_limit.wait_s(f"street:{network(request.scope['client'])}", most)
    if wait_s:
        values |= {"message": "street_page.too_many", "status": 429}
    elif len(address) > MOST_CHARACTERS:
        values |= {"message": "street_page.too_long"}
    elif address:
        values |= _answer(request, ctx, conn, day, queries.read(address, ctx.settings.city_name))
    values |= {"address": address[:MOST_CHARACTERS], "most": MOST_CHARACTERS}
    values |= {"chosen": request.query_params.get(LANGUAGE) and language_of(request, ctx.settings)}
    values |= {"contact": cities.in_force(conn).contact}
    pages: LoginPages = request.app.state.login_pages
    page = pages.render(request, ctx, "street.html", **values)
    page.headers.update({"Retry-After": str(wait_s)} if wait_s else {"Cache-Control": SHORT})
    return page


def _answer(request: Request, ctx: Context, conn: sa.Connection, day: date, query: Query) -> dict[str, Any]:
    """What the page says of this address: its street, the streets that may be meant, or that there is none."""
    names = search.streets(conn, query.street)
    if not names:
        return {"message": "street_page.no_street"}
    if len(names) > 1:
        return {"streets": [(name, _link(request, f"{name} {query.house}".strip())) for name in names]}
    plans = agenda.of_street(conn, names[0], query.house, day, MOST_SHOWN)
    translator = Translator(language_of(request, ctx.settings), day)
    return {
        "plan": plan_of(plans, ctx.settings.city_organisation, translator),
        "letters": street_letters.are_sent(ctx),
    }


def _link(request: Request, address: str) -> str:
    """The page for this address, in the language that its reader chose."""
    language = request.query_params.get(LANGUAGE)
    return f"{PATH}?{urlencode({ADDRESS: address, **({LANGUAGE: language} if language else {})})}"
