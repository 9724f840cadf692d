"""`/papers`: reports on paper, and the workbook behind each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from geo_service.api import serializers
from geo_service.api.computations import TURN
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, RepairReader, Today, TranslatorDep
from geo_service.api.openapi import PDF
from geo_service.api.schemas.common import Day
from geo_service.exports import papers

router = APIRouter(prefix="/papers", tags=["stats"])
MEDIA_TYPES: Mapping[papers.PaperFormat, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/{name}", response_class=Response, responses=PDF, dependencies=TURN)
def read(
    name: papers.PaperName,
    ctx: ContextDep,
    conn: Reading,
    who: RepairReader,
    day: Today,
    translator: TranslatorDep,
    on: Annotated[Day | None, Query(description="its day; today without one")] = None,
    format: Annotated[papers.PaperFormat, Query(description="`xlsx`: everything behind it")] = "pdf",
) -> Response:
    """The agenda of the monthly meeting with the utilities, the page for the college, or the quarter of a day."""
    paper = papers.make(conn, name, on, day, ctx.settings.feed_hours, translator)
    file_name = f"{translator.text(f'paper.file.{name}')}-{on or day}.{format}"
    kind = "inline" if format == "pdf" else "attachment"
    headers = {
        **serializers.language_headers(translator),
        "Content-Disposition": f'{kind}; filename="{file_name}"',
    }
    return Response(
        papers.content(paper, format, translator), media_type=MEDIA_TYPES[format], headers=headers
    )
