"""Which Chromium draws the pages in tests, and how it is started."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import BrowserType

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first one that is installed. The shell has no window of its own to draw: it takes a fifth less CPU."""

ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # the map is drawn by SwiftShader all the same; the page around it takes half the CPU
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program(chromium: BrowserType) -> str | None:
    """The path of the browser: of the system, or else the one that Playwright fetched; None without any."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    return chromium.executable_path if Path(chromium.executable_path).exists() else None
