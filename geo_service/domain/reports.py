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
