"""Deliveries with several maps: GRB and OpenStreetMap. A mapping of the project reads each layer that we use."""

from __future__ import annotations

from pathlib import Path

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.base_maps.map_file import BaseMapFile
from geo_service.intake.formats import files
from geo_service.intake.formats.http_client import web_address
from geo_service.intake.mapping.library import load_mapping
from geo_service.settings import Settings

GRB_LAYERS = {
    "gbg": "grb-buildings", "wgo": "grb-kerbs", "wbn": "grb-roads", "adp": "grb-parcels", "wegsegment": "wegenregister",
    "adres": "address-register",
}  # fmt: skip
GRB_COLLECTIONS = ("gbg", "wgo", "wbn", "adp")
"""Those of them that GRB's own OGC API – Features has, each in a collection of that name in capitals."""
OSM_MAPPINGS = ("osm-buildings", "osm-addresses", "osm-streets", "osm-sidewalks")


def parts(bundle: str, origin: str | None, settings: Settings) -> list[BaseMapFile]:
    """The maps of a delivery, in the order of their dependencies. Raises InvalidInput and SourceUnreachable."""
    if not origin:
        raise InvalidInput.one("origin", "required.bundle", source=bundle)
    if bundle == "osm":
        chosen = [load_mapping(name) for name in OSM_MAPPINGS]
    elif _is_service(origin):
        return [
            BaseMapFile(
                load_mapping(GRB_LAYERS[code]),
                _items(origin, code, settings),
                settings.region_bbox,
                settings.timezone,
            )
            for code in GRB_COLLECTIONS
        ]
    else:
        layers = files.layers(origin)
        chosen = [
            load_mapping(mapping).model_copy(update={"layer": layer})
            for code, mapping in GRB_LAYERS.items()
            for layer in layers
            if layer.lower().rpartition(":")[2].startswith(code)
        ]
        if not chosen:
            names = ", ".join(GRB_LAYERS)
            raise SourceUnreachable(
                "no_grb_layers.there" if layers else "no_grb_layers",
                origin=origin,
                file=Path(origin).name,
                there=layers,
                known=names,
            )
    return [BaseMapFile(mapping, origin, settings.region_bbox, settings.timezone) for mapping in chosen]


def _is_service(origin: str) -> bool:
    """Whether an address is the root of an OGC API – Features, and no file or collection."""
    url = web_address(origin)
    return url is not None and "/ogc/features/" in f"{url.path}/" and "/collections" not in url.path


def _items(origin: str, code: str, settings: Settings) -> str:
    box = ",".join(map(str, settings.region_bbox))
    return f"{origin.rstrip('/')}/collections/{code.upper()}/items?bbox={box}"
