"""Where to go on to after signing in: a path of this service, never another site."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

HOME = "/"
NEVER = ("/login", "/logout", "/auth/")
MOST = 2000


def own_path(text: str | None) -> str:
    """`text` if it is a path of ours with its query, else the start page.

    Browsers read `\\` as `/`, leave out tabs and line breaks, and take `//host` for another site: nothing of that is let through.
    """
    if not text or len(text) > MOST or not text.startswith("/") or text.startswith("//"):
        return HOME
    if "\\" in text or not text.isprintable():
        return HOME
    try:
        parts = urlsplit(text)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc or parts.path.startswith(NEVER) else text


def login_path(path: str) -> str:
    """The login page that goes on to `path`."""
    return "/login" if path == HOME else f"/login?next={quote(path, safe='')}"
