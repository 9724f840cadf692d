"""What a tile held at a version of the data, so that an unchanged tile costs a look at the clock and is not drawn again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

MOST = 20_000
"""How many tiles are remembered: about 10 MB."""


@dataclass(frozen=True, slots=True)
class DataVersion:
    """Another one each time that facts may have changed: the clock of the one writer, in one life of the database (`feed_epoch`)."""

    epoch: str
    ticks: int


@dataclass(slots=True)
class TileEtags:
    """The ETag of each tile as it was last drawn, with the version it was drawn at. Those that were asked for longest ago are forgotten."""

    most: int = MOST
    _etags: OrderedDict[Hashable, tuple[DataVersion, str]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, tile: Hashable, version: DataVersion) -> str | None:
        """Return the ETag of a tile if it was drawn at this version."""
        with self._lock:
            drawn_at, etag = self._etags.get(tile, (None, None))
            if drawn_at != version:
                return None
            self._etags.move_to_end(tile)
            return etag

    def keep(self, tile: Hashable, version: DataVersion, etag: str) -> None:
        """Remember the ETag of a tile; `version` was read before it was drawn."""
        with self._lock:
            self._etags[tile] = (version, etag)
            self._etags.move_to_end(tile)
            if len(self._etags) > self.most:
                self._etags.popitem(last=False)
