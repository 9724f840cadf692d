"""Reports of citizens, and how far two of them are one."""

from __future__ import annotations

from typing import Literal, get_args

ReportStatus = Literal["open", "closed"]
"""All that GeoReport knows of a request."""
REPORT_STATUSES: tuple[str, ...] = get_args(ReportStatus)

DuplicateStatus = Literal["suggested", "confirmed", "refused"]
DUPLICATE_STATUSES: tuple[str, ...] = get_args(DuplicateStatus)

SOURCE = "georeport"
"""`repairs.source` of what was filed at our own Open311 address: its reporter hears what becomes of it."""

REPORT_MEDIA_PROBLEMS = (
    "photo_not_readable", "photo_too_large", "photo_too_many_pixels", "photos_too_many",
    "url_circles", "url_invalid", "url_not_fetched", "url_private", "url_refuses", "url_too_large", "url_too_slow",
)  # fmt: skip
"""Why a photo that came as an address is not kept."""
