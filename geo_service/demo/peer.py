"""A GIPOD to talk to: serves features in the form of its OGC API, on this machine only."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import shapely
import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from shapely.geometry import shape

from .gipod import Feature

ROOT = "/ogc/features/v1"
TITLES = {"INNAME": "Innames openbaar domein", "HINDER": "Hinder"}
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
PAGE, MOST = 500, 10_000


class Peer:
    """What the peer serves: `features` as INNAME, `hindrances` as HINDER; assign either to show the next import."""

    def __init__(
        self, features: Sequence[Feature], hindrances: Sequence[Feature] = (), url: str = ""
    ) -> None:
        self.features = list(features)
        self.hindrances = list(hindrances)
        self.url = url

    def collection(self, name: str) -> list[Feature]:
        """The features of a collection. Raises HTTPException when there is none of that name."""
        if name not in TITLES:
            raise HTTPException(404, "no such collection")
        return self.features if name == "INNAME" else self.hindrances


def create_peer(features: Sequence[Feature] | Peer) -> FastAPI:
    """The peer as an ASGI app with two collections, INNAME and HINDER."""
    peer = features if isinstance(features, Peer) else Peer(features)
    app = FastAPI(title="GIPOD (demo)", openapi_url=f"{ROOT}/openapi.json")
    app.include_router(_description(peer), prefix=ROOT)
    app.include_router(_features(peer), prefix=f"{ROOT}/collections/{{name}}/items")
    return app


def _description(peer: Peer) -> APIRouter:
    """The documents that lead to the features: landing page, conformance, collections."""
    router = APIRouter()

    @router.get("")
    def landing(request: Request) -> dict[str, Any]:
        here = _address(request)
        links = [
            _link("self", here),
            _link("data", f"{here}/collections"),
            _link("conformance", f"{here}/conformance"),
        ]
        return {"title": "GIPOD (demo)", "description": "Verzonnen innames", "links": links}

    @router.get("/conformance")
    def conformance() -> dict[str, Any]:
        return {
            "conformsTo": [
                f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}"
                for part in ("core", "geojson")
            ]
        }

    @router.get("/collections")
    def collections(request: Request) -> dict[str, Any]:
        here = _address(request)
        return {
            "links": [_link("self", here)],
            "collections": [_collection(name, f"{here}/{name}") for name in TITLES],
        }

    @router.get("/collections/{name}")
    def collection(name: str, request: Request) -> dict[str, Any]:
        peer.collection(name)
        return _collection(name, _address(request))

    return router


def _features(peer: Peer) -> APIRouter:
    """The features of a collection: in pages, by box and period, or one by its id."""
    router = APIRouter()

    @router.get("")
    def items(
        name: str,
        request: Request,
        limit: Annotated[int, Query(ge=1)] = PAGE,
        offset: Annotated[int, Query(ge=0)] = 0,
        bbox: str | None = None,
        datetime: str | None = None,
    ) -> JSONResponse:
        features = _in_box(_in_period(peer.collection(name), datetime), bbox)
        size = min(limit, MOST)
        return JSONResponse(_page(request, features, size, offset), media_type="application/geo+json")

    @router.get("/{item}")
    def item(name: str, item: str) -> JSONResponse:
        for feature in peer.collection(name):
            if feature["id"] == item:
                return JSONResponse(feature, media_type="application/geo+json")
        raise HTTPException(404, "no such feature")

    return router


@contextmanager
def running(features: Sequence[Feature], hindrances: Sequence[Feature] = ()) -> Iterator[Peer]:
    """A running peer on a free loopback port; what it serves can be replaced while it runs."""
    peer = Peer(features, hindrances)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_peer(peer), log_level="warning", lifespan="off", access_log=False)
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            listener.close()
            raise RuntimeError("the GIPOD peer did not start")
        time.sleep(0.01)
    peer.url = f"http://127.0.0.1:{listener.getsockname()[1]}{ROOT}"
    try:
        yield peer
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@contextmanager
def serving(features: Sequence[Feature], hindrances: Sequence[Feature] = ()) -> Iterator[str]:
    """The root address (…/ogc/features/v1) of a peer that runs as long as the block."""
    with running(features, hindrances) as peer:
        yield peer.url


def _page(request: Request, features: list[Feature], limit: int, offset: int) -> dict[str, Any]:
    page = features[offset : offset + limit]
    base = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
    query = {key: value for key, value in request.query_params.items() if key not in ("limit", "offset")}

    def at(start: int) -> str:
        return f"{base}?{urlencode(query | {'limit': limit, 'offset': start})}"

    links = [_link("self", at(offset), "application/geo+json")]
    if offset + limit < len(features):
        links.append(_link("next", at(offset + limit), "application/geo+json"))
    return {
        "type": "FeatureCollection",
        "features": page,
        "numberMatched": len(features),
        "numberReturned": len(page),
        "timeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "links": links,
    }


def _in_box(features: list[Feature], bbox: str | None) -> list[Feature]:
    if bbox is None:
        return features
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise HTTPException(400, "bbox is west,south,east,north in CRS84") from None
    area = shapely.box(west, south, east, north)
    return [feature for feature in features if shape(feature["geometry"]).intersects(area)]


def _in_period(features: list[Feature], period: str | None) -> list[Feature]:
    """OGC API – Features 7.15.4: an instant, or start/end with '..' or nothing for open."""
    if period is None:
        return features
    first, _, last = period.partition("/")
    last = last if "/" in period else first
    try:
        start = None if first in ("", "..") else _moment(first)
        end = None if last in ("", "..") else _moment(last)
    except ValueError:
        raise HTTPException(400, "datetime is an instant or start/end, RFC 3339") from None
    return [
        feature
        for feature in features
        if (end is None or _moment(_date_text(feature, "Start")) <= end)
        and (start is None or _moment(_date_text(feature, "End")) >= start)
    ]


def _date_text(feature: Feature, name: str) -> str:
    """Hindrances have names of their own for the same."""
    properties = feature["properties"]
    text: str = properties.get(name) or properties[f"Hindrance{name}"]
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(request: Request) -> str:
    return str(request.url.replace(query="")).rstrip("/")


def _link(rel: str, href: str, kind: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind}


def _collection(name: str, here: str) -> dict[str, Any]:
    links = [_link("self", here), _link("items", f"{here}/items", "application/geo+json")]
    return {"id": name, "title": TITLES[name], "itemType": "feature", "crs": [CRS84], "links": links}
