"""The optional background of the map: the page learns its address, and may ask that host and no other."""

from __future__ import annotations

import html

from geo_service.background_settings import BackgroundSettings

HEAD_END = "</head>"
DIRECTIVES = ("img-src 'self'", "connect-src 'self'")


def with_background(page: str, settings: BackgroundSettings) -> str:
    """The page with the images that the settings name; as it is where they name none."""
    if settings.background_wmts is None or settings.background_origin is None:
        return page
    for directive in DIRECTIVES:
        page = page.replace(directive, f"{directive} {settings.background_origin}", 1)
    template, credit = (
        html.escape(text or "") for text in (settings.background_wmts, settings.background_credit)
    )
    meta = f'  <meta name="background" content="{template}" data-credit="{credit}">\n'
    return page.replace(HEAD_END, meta + HEAD_END, 1)
