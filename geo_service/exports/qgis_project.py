"""A project of QGIS 3.22 and newer: the collections of OGC API – Features as layers, in the colours of the map, with words for people.

No key stands in it: each layer names the authentication configuration `AUTHENTICATION`, which its reader makes once in QGIS.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import shapely

from geo_service.domain import crs, geometry
from geo_service.exports import styles
from geo_service.i18n import Translator
from geo_service.presentation import fields as words
from geo_service.store.features import FeatureType

AUTHENTICATION = "geoserv"
"""The id of an authentication configuration has seven letters or digits."""
PROVIDER = "OAPIF"
VERSION = "3.22.0"
GROUPS: Mapping[str, Sequence[str]] = {
    "matters": ("conflicts", "holds", "requests", "repairs", "protections"),
    "works": ("phases", "works"),
    "ground": ("streets", "buildings", "pavements"),
}
"""The layers from top to bottom, by group (`qgis.group.*`)."""
HIDDEN = ("works", "holds", "requests", "protections")
"""Switched off at first: what other layers show too, with other words."""
SHAPES = {"area": "Polygon", "line": "Line", "point": "Point"}
"""What a geometry may be, by its word (`qgis.*`), as the expressions of QGIS say it."""
SRSIDS = {crs.STORAGE: 2640, crs.WGS84: 3452}
"""The numbers of reference systems in the database of QGIS, without which it reads over their codes."""
STREET: styles.Colour = (120, 116, 104)
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Project:
    """What a project shows: the root of OGC API, its title, the collections that its reader may see, and where they lie (WGS84)."""

    root: str
    title: str
    types: Sequence[FeatureType]
    bounds: Bounds | None
    translator: Translator


def qgs(project: Project) -> str:
    """The project as XML."""
    root = Element("qgis", projectname=project.title, version=VERSION)
    SubElement(root, "title").text = project.title
    properties = SubElement(SubElement(root, "properties"), "SpatialRefSys")
    SubElement(properties, "ProjectionsEnabled", type="int").text = "1"
    _crs(SubElement(root, "projectCrs"), crs.STORAGE)
    types = {one.id: one for one in project.types}
    groups = {group: [types[name] for name in names if name in types] for group, names in GROUPS.items()}
    _tree(root, groups, project)
    _canvas(root, project.bounds)
    layers = SubElement(root, "projectlayers")
    for of_group in groups.values():
        for type_ in of_group:
            _layer(layers, type_, project)
    return styles.DOCTYPE + ElementTree.tostring(root, encoding="unicode")


def qgz(project: Project, name: str) -> bytes:
    """The same, packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{name}.qgs", qgs(project))
    return packed.getvalue()


def source(root: str, collection: str) -> str:
    """Where QGIS reads a collection: page by page, and only what is in view."""
    return (
        f"authcfg={AUTHENTICATION} pagingEnabled='true' restrictToRequestBBOX='1' "
        f"srsname='OGC:CRS84' typename='{collection}' url='{root}'"
    )


def layer_id(type_: FeatureType) -> str:
    """The id of a layer; QGIS makes one up in the place of those of ten letters and less."""
    return f"geo_service_{type_.id}"


def _tree(root: Element, groups: Mapping[str, Sequence[FeatureType]], project: Project) -> None:
    """The list of layers as people see it."""
    tree = SubElement(root, "layer-tree-group")
    for group, types in groups.items():
        branch = SubElement(
            tree,
            "layer-tree-group",
            name=project.translator.text(f"qgis.group.{group}"),
            checked="Qt::Checked",
            expanded="1",
        )
        for type_ in types:
            SubElement(
                branch,
                "layer-tree-layer",
                id=layer_id(type_),
                name=_title(type_, project.translator),
                source=source(project.root, type_.id),
                providerKey=PROVIDER,
                checked="Qt::Unchecked" if type_.id in HIDDEN else "Qt::Checked",
                expanded="0",
            )


def _canvas(root: Element, bounds: Bounds | None) -> None:
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    if bounds is not None:
        extent = SubElement(canvas, "extent")
        corners = geometry.transform(shapely.box(*bounds), crs.WGS84, crs.STORAGE).bounds
        for name, metres in zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True):
            SubElement(extent, name).text = f"{metres:.0f}"
    _crs(SubElement(canvas, "destinationsrs"), crs.STORAGE)


def _layer(parent: Element, type_: FeatureType, project: Project) -> None:
    layer = SubElement(
        parent,
        "maplayer",
        type="vector",
        hasScaleBasedVisibilityFlag=_far(type_),
        minScale="12000",
        maxScale="0",
    )
    SubElement(layer, "id").text = layer_id(type_)
    SubElement(layer, "datasource").text = source(project.root, type_.id)
    SubElement(layer, "layername").text = _title(type_, project.translator)
    _crs(SubElement(layer, "srs"), crs.WGS84)
    SubElement(layer, "provider", encoding="UTF-8").text = PROVIDER
    _renderer(layer, type_, project.translator)
    aliases = SubElement(layer, "aliases")
    for number, field in enumerate(type_.fields):
        name = words.title(type_.id, field, project.translator)
        SubElement(aliases, "alias", index=str(number), field=field, name=name)


def _far(type_: FeatureType) -> str:
    """Ground is drawn from 1:12,000: a city has tens of thousands of houses."""
    return "1" if type_.id in GROUPS["ground"] else "0"


def _renderer(layer: Element, type_: FeatureType, translator: Translator) -> None:
    """Colours as on the map. A collection of areas, lines and points gets a rule for each: QGIS takes the kind of a layer from its first
    feature, and draws all others only by rules.
    """
    collection = words.ALIKE.get(type_.id, type_.id)
    if type_.shape == "line":
        renderer = SubElement(layer, "renderer-v2", type="singleSymbol", enableorderby="0", forceraster="0")
        _line(SubElement(renderer, "symbols"), "0", STREET)
    elif type_.shape == "polygon":
        styles.categories(layer, collection, translator)
    else:
        _rules(layer, collection, translator)


def _rules(layer: Element, collection: str, translator: Translator) -> None:
    style = styles.STYLES[collection]
    renderer = SubElement(layer, "renderer-v2", type="RuleRenderer", enableorderby="0", forceraster="0")
    rules = SubElement(renderer, "rules", key="rules")
    symbols = SubElement(renderer, "symbols")
    for code, of in style.colours.items():
        label = styles.word(collection, code, translator)
        of_code = SubElement(rules, "rule", key=code, label=label, filter=f"\"{style.field}\" = '{code}'")
        for shape, kind in SHAPES.items():
            name = str(len(symbols))
            SubElement(
                of_code,
                "rule",
                key=f"{code}_{shape}",
                label=translator.text(f"qgis.{shape}"),
                filter=f"geometry_type($geometry) = '{kind}'",
                symbol=name,
            )
            DRAWINGS[shape](symbols, name, of)


def _line(parent: Element, name: str, of: styles.Colour) -> None:
    look = {"line_color": styles.rgb(of), "line_width": "0.8", "line_style": "solid"}
    styles.symbol(parent, name, "line", "SimpleLine", look)


def _point(parent: Element, name: str, of: styles.Colour) -> None:
    look = {"name": "circle", "color": styles.rgb(of), "outline_color": styles.rgb(styles.INK), "size": "3"}
    styles.symbol(parent, name, "marker", "SimpleMarker", look)


DRAWINGS = {"area": styles.area, "line": _line, "point": _point}


def _title(type_: FeatureType, translator: Translator) -> str:
    return translator.text(f"ogc.collection.{type_.id}")


def _crs(parent: Element, code: int) -> None:
    system = SubElement(parent, "spatialrefsys")
    SubElement(system, "srsid").text = str(SRSIDS[code])
    SubElement(system, "srid").text = str(code)
    SubElement(system, "authid").text = f"EPSG:{code}"
