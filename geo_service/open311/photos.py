"""The photos of a report: checked by their content, reduced in size, and encoded anew.

The stored JPEG is new: it holds no place, camera or time (EXIF), and nothing else of the original file. The place is handed on beside it,
so that a form can offer it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from geo_service.domain.errors import FieldError

MOST = 5
MAX_BYTES = 12 * 1024 * 1024
"""The largest photo (bytes); telephones make them of 2 to 8 MB."""
MAX_BODY_BYTES = MOST * MAX_BYTES + 1024 * 1024
MAX_PIXELS = 64_000_000
"""The most pixels; a decoder needs up to six bytes for each."""
KEPT_PX = 1920
"""The longer side of a stored photo (pixels): about 400 kB."""
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
GPS, LAT_REF, LAT, LON_REF, LON = 0x8825, 1, 2, 3, 4
"""The place in EXIF 2.32, §4.6.6: degrees, minutes and seconds with their hemisphere."""

_one_at_a_time = threading.Lock()
"""A lock, so that one photo is decoded at a time."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored JPEG, and the place that the camera wrote in the original: lon, lat in WGS84."""

    content: bytes
    width: int
    height: int
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file: its name by the sender, and its content."""

    name: str
    content: IO[bytes]


class _InvalidPhoto(Exception):
    def __init__(self, remark: FieldError) -> None:
        super().__init__(remark.message)
        self.remark = remark


def prepare(files: Sequence[File]) -> tuple[list[Photo], list[FieldError]]:
    """The storable photos, in order, and a remark on each other file."""
    photos: list[Photo] = []
    remarks: list[FieldError] = []
    for file in files:
        label = file.name[:60].replace("\x00", "") or "photo"
        if len(photos) == MOST:
            remarks.append(FieldError(label, "photos_too_many", {"limit": MOST}))
            continue
        try:
            photos.append(_photo(file.content, label))
        except _InvalidPhoto as unfit:
            remarks.append(unfit.remark)
    return photos, remarks


def _photo(file: IO[bytes], name: str) -> Photo:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _InvalidPhoto(FieldError(name, "photo_too_large", {"limit": MAX_BYTES}))
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=FORMATS) as image:
            _check_pixels(name, image.size)
            return _encode(image)
    except _InvalidPhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except Exception:  # a decoder raises whatever it meets in a damaged file
        raise _InvalidPhoto(FieldError(name, "photo_not_readable", {"known": ", ".join(FORMATS)})) from None


def _check_pixels(name: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_many_pixels(name)


def _too_many_pixels(name: str) -> _InvalidPhoto:
    return _InvalidPhoto(FieldError(name, "photo_too_many_pixels", {"limit": MAX_PIXELS}))


def _position(image: Image.Image) -> tuple[float, float] | None:
    """The place in the EXIF of a photo; None where there is none, or one that makes no sense."""
    try:
        gps = image.getexif().get_ifd(GPS)
        lat = _degrees(gps[LAT]) * (-1 if gps[LAT_REF] == "S" else 1)
        lon = _degrees(gps[LON]) * (-1 if gps[LON_REF] == "W" else 1)
    except Exception:  # what a camera or an attacker wrote may be anything
        return None
    sound = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    return (round(lon, 7), round(lat, 7)) if sound and (lat, lon) != (0, 0) else None


def _degrees(parts: Sequence[float]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _encode(image: Image.Image) -> Photo:
    position = _position(image)
    image.draft("RGB", (KEPT_PX, KEPT_PX))  # a JPEG is decoded at a half, quarter or eighth at once
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((KEPT_PX, KEPT_PX))
    flat = upright.convert("RGBA") if "transparency" in upright.info or upright.mode != "RGB" else upright
    if flat.mode == "RGBA":
        white = Image.new("RGB", flat.size, "white")
        white.paste(flat, mask=flat.getchannel("A"))
        flat = white
    out = BytesIO()
    plain = Image.new("RGB", flat.size)  # of which nothing is known but its pixels
    plain.paste(flat)
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    width, height = plain.size
    return Photo(out.getvalue(), width, height, position)
