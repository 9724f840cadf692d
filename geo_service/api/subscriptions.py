"""`/subscriptions`: webhooks that receive alerts."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints, field_validator

from geo_service import db, outbound
from geo_service.alerts import subscriptions
from geo_service.alerts.feed import AlertType
from geo_service.api import serializers
from geo_service.api.deps import (
    Context,
    ContextDep,
    Reading,
    confined_to,
    expected_version,
    require,
    write_once,
)
from geo_service.api.schemas import alerts as schemas
from geo_service.api.schemas import answers
from geo_service.api.schemas.common import Body, GeoJson, not_null
from geo_service.domain import crs, geometry
from geo_service.domain.conflicts import Severity
from geo_service.domain.errors import InvalidInput
from geo_service.store import keys
from geo_service.store.listing import Row

router = APIRouter(prefix="/subscriptions", tags=["alerts"])
Subscriber = Annotated[keys.Principal, Depends(require("subscribe"))]

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Target = Annotated[str, StringConstraints(min_length=8, max_length=2000)]


class Filter(Body):
    """What is named must all hold; what is left out lets everything pass."""

    types: Annotated[list[AlertType] | None, Field(min_length=1, max_length=50)] = None
    rules: Annotated[list[Code] | None, Field(min_length=1, max_length=50)] = None
    severities: Annotated[list[Severity] | None, Field(min_length=1, max_length=10)] = None
    owners: Annotated[list[Code] | None, Field(min_length=1, max_length=100, description="owner groups")] = (
        None
    )
    departments: Annotated[list[Code] | None, Field(min_length=1, max_length=50)] = None
    area: Annotated[GeoJson | None, Field(description="GeoJSON Polygon or MultiPolygon, WGS84 lon/lat")] = (
        None
    )


class SubscriptionIn(Body):
    """A new webhook."""

    channel: Literal["webhook"] = "webhook"
    target: Target = Field(description="https address that receives Standard Webhooks")
    filter: Filter = Filter()


class SubscriptionPatch(Body):
    """What changes; the rest stays."""

    target: Target | None = None
    filter: Filter | None = None
    active: bool | None = None

    _not_null = field_validator("target", "filter", "active", mode="before")(not_null)


@router.post("", status_code=201, response_model=schemas.NewSubscription)
def create(body: SubscriptionIn, request: Request, ctx: ContextDep, who: Subscriber) -> Response:
    """Subscribe from now on. `secret` verifies the signatures and is shown in this answer only."""
    subscriber = _subscriber(who)
    draft = subscriptions.SubscriptionDraft(_target(body.target, ctx), _filter(body.filter, ctx))

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = subscriptions.create(conn, subscriber, draft)
        location = {"Location": f"/api/v1/subscriptions/{row['id']}"}
        return 201, {**_view(row), "secret": row["secret"]}, {**serializers.etag(row), **location}

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.get("", response_model=answers.Page[schemas.Subscription])
def list_(conn: Reading, who: Subscriber) -> JSONResponse:
    """The subscriptions of the city, or a partner's own."""
    rows = subscriptions.every(conn, _subscriber(who))
    return serializers.answer({"items": [_view(row) for row in rows], "next": None, "total": len(rows)})


@router.get("/{subscription_id}", response_model=schemas.Subscription)
def read(subscription_id: UUID, conn: Reading, who: Subscriber) -> JSONResponse:
    """One subscription."""
    row = subscriptions.get(conn, _subscriber(who), subscription_id)
    return serializers.answer(_view(row), headers=serializers.etag(row))


@router.get("/{subscription_id}/deliveries", response_model=answers.Page[schemas.Delivery])
def read_deliveries(
    subscription_id: UUID,
    conn: Reading,
    who: Subscriber,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JSONResponse:
    """The newest deliveries, with how often they were tried and what went wrong last."""
    subscriptions.get(conn, _subscriber(who), subscription_id)
    rows = subscriptions.recent_deliveries(conn, subscription_id, limit)
    return serializers.answer({"items": [dict(row) for row in rows], "next": None, "total": len(rows)})


@router.patch("/{subscription_id}", response_model=schemas.Subscription)
def change(
    subscription_id: UUID,
    body: SubscriptionPatch,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """Change target or filter, switch off, or switch on again after the receiver said 410."""
    version = expected_version(if_match)
    with db.write(ctx.write_engine) as conn:
        row = subscriptions.change(
            conn,
            _subscriber(who),
            subscription_id,
            version,
            target=None if body.target is None else _target(body.target, ctx),
            filter=None if body.filter is None else _filter(body.filter, ctx),
            active=body.active,
        )
    return serializers.answer(_view(row), headers=serializers.etag(row))


@router.delete("/{subscription_id}", status_code=204)
def delete(
    subscription_id: UUID,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """End a subscription."""
    version = expected_version(if_match)
    with db.write(ctx.write_engine) as conn:
        subscriptions.delete(conn, _subscriber(who), subscription_id, version)
    return Response(status_code=204)


def _subscriber(who: keys.Principal) -> subscriptions.Subscriber:
    group = confined_to(who)
    return subscriptions.CITY if group is None else subscriptions.Subscriber(group)


def _target(target: str, ctx: Context) -> str:
    outbound.check(target, allow_private=ctx.settings.demo or ctx.settings.allow_private_webhooks)
    return target


def _filter(body: Filter, ctx: Context) -> dict[str, Any]:
    if body.area is not None:
        if body.area.get("type") not in {"Polygon", "MultiPolygon"}:
            raise InvalidInput.one("filter.area", "not_a_polygon")
        geometry.read_geojson(
            body.area,
            field="filter.area",
            crs=crs.WGS84,
            region=ctx.settings.region_bbox,
            largest_m2=math.inf,  # a province may be listened to
        )
    return body.model_dump(exclude_none=True)


def _view(row: Row) -> dict[str, Any]:
    plain = ("id", "channel", "target", "filter", "active", "version", "created_at")
    return {name: row[name] for name in plain}
