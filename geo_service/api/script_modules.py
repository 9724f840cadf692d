"""Which scripts a page loads: a module and all that it imports by name, not what it fetches later by `import()`."""

from __future__ import annotations

import posixpath
import re

from geo_service.api.static_files import StaticFiles

IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.{1,2}/[^"]+)";', re.MULTILINE)


def closure(files: StaticFiles, *entries: str) -> list[str]:
    """Return these modules and everything that they import, in order of name."""
    modules: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in modules:
            modules.add(name)
            folder = posixpath.dirname(name)
            waiting += [posixpath.normpath(f"{folder}/{path}") for path in IMPORT.findall(files.text(name))]
    return sorted(modules)
