"""The first rows of a file as a proposed mapping reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from geo_service.domain import geometry
from geo_service.domain.errors import FieldError, GeoServiceError, InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.i18n import Translator
from geo_service.intake.mapping.definition import UNDECIDED, parse_mapping
from geo_service.intake.records import Record, Rejection
from geo_service.intake.sources.mapped import Mapped
from geo_service.settings import Settings

PREVIEW_ROWS = 10


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the preview: its cells by our names, or the reason for its rejection."""

    row: int
    id: str | None
    cells: dict[str, str]
    refused: str | None = None
    line: int | None = None
    geometry: dict[str, Any] | None = None
    """Where it lies, as GeoJSON in WGS84."""


def first_rows(
    origin: str,
    text: str,
    settings: Settings,
    conn: sa.Connection | None,
    doubts: list[str],
    translator: Translator,
) -> list[PreviewRow]:
    """The first rows of `origin` by the mapping `text`; an error is added to `doubts`."""
    source = Mapped(
        parse_mapping(text, "the proposal"), origin, region=settings.region_bbox, timezone=settings.timezone
    )
    if conn is not None:
        source.prepare(conn)
    elif source.mapping.place and not (source.mapping.place.x or source.mapping.place.wkt):
        doubts.append(translator.text("assistant.addresses"))
        return []
    try:
        return [_preview(source, one, translator) for one in islice(source.records(), PREVIEW_ROWS)]
    except InvalidInput as refused:
        doubts += [_reason(one, translator) for one in refused.errors]
        return []
    except GeoServiceError as refused:
        doubts.append(str(refused))
        return []


def _preview(source: Mapped, one: Record | Rejection, translator: Translator) -> PreviewRow:
    if isinstance(one, Rejection):
        return PreviewRow(one.row, one.id, {}, _reason(one, translator), one.line)
    [built] = source.build([[one]])
    if built.item is None:
        return PreviewRow(one.row, one.key, {}, _reason(built.rejections[0], translator), one.line)
    shape = built.item.phases[0].geometry if isinstance(built.item, Works) else built.item.geometry
    place = geometry.to_geojson(shape)
    return PreviewRow(one.row, one.key, _cells(built.item, translator), line=one.line, geometry=place)


def _reason(one: Rejection | FieldError, translator: Translator) -> str:
    if one.params.get("given") == UNDECIDED:
        return f"{one.field}: {translator.text('assistant.undecided')}"
    text = translator.rejection(one.reason, one.message, one.params)
    return f"{one.field}: {text}" if one.field else text


def _cells(item: Works | RepairDraft, translator: Translator) -> dict[str, str]:
    if isinstance(item, Works):
        phase = item.phases[0]
        return {
            "owner": item.owner,
            "title": item.title,
            "days": _days(phase.period, translator),
            "certainty": item.certainty,
            "kind": f"{translator.text(f'works_kind.{item.kind}')}, {translator.text(f'assistant.opens.{_yes(phase.opens_surface)}')}",
            "ground": _ground(phase.geometry, translator),
        }
    planned = _days(item.planned, translator) if item.planned else ""
    return {
        "description": item.description or "",
        "reported": f"{item.reported_at:%Y-%m-%d}" if item.reported_at else "",
        "planned": str(item.finished_on or planned),
        "category": item.category,
        "ground": _ground(item.geometry, translator),
    }


def _days(period: Period, translator: Translator) -> str:
    """The period with its last day; `ends_on` is the day after."""
    starts, last = period.starts_on, period.ends_on and period.ends_on - timedelta(days=1)
    if last is None or last == starts:
        return str(starts)
    return translator.text("assistant.days_shown", starts=str(starts), last=str(last))


def _ground(shape: Any, translator: Translator) -> str:
    lon, lat = geometry.to_geojson(shape.representative_point())["coordinates"]
    size = f" {shape.area:.0f} m²" if shape.area else f" {shape.length:.0f} m" if shape.length else ""
    kind = translator.text(f"assistant.shape.{shape.geom_type.removeprefix('Multi').lower()}")
    return f"{kind}{size}, {lon:.5f} {lat:.5f}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
