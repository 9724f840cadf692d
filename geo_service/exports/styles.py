"""How QGIS draws a collection: a colour per code, in the colours of the map, as QML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from geo_service.i18n import Translator
from geo_service.presentation import fields as words

Colour = tuple[int, int, int]
INK: Colour = (22, 33, 43)
GREY: Colour = (139, 134, 120)
DOCTYPE = '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n'


@dataclass(frozen=True, slots=True)
class Style:
    """The field whose codes have colours, and the colours (red, green, blue)."""

    field: str
    colours: Mapping[str, Colour]


STYLES: Mapping[str, Style] = {
    "works": Style(
        "certainty",
        {
            "indicative": (248, 211, 179),
            "planned": (224, 140, 72),
            "confirmed": (179, 75, 0),
            "in_progress": (122, 48, 0),
            "done": GREY,
            "cancelled": (185, 180, 166),
        },
    ),
    "repairs": Style(
        "status",
        {
            "requested": (246, 189, 59),
            "scheduled": (11, 79, 138),
            "in_progress": (8, 62, 109),
            "done": (0, 102, 79),
            "cancelled": GREY,
        },
    ),
    "conflicts": Style(
        "severity",
        {
            "info": GREY,
            "low": (250, 224, 238),
            "medium": (214, 112, 165),
            "high": (168, 15, 99),
            "critical": (92, 0, 50),
        },
    ),
    "holds": Style(
        "urgency",
        {"low": (216, 224, 232), "normal": (134, 160, 190), "high": (46, 94, 148), "danger": (120, 20, 20)},
    ),
    "requests": Style(
        "state",
        {
            "asked": (246, 189, 59),
            "yes": (0, 102, 79),
            "no": (168, 15, 99),
            "no_answer": (224, 140, 72),
            "done": GREY,
            "withdrawn": (185, 180, 166),
        },
    ),
    "protections": Style("kind", {"repair": (0, 102, 79), "works": (7, 90, 117)}),
    "pavements": Style(
        "kind",
        {
            "footpath": (253, 252, 249),
            "cycle_path": (221, 229, 211),
            "carriageway": (225, 226, 224),
            "parking": (217, 212, 199),
        },
    ),
    "buildings": Style("function", {}),
}
OTHER: Mapping[str, Colour] = {"buildings": (220, 213, 196)}


def colour(collection: str, code: str | None) -> Colour:
    """The colour of a feature with this code."""
    return STYLES[collection].colours.get(code or "", OTHER.get(collection, GREY))


def qml(collection: str, translator: Translator) -> str:
    """A style of QGIS 3 with a legend in words."""
    root = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    categories(root, collection, translator)
    return DOCTYPE + ElementTree.tostring(root, encoding="unicode")


def categories(parent: ElementTree.Element, collection: str, translator: Translator) -> None:
    """A element for areas: a colour per code, and one for what has none."""
    style = STYLES[collection]
    element = ElementTree.SubElement(
        parent, "renderer-v2", type="categorizedSymbol", attr=style.field, enableorderby="0", forceraster="0"
    )
    entries = ElementTree.SubElement(element, "categories")
    symbols = ElementTree.SubElement(element, "symbols")
    for number, code in enumerate([*style.colours, ""]):
        label = word(collection, code, translator) if code else "…"
        ElementTree.SubElement(
            entries, "category", symbol=str(number), value=code, label=label, render="true", type="string"
        )
        area(symbols, str(number), colour(collection, code))


def word(collection: str, code: str, translator: Translator) -> str:
    """The code of a colour in words."""
    return str(words.value(collection, STYLES[collection].field, code, translator))


def area(parent: ElementTree.Element, name: str, of: Colour) -> None:
    """A filled area with an edge."""
    look = {"color": rgb(of), "outline_color": rgb(INK), "outline_width": "0.26", "style": "solid"}
    symbol(parent, name, "fill", "SimpleFill", look)


def symbol(parent: ElementTree.Element, name: str, kind: str, drawing: str, look: Mapping[str, str]) -> None:
    """A symbol of QGIS of one layer: `kind` is fill, line or marker."""
    element = ElementTree.SubElement(
        parent, "symbol", name=name, type=kind, alpha="0.8", clip_to_extent="1", force_rhr="0"
    )
    layer = ElementTree.SubElement(
        element,
        "layer",
        {"class": drawing, "enabled": "1", "pass": "0", "locked": "0"},  # nosec B105 # a rendering pass
    )
    for key, text in look.items():
        ElementTree.SubElement(layer, "prop", k=key, v=text)


def rgb(of: Colour) -> str:
    """A colour as QGIS writes it."""
    return ",".join(map(str, (*of, 255)))
