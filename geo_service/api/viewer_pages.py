"""The viewer's page and files, and the API page `/docs`. Every screen is the same page; the address selects the screen."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from geo_service.api import (
    background,
    offline,
    own_account,
    public_page,
    script_modules,
    sign_in,
    street_letters,
    unsubscribe,
)
from geo_service.api.context import ContextDep
from geo_service.api.identity import optional_principal
from geo_service.api.login_pages import LoginPages
from geo_service.api.redirect_target import login_path, own_path
from geo_service.api.static_files import StaticFiles
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.store import keys

VIEWER = Path(__file__).parent.parent / "viewer"
UNVERSIONED = "/viewer/static/"
MAIN = re.compile(r'^ *<script type="module" src="[^"]*/js/main\.js"></script>$', re.MULTILINE)
SCRIPTS = "static/js/"
SCREENS = {
    "/": ("map/live.js",),
    "/kaart": ("map/live.js",),
    "/herstellingen": ("screens/repairs/repairs.js",),
    "/afstemming": ("map/live.js", "screens/cases/cases.js"),
    "/overzicht": ("screens/overview/screen.js",),
    "/regels": ("screens/rules/rules.js",),
    "/beheer": ("screens/admin/admin.js",),
}
"""By path: what its screen needs beside what every screen does. A page names these scripts ahead, so that they load side by side."""
START_OF_ROLE: Mapping[str, str] = {"coordinator": "/overzicht", "partner": "/afstemming"}
START_OF_DEPARTMENT: Mapping[str, str] = {"nutsen": "/afstemming", "werkplaatsen": "/herstellingen"}
IMPORT_MAP = re.compile(r'(?<=<script type="importmap">)(.*?)(?=</script>)', re.DOTALL)


def mount(app: FastAPI) -> None:
    """Serve the viewer's scripts, styles, fonts and sentences, and the pages that ask for them by their version."""
    files = StaticFiles(VIEWER)
    viewer = (VIEWER / "static" / "index.html").read_text(encoding="utf-8")
    viewer = background.with_background(viewer, app.state.context.settings)
    pages = {path: _version_page(viewer, files, "main.js", *needs) for path, needs in SCREENS.items()}
    app.include_router(offline.pages(files, pages["/"]))
    app.include_router(_screens(pages))
    app.include_router(_files(files))
    app.state.login_pages = LoginPages(VIEWER / "templates", files)
    app.include_router(sign_in.router)
    app.include_router(own_account.router)
    app.include_router(unsubscribe.router)
    if app.state.context.settings.public_page:
        app.include_router(public_page.router)
        app.include_router(street_letters.router)


def _screens(pages: Mapping[str, str]) -> APIRouter:
    """The routes of the screens; `pages` holds the page of each by the first part of its path."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, ctx: ContextDep) -> Response:
        """The viewer, in the language that it is marked with until a reader chooses. Whoever is signed out goes to the login page and
        comes back. The page is shown while the database does not answer as well: it holds no data, and says what is wrong.
        """
        with contextlib.suppress(DatabaseUnreachable):
            who = optional_principal(request, ctx)
            if who is None:
                return _to_login(request)
            start = start_screen(who, is_phone=request.headers.get("sec-ch-ua-mobile") == "?1")
            if request.url.path == "/" and not request.url.query and start != "/":
                return RedirectResponse(start, 303, headers={"Cache-Control": "no-store"})
        return offline.viewer_page(pages["/" + request.url.path.split("/")[1]], ctx.settings.language)

    for path in (*SCREENS, "/herstellingen/{number}", "/regels/{rule}", "/beheer/{part}"):
        router.get(path)(page)
    return router


def _files(files: StaticFiles) -> APIRouter:
    """The routes of the viewer's files, and of the API page."""
    router = APIRouter(include_in_schema=False)
    docs = _version_page((VIEWER / "static" / "docs.html").read_text(encoding="utf-8"), files)

    @router.get("/docs")
    def api_page() -> Response:
        """The routes, to read and to try."""
        return HTMLResponse(docs, headers={"Cache-Control": "no-cache"})

    @router.get("/viewer/v-{version}/{name:path}")
    def versioned(request: Request, version: str, name: str) -> Response:
        """A file of the viewer as that version of the page asks for it."""
        return files.answer(request, name, version)

    @router.get("/viewer/{name:path}")
    def unversioned(request: Request, name: str) -> Response:
        """A file of the viewer as it is now."""
        return files.answer(request, name)

    return router


def start_screen(who: keys.Principal, *, is_phone: bool) -> str:
    """Return where the day of this person begins: with what its department decides. A foreman in the street begins with the map."""
    start = START_OF_ROLE.get(who.role) or START_OF_DEPARTMENT.get(who.department or "", "/")
    return "/" if is_phone and start == "/herstellingen" else start


def _to_login(request: Request) -> Response:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(login_path(own_path(path)), 303, headers={"Cache-Control": "no-store"})


def _version_page(page: str, files: StaticFiles, *scripts: str) -> str:
    """The page with versioned addresses. It names the scripts that it needs first in advance, so that they load in parallel, and
    the hash of its import map, which differs per version.
    """
    names = script_modules.closure(files, *(f"{SCRIPTS}{name}" for name in scripts))
    ahead = "\n".join(f'  <link rel="modulepreload" href="/viewer/{name}">' for name in names)
    html = MAIN.sub(lambda match: f"{ahead}\n{match[0]}", page)
    html = html.replace(UNVERSIONED, f"/viewer/v-{files.version}/static/")
    before, after = (IMPORT_MAP.search(text) for text in (page, html))
    return html.replace(_digest(before[0]), _digest(after[0])) if before and after else html


def _digest(script: str) -> str:
    """The hash of an inline script for a Content-Security-Policy."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
