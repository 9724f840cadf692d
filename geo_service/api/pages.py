"""The viewer's page and its files. Every screen is the same page; the address says which. Beside it the page of the API, `/docs`."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles

from geo_service.api.deps import SESSION_COOKIE, ContextDep

VIEWER = Path(__file__).parent.parent / "viewer"
DUTCH, ENGLISH = '<html lang="nl-BE">', '<html lang="en-GB">'

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/kaart")
def page(ctx: ContextDep) -> Response:
    """The viewer, which speaks the language that it is marked with until a reader chooses. In the demo it comes with a session that may read,
    so that nobody has to sign in to look.
    """
    file, headers = VIEWER / "static" / "index.html", {"Cache-Control": "no-cache"}
    response: Response = FileResponse(file, headers=headers)
    if ctx.settings.language == "en":
        response = HTMLResponse(file.read_text(encoding="utf-8").replace(DUTCH, ENGLISH, 1), headers=headers)
    if ctx.demo_session:
        response.set_cookie(SESSION_COOKIE, ctx.demo_session, httponly=True, samesite="strict")
    return response


@router.get("/docs")
def docs() -> Response:
    """The routes, to read and to try."""
    return FileResponse(VIEWER / "static" / "docs.html", headers={"Cache-Control": "no-cache"})


def mount(app: FastAPI) -> None:
    """Serve the viewer's scripts, styles, fonts and sentences."""
    app.include_router(router)
    app.mount("/viewer/static", StaticFiles(directory=VIEWER / "static"), name="static")
    app.mount("/viewer/locales", StaticFiles(directory=VIEWER / "locales"), name="locales")
