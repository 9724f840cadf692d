"""`/ogc`: OGC API – Features, with the tiles of `ogc_tiles.py`. Errors of the client are 400; who may read what is that of `/api/v1`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import errors as pg_errors
from sqlalchemy.exc import DBAPIError

from geo_service.api import errors, ogc_edits, ogc_pages, ogc_project, ogc_query, ogc_tiles
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import TranslatorDep, confined_to
from geo_service.api.identity import SignedIn
from geo_service.api.ogc_parts import ONLY_FORM, PATH, FeatureId, RootDep, TypeDep, document, readable
from geo_service.api.redirect_target import login_path, own_path
from geo_service.api.replica_reads import ReadingAnywhere
from geo_service.domain.errors import InvalidInput, NotFound, NotSignedIn
from geo_service.ogc import crs, documents, features, openapi
from geo_service.ogc.features import FeaturePage, FeatureQuery
from geo_service.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, link
from geo_service.store import extent
from geo_service.store.features import FEATURES, FeatureType

T = TypeVar("T")

router = APIRouter()


@router.get("/")
def landing(request: Request, ctx: ContextDep, root: RootDep, translator: TranslatorDep) -> Response:
    """Where everything is."""
    ogc_query.check(request, ONLY_FORM)
    content = documents.landing(root, translator, ctx.settings.city_name, ogc_project.name(ctx))
    return document(request, ctx, content["title"], content)


@router.get("/conformance")
def conformance(request: Request, ctx: ContextDep) -> Response:
    """The conformance classes."""
    ogc_query.check(request, ONLY_FORM)
    return document(request, ctx, "Conformance", documents.conformance())


@router.get("/api")
def api(request: Request, ctx: ContextDep, root: RootDep, translator: TranslatorDep) -> Response:
    """The OpenAPI document."""
    ogc_query.check(request, ONLY_FORM)
    title = translator.text("ogc.title", city=ctx.settings.city_name)
    content = openapi.document(root, FEATURES.values(), title, version("geo-service"))
    return document(request, ctx, "OpenAPI", content, OPENAPI)


@router.get("/collections")
def collections(
    request: Request,
    ctx: ContextDep,
    conn: ReadingAnywhere,
    who: SignedIn,
    root: RootDep,
    translator: TranslatorDep,
) -> Response:
    """The collections that this reader may see."""
    ogc_query.check(request, ONLY_FORM)
    there = readable(who)
    content = documents.collections(root, there, translator, extent.bounds_lonlat(conn))
    return document(request, ctx, translator.text("ogc.collections"), content)


@router.get("/collections/{collection}")
def collection(
    request: Request,
    ctx: ContextDep,
    conn: ReadingAnywhere,
    type_: TypeDep,
    root: RootDep,
    translator: TranslatorDep,
) -> Response:
    """One collection."""
    ogc_query.check(request, ONLY_FORM)
    content = documents.collection(root, type_, translator, extent.bounds_lonlat(conn))
    return document(request, ctx, content["title"], content)


@router.get("/collections/{collection}/queryables")
def queryables(
    request: Request, ctx: ContextDep, type_: TypeDep, root: RootDep, translator: TranslatorDep
) -> Response:
    """What a filter may name."""
    ogc_query.check(request, ONLY_FORM)
    content = documents.schema(root, type_, translator, queryables=True)
    return document(request, ctx, content["title"], content, SCHEMA)


@router.get("/collections/{collection}/schema")
def schema(
    request: Request, ctx: ContextDep, type_: TypeDep, root: RootDep, translator: TranslatorDep
) -> Response:
    """What a feature holds."""
    ogc_query.check(request, ONLY_FORM)
    content = documents.schema(root, type_, translator, queryables=False)
    return document(request, ctx, content["title"], content, SCHEMA)


@router.get("/collections/{collection}/items")
def items(
    request: Request, ctx: ContextDep, conn: ReadingAnywhere, who: SignedIn, type_: TypeDep, root: RootDep,
    translator: TranslatorDep,
) -> Response:  # fmt: skip
    """A page of features, or their number."""
    query = ogc_query.items(request, type_, confined_to(who), ctx.settings.timezone)
    cause = "filter" if query.after is None else "cursor"
    page, matched = FeaturePage([], None), None
    if not ogc_query.only_counts(request):
        page = _of_query(partial(features.page, conn, type_, query), cause)
    if query.after is None:
        matched = _of_query(partial(features.count, conn, type_, query.conditions), cause)
    links = _page_links(request, root, type_, page, documents.title(type_, translator))
    text = _collection_text(page, links, matched)
    return _features(request, ctx, documents.title(type_, translator), text, query)


@router.get("/collections/{collection}/items/{feature}")
def item(
    feature: FeatureId, request: Request, ctx: ContextDep, conn: ReadingAnywhere, who: SignedIn, type_: TypeDep, root: RootDep,
    translator: TranslatorDep,
) -> Response:  # fmt: skip
    """One feature."""
    ogc_query.check(request, openapi.ITEM_PARAMETERS)
    system = crs.of_uri("crs", request.query_params.get("crs"))
    query = FeatureQuery(features.visible(type_, confined_to(who)), crs=system)
    row = features.one(conn, type_, feature, query)
    if row is None:
        raise NotFound("no_feature", given=str(feature))
    title, place = documents.title(type_, translator), f"{root}/collections/{type_.id}"
    links = _own_links(request, f"{place}/items/{feature}", place, title)
    if ogc_query.wants_page(request):
        content = {"features": [json.loads(row.text)], "links": links}
        return ogc_pages.features(request, ctx, title, content, flipped=system.flipped)
    etag = {} if row.version is None else {"ETag": f'"{row.version}"'}
    page_text = f'{row.text[:-1]},"links":{_json(links)}}}'
    return Response(page_text, media_type=GEOJSON, headers={"Content-Crs": f"<{system.uri}>", **etag})


def mount(app: FastAPI, context: Context) -> None:
    """Serve OGC API beside our own, after the pages of the viewer."""
    sub_app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    sub_app.state.context = context
    sub_app.state.status_of_invalid = 400
    sub_app.state.login_pages = app.state.login_pages
    errors.install(sub_app)
    sub_app.add_exception_handler(NotSignedIn, _to_login)
    sub_app.include_router(router)
    sub_app.include_router(ogc_edits.router)
    sub_app.include_router(ogc_tiles.router)
    sub_app.include_router(ogc_project.router)
    app.add_api_route(PATH, landing, include_in_schema=False)
    app.mount(PATH, sub_app)


def _to_login(request: Request, error: Exception) -> Response:
    """A person goes to the login page and back; a program gets the problem."""
    assert isinstance(error, NotSignedIn)
    if ogc_query.wants_page(request):
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(login_path(own_path(path)), 303, headers={"Cache-Control": "no-store"})
    return errors.service_error(request, error)


def _of_query(answer: Callable[[], T], parameter: str) -> T:
    """The answer of the database; what PostGIS cannot compute is a fault of this parameter. Raises InvalidInput about it."""
    try:
        return answer()
    except DBAPIError as error:
        if isinstance(error.orig, pg_errors.DataError | pg_errors.InternalError):
            raise InvalidInput.one(parameter, "cql_failed") from error
        raise


def _features(request: Request, ctx: Context, title: str, text: str, query: FeatureQuery) -> Response:
    if ogc_query.wants_page(request):
        return ogc_pages.features(request, ctx, title, json.loads(text), flipped=query.crs.flipped)
    headers = {"Content-Crs": f"<{query.crs.uri}>", "Vary": "Accept, Accept-Language"}
    return Response(text, media_type=GEOJSON, headers=headers)


def _page_links(
    request: Request, root: str, type_: FeatureType, page: FeaturePage, title: str
) -> list[dict[str, str]]:
    place = f"{root}/collections/{type_.id}"
    path = f"{place}/items"
    links = _own_links(request, path, place, title)
    if page.next is not None:
        # The cursor says where this page ended; an offset would leave out more.
        following = _address(request, path, cursor=page.next, offset=None)
        links.append(link(following, "next", links[0]["type"], title))
    return links


def _own_links(request: Request, path: str, place: str, title: str) -> list[dict[str, str]]:
    """The answer itself, the same in its other form, and its collection."""
    forms = [("json", GEOJSON), ("html", HTML)]
    (_, own), (form, other) = reversed(forms) if ogc_query.wants_page(request) else forms
    return [
        link(_address(request, path), "self", own, title),
        link(_address(request, path, f=form), "alternate", other, title),
        link(place, "collection", JSON, title),
    ]


def _address(request: Request, path: str, **changed: str | None) -> str:
    """The path with the query of the request and these changes; None leaves a parameter out."""
    parameters = {**request.query_params, **changed}
    query = urlencode({name: text for name, text in parameters.items() if text is not None})
    return f"{path}?{query}" if query else path


def _collection_text(page: FeaturePage, links: list[dict[str, str]], matched: int | None) -> str:
    head = {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberReturned": len(page.features),
        **({} if matched is None else {"numberMatched": matched}),
    }
    return f'{_json(head)[:-1]},"features":[{",".join(page.features)}]}}'


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
