"""Find the building that a list of projects means by an id, a name or an address."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.intake.base_maps.addresses import normal_street
from geo_service.intake.mapping.house_numbers import normal_number
from geo_service.intake.mapping.places import split_address


@dataclass(slots=True)
class BuildingBook:
    """The buildings of the city by all their names. `meaning` changes with them."""

    meaning: str = ""
    _called: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    _outlines: dict[UUID, bytes] = field(default_factory=dict)

    @classmethod
    def load(cls, conn: sa.Connection) -> BuildingBook:
        """All buildings, by one query."""
        book, digest = cls(), hashlib.sha256()
        for row in db.fetch(conn, "geo_service.intake.base_maps", "city_buildings"):
            key, geom, street, number = row["id"], row["geom"], row["street"], row["house_number"]
            book._outlines[key] = geom
            names = (row["source_id"], row["name"], f"{street} {number}" if street and number else None)
            for name in filter(None, names):
                book._called[_plain(name)].add(key)
            digest.update(key.bytes + geom + repr(names).encode())
        book.meaning = digest.hexdigest()
        return book

    def find(self, text: str) -> UUID:
        """The one building of this name. Raises InvalidInput about `building`."""
        matches = self._called.get(_plain(text), set()) if text else set()
        if not matches:
            reason = "building_unknown.given" if text else "building_unknown"
            raise InvalidInput.one("building", reason, given=text[:60])
        if len(matches) > 1:
            raise InvalidInput.one("building", "building_ambiguous", given=text[:60], count=len(matches))
        return next(iter(matches))

    def outline(self, building_id: UUID) -> BaseGeometry:
        """The outline of a building (storage CRS)."""
        ground: BaseGeometry = shapely.from_wkb(self._outlines[building_id])
        return ground


def _plain(name: str) -> str:
    """A name in the form for comparison: an address as addresses are, any other without capitals, accents
    and punctuation.
    """
    address = split_address(name)
    return f"{normal_street(address[0])} {normal_number(address[1])}" if address else normal_street(name)
