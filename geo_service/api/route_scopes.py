"""Which scope of a key each route needs, by the first word of its path."""

from __future__ import annotations

from collections.abc import Mapping

from geo_service.domain.scopes import Access, Need, Resource

API = "/api/v1/"
OGC = "/ogc/"
PROJECTS = (".qgs", ".qgz")
"""They name the collections that a key may read, and hold none of their features."""
TILES = "/ogc/tiles"
COLLECTIONS = "/ogc/collections"
STREAMS = "/ldes/"
OPEN_WORDS = frozenset({"status", "me"})
"""What every key may ask: how the service is, and who it is itself."""
WITHOUT_LIMIT = frozenset({"users", "keys", "feeds", "settings", "checklist", "views"})
"""For a key with the scope `*` only."""
RESOURCES: Mapping[str, tuple[Resource, ...]] = {
    "works": ("works",),
    "building-projects": ("works",),
    "repairs": ("repairs",),
    "dispatch": ("repairs",),
    "worklist": ("repairs",),
    "plan": ("repairs",),
    "protections": ("repairs",),
    "advice": ("advice",),
    "conflicts": ("conflicts",),
    "cases": ("conflicts",),
    "joint-projects": ("conflicts",),
    "requests": ("conflicts",),
    "claim-files": ("conflicts",),
    "attachments": ("conflicts",),
    "papers": ("conflicts",),
    "stats": ("conflicts",),
    "rules": ("rules",),
    "parameters": ("rules",),
    "alerts": ("alerts",),
    "subscriptions": ("alerts",),
    "buildings": ("reference",),
    "pavements": ("reference",),
    "organisations": ("reference",),
    "search": ("works", "repairs", "conflicts", "reference"),
    "reliabilities": ("reference",),
    "imports": ("imports",),
    "renumberings": ("imports",),
    "audit": ("audit",),
}
OF_COLLECTION: Mapping[str, Resource] = {
    "works": "works",
    "phases": "works",
    "repairs": "repairs",
    "conflicts": "conflicts",
    "holds": "repairs",
    "requests": "conflicts",
    "protections": "repairs",
    "buildings": "reference",
    "pavements": "reference",
    "streets": "reference",
}
ON_TILES: tuple[Resource, ...] = ("works", "repairs", "conflicts", "reference")
READING = ("GET", "HEAD", "OPTIONS")
POSTS_THAT_READ = ("/advice", "/advice/batch", "/preview")
"""Questions with a body: they store nothing."""


def need(method: str, path: str) -> Need | None:
    """Return what a request needs of a key; None when every key may send it. A path that nobody decided on is for keys without limit."""
    if path.startswith(OGC) and path.endswith(PROJECTS):
        return None
    if path.startswith(TILES):
        return Need(ON_TILES)
    if path.startswith(COLLECTIONS):
        access: Access = "read" if method in READING else "write"
        return _of_collection(path.removeprefix(COLLECTIONS).strip("/").partition("/")[0], access)
    if path.startswith(STREAMS):
        return _of_collection(path.removeprefix(STREAMS).partition("/")[0])
    word = path.removeprefix(API).partition("/")[0].partition(".")[0]
    if path.startswith(API) and word in OPEN_WORDS:
        return None
    reads = method in READING or (method == "POST" and path.endswith(POSTS_THAT_READ))
    access = "read" if reads else "write"
    return Need(RESOURCES.get(word) if path.startswith(API) else None, access)


def _of_collection(name: str, access: Access = "read") -> Need | None:
    """Every key may ask which collections there are, and is told that there is no other one."""
    return Need((OF_COLLECTION[name],), access) if name in OF_COLLECTION else None
