"""`/ogc/{city}.qgs`: a project of QGIS with the collections that this reader may see."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geo_service.api import ogc_query
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, TranslatorDep
from geo_service.api.identity import SignedIn
from geo_service.api.ogc_parts import RootDep, readable
from geo_service.domain.errors import NotFound
from geo_service.exports import qgis_project
from geo_service.exports.qgis_project import Project
from geo_service.ogc.links import QGIS
from geo_service.store import extent
from geo_service.store.organisations import slug

PLAIN, PACKED = "qgs", "qgz"

router = APIRouter()


def name(ctx: Context, form: str = PLAIN) -> str:
    """The file name of the project of this city."""
    return f"{slug(ctx.settings.city_name)}.{form}"


@router.get("/{city}.{form}")
def project(
    city: str, form: str, request: Request, ctx: ContextDep, conn: Reading, who: SignedIn, root: RootDep,
    translator: TranslatorDep,
) -> Response:  # fmt: skip
    """The project, plain (`qgs`) or packed (`qgz`), with words in the reader's language."""
    ogc_query.check(request, ())
    if form not in (PLAIN, PACKED) or f"{city}.{form}" != name(ctx, form):
        raise NotFound("nothing_here")
    title = translator.text("ogc.title", city=ctx.settings.city_name)
    content = Project(root, title, readable(who), extent.bounds_lonlat(conn), translator)
    headers = {"Content-Disposition": f'attachment; filename="{name(ctx, form)}"', "Vary": "Accept-Language"}
    if form == PLAIN:
        return Response(qgis_project.qgs(content), media_type=QGIS, headers=headers)
    packed = qgis_project.qgz(content, slug(ctx.settings.city_name))
    return Response(packed, media_type=f"{QGIS}-zipped", headers=headers)
