"""What a browser needs to show the viewer without network: `/worker.js`, with the files of its version, and the page without its data."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from geo_service.api.context import ContextDep
from geo_service.api.static_files import ASK_AGAIN, StaticFiles

WORKER = "static/worker/worker.js"
BUILD = '{ version: "", files: [] }'
DUTCH, ENGLISH = '<html lang="nl-BE">', '<html lang="en-GB">'
POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
"""The worker asks this host, and loads no script."""
ELSEWHERE = (
    "static/worker/",
    "static/docs.html",
    "static/index.html",
    "static/vendor/swagger-ui",
    "static/js/docs.js",
    "static/css/login.css",
    "static/css/ogc.css",
    "static/css/street.css",
)
"""Files of other pages."""
READ_BY_NOBODY = (".txt", "LICENSE")


def pages(files: StaticFiles, page: str) -> APIRouter:
    """The routes of the worker, and of the page that it keeps."""
    router = APIRouter(include_in_schema=False)
    worker = worker_script(files)

    @router.get("/worker.js")
    def script() -> Response:
        """The service worker of this version; its scope is the whole service."""
        headers = {"Cache-Control": ASK_AGAIN, "Content-Security-Policy": POLICY}
        return Response(worker, media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get("/viewer/page")
    def shell(ctx: ContextDep) -> HTMLResponse:
        """The viewer without its data, also for who is signed out: a worker keeps it."""
        return viewer_page(page, ctx.settings.language)

    return router


def worker_script(files: StaticFiles) -> str:
    """The worker, which keeps the files that screens load, under the addresses of this version."""
    names = [
        name for name in files.names() if not name.startswith(ELSEWHERE) and not name.endswith(READ_BY_NOBODY)
    ]
    build = {
        "version": files.version,
        "files": [f"/viewer/v-{files.version}/{name}" for name in names],
    }
    return files.text(WORKER).replace(BUILD, json.dumps(build), 1)


def viewer_page(page: str, language: str) -> HTMLResponse:
    """The viewer, marked with the language in which the service is set up."""
    html = page.replace(DUTCH, ENGLISH, 1) if language == "en" else page
    return HTMLResponse(html, headers={"Cache-Control": ASK_AGAIN})
