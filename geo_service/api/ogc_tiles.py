"""`/ogc/tiles` and `/ogc/collections/…/tiles`: OGC API – Tiles. The viewer draws its map from these tiles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response

from geo_service.api import ogc_query, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Today, TranslatorDep, confined_to
from geo_service.api.identity import SignedIn
from geo_service.api.ogc_parts import ONLY_FORM, RootDep, TypeDep, document
from geo_service.api.replica_reads import ReadingAnywhere
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.domain.permissions import can
from geo_service.domain.rules import DEPARTMENTS
from geo_service.ogc import documents, period, tile_documents, tiles
from geo_service.ogc.period import Days
from geo_service.ogc.tile_documents import QUAD, TILEJSON
from geo_service.ogc.tiles import LAYERS, TileLayer, TileQuery
from geo_service.store import extent, vocabulary

SELECTION = ("collections", "datetime", "owner", "department")
FORMS = ("json", "html", "tilejson")
QUAD_PATH = "/tiles/{matrix_set}"
TILE_PATH = f"{QUAD_PATH}/{{z}}/{{x}}/{{y}}.mvt"
COLLECTION_PATH = "/collections/{collection}"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Tileset:
    """What is tiled together: everything (`place` is empty), or one collection."""

    place: str
    title: str
    layers: Mapping[str, TileLayer]


def everything(request: Request, who: SignedIn, translator: TranslatorDep) -> Tileset:
    """All layers that this reader may see, or those of `collections`. Raises InvalidInput about it."""
    title = translator.text("ogc.tiles")
    layers = {name: layer for name, layer in LAYERS.items() if can(who, layer.action)}
    selection = request.query_params.get("collections")
    if selection is None:
        return Tileset("", title, {name: layer for name, layer in layers.items() if not layer.by_name})
    names = selection.split(",")
    for name in names:
        if name not in layers:
            raise InvalidInput.one("collections", "format_unknown", given=name[:60], known=list(layers))
    return Tileset("", title, {name: layer for name, layer in layers.items() if name in names})


def of_collection(type_: TypeDep, translator: TranslatorDep) -> Tileset:
    """The layer of one collection. Raises NotFound when the map does not draw it."""
    if type_.id not in LAYERS:
        raise NotFound("no_tiles", given=type_.id, known=list(LAYERS))
    place = f"/collections/{type_.id}"
    return Tileset(place, documents.title(type_, translator), {type_.id: LAYERS[type_.id]})


Everything = Annotated[Tileset, Depends(everything)]
OfCollection = Annotated[Tileset, Depends(of_collection)]


def quad(matrix_set: str) -> str:
    """The tile matrix set of the path. Raises NotFound: there is one."""
    if matrix_set != QUAD:
        raise NotFound("no_matrix_set", given=matrix_set[:60], known=[QUAD])
    return matrix_set


QuadDep = Annotated[str, Depends(quad)]


@router.get("/tileMatrixSets")
def matrix_sets(request: Request, ctx: ContextDep, root: RootDep) -> Response:
    """The tile matrix sets."""
    ogc_query.check(request, ONLY_FORM)
    return document(request, ctx, "Tile matrix sets", tile_documents.matrix_sets(root))


@router.get("/tileMatrixSets/{matrix_set}")
def matrix_set(matrix_set: QuadDep, request: Request, ctx: ContextDep) -> Response:
    """One tile matrix set."""
    ogc_query.check(request, ONLY_FORM)
    return document(request, ctx, matrix_set, tile_documents.matrix_set())


@router.get("/tiles")
def tilesets(request: Request, ctx: ContextDep, root: RootDep, of: Everything) -> Response:
    """The tilesets of everything."""
    ogc_query.check(request, ONLY_FORM)
    return document(request, ctx, of.title, tile_documents.tilesets(root, of.place, of.title))


@router.get(f"{COLLECTION_PATH}/tiles")
def collection_tilesets(request: Request, ctx: ContextDep, root: RootDep, of: OfCollection) -> Response:
    """The tilesets of one collection."""
    ogc_query.check(request, ONLY_FORM)
    return document(request, ctx, of.title, tile_documents.tilesets(root, of.place, of.title))


@router.get(QUAD_PATH)
def tileset(
    matrix_set: QuadDep, request: Request, ctx: ContextDep, conn: ReadingAnywhere, root: RootDep, of: Everything,
    translator: TranslatorDep,
) -> Response:  # fmt: skip
    """The tileset of everything, as OGC or as TileJSON."""
    ogc_query.check(request, (*ONLY_FORM, *SELECTION))
    return _tileset(request, ctx, conn, root, of, translator)


@router.get(COLLECTION_PATH + QUAD_PATH)
def collection_tileset(
    matrix_set: QuadDep, request: Request, ctx: ContextDep, conn: ReadingAnywhere, root: RootDep, of: OfCollection,
    translator: TranslatorDep,
) -> Response:  # fmt: skip
    """The tileset of one collection."""
    ogc_query.check(request, (*ONLY_FORM, *SELECTION[1:]))
    return _tileset(request, ctx, conn, root, of, translator)


@router.get(TILE_PATH)
def tile(
    matrix_set: QuadDep, z: int, x: int, y: int, request: Request, ctx: ContextDep, conn: ReadingAnywhere, who: SignedIn,
    day: Today, of: Everything, if_none_match: Annotated[str | None, Header()] = None,
) -> Response:  # fmt: skip
    """One tile with all layers, or those of `collections`; zoom 10 to 18."""
    ogc_query.check(request, SELECTION)
    query = _query(request, conn, of, confined_to(who), ctx.settings.timezone)
    return _tile(ctx, conn, (z, x, y), day, query, if_none_match)


@router.get(COLLECTION_PATH + TILE_PATH)
def collection_tile(
    matrix_set: QuadDep, z: int, x: int, y: int, request: Request, ctx: ContextDep, conn: ReadingAnywhere, who: SignedIn,
    day: Today, of: OfCollection, if_none_match: Annotated[str | None, Header()] = None,
) -> Response:  # fmt: skip
    """One tile with the layer of one collection."""
    ogc_query.check(request, SELECTION[1:])
    query = _query(request, conn, of, confined_to(who), ctx.settings.timezone)
    return _tile(ctx, conn, (z, x, y), day, query, if_none_match)


def _tileset(
    request: Request, ctx: ContextDep, conn: sa.Connection, root: str, of: Tileset, translator: TranslatorDep
) -> Response:
    """The selection goes on to the tiles and to the other forms."""
    _days(request, ctx.settings.timezone)
    vocabulary.check(conn, party=request.query_params.get("owner"))
    _department(request)
    selection = urlencode({name: text for name, text in request.query_params.items() if name in SELECTION})
    bounds = extent.bounds_lonlat(conn)
    if request.query_params.get("f") == "tilejson":
        content = tile_documents.tilejson(root, of.place, of.title, of.layers, bounds, selection)
        return serializers.answer(content, headers={"Vary": "Accept-Language"}, media_type=TILEJSON)
    ogc_query.wants_page(request, FORMS)
    content = tile_documents.tileset(root, of.place, of.title, of.layers, translator, bounds, selection)
    return document(request, ctx, of.title, content)


def _query(request: Request, conn: sa.Connection, of: Tileset, party: str | None, timezone: str) -> TileQuery:
    """What of the map is selection for. Raises InvalidInput about `datetime`, and about an owner or a department that nobody knows."""
    owner = request.query_params.get("owner")
    vocabulary.check(conn, party=owner)
    return TileQuery(list(of.layers), _days(request, timezone), owner, _department(request), party)


def _department(request: Request) -> str | None:
    """The department that the selection names. Raises InvalidInput about one that nobody knows."""
    department = request.query_params.get("department")
    if department is not None and department not in DEPARTMENTS:
        raise InvalidInput.one("department", "unknown", known=", ".join(DEPARTMENTS))
    return department


def _days(request: Request, timezone: str) -> Days:
    text = request.query_params.get("datetime")
    return tiles.ALWAYS if text is None else period.read(text, timezone)


def _tile(
    ctx: Context, conn: sa.Connection, place: tuple[int, int, int], day: Today, query: TileQuery, seen: str | None
) -> Response:  # fmt: skip
    """The tile, or 304 when it is the one that the reader has seen: at once, when no fact has changed since it was drawn."""
    z, x, y = place
    if not tiles.MIN_ZOOM <= z <= tiles.MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise NotFound("no_tile", given=f"{z}/{x}/{y}", least=tiles.MIN_ZOOM, most=tiles.MAX_ZOOM)
    key, version = (place, day, query.key()), tiles.data_version(conn)
    if seen is not None and seen == ctx.tile_etags.get(key, version):
        return _not_changed(seen)
    content = tiles.tile(conn, z, x, y, day, query)
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    ctx.tile_etags.keep(key, version, etag)
    if seen == etag:
        return _not_changed(etag)
    return Response(content, media_type=tiles.MEDIA_TYPE, headers=_headers(etag))


def _not_changed(etag: str) -> Response:
    return Response(status_code=304, headers=_headers(etag))


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache"}
