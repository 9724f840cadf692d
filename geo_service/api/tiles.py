"""`/ogc/tiles`: the map tiles of the viewer."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Response

from geo_service.api.deps import Reading, Today, confined_to
from geo_service.api.identity import SignedIn
from geo_service.domain.errors import NotFound
from geo_service.ogc import tiles

router = APIRouter(prefix="/ogc/tiles/WebMercatorQuad", tags=["tiles"])


@router.get("/{z}/{x}/{y}.mvt", response_class=Response)
def tile(
    z: int,
    x: int,
    y: int,
    conn: Reading,
    who: SignedIn,
    day: Today,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """One tile with all layers; zoom 10 to 18."""
    if not tiles.MIN_ZOOM <= z <= tiles.MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise NotFound("no_tile", given=f"{z}/{x}/{y}", least=tiles.MIN_ZOOM, most=tiles.MAX_ZOOM)
    content = tiles.tile(conn, z, x, y, day, party=confined_to(who))
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=tiles.MEDIA_TYPE, headers=headers)
