"""The texts in the table of a shapefile. Numbers, moments and other binary columns are no signs of its encoding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

HEADER = 32
"""The size of the header, and of the description of each column (bytes)."""
OVER = 0x0D
"""The byte behind the last column."""
TEXT = ord("C")


def texts(content: bytes) -> bytes:
    """The names of the text columns, then their cells, column by column, with a space behind each."""
    first, width = (int.from_bytes(content[at : at + 2], "little") for at in (8, 10))
    rows = max(len(content) - first, 0) // width if width else 0
    table = np.frombuffer(content, np.uint8, rows * width, first if rows else 0).reshape(rows, width)
    parts = []
    for name, place, size in _columns(content):
        cells = np.full((rows, size + 1), ord(" "), np.uint8)
        cells[:, :size] = table[:, place : place + size]
        parts += [name, b" ", cells.tobytes()]
    return b"".join(parts)


def _columns(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name, the place in the row and the width of each text column."""
    place = 1  # behind the mark of a deleted row
    width = int.from_bytes(content[10:12], "little")
    for at in range(HEADER, len(content) - HEADER + 1, HEADER):
        if content[at] == OVER:
            return
        is_text = content[at + 11] == TEXT
        size = content[at + 16] + (content[at + 17] << 8 if is_text else 0)
        if is_text and place + size <= width:
            yield content[at : at + 11].partition(b"\x00")[0], place, size
        place += size
