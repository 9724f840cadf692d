"""What addresses, places and drawings of the viewer come to, in Node."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyproj import Geod

from tests.unit.test_scripts import evaluated, in_dutch

TODAY = "2026-12-05"


def at(address: str, expression: str) -> Any:
    """The value of an expression while the page has this address."""
    return evaluated("address.js", f"(globalThis.location = new URL('http://x{address}'), {expression})")


def test_an_address_is_read_as_it_is_meant_and_what_it_cannot_mean_is_left_out() -> None:
    query = "stand=afgesproken&sorteer=geld&op=2026-02-30&week=2026-11-30&lagen=nieuw,nieuwe&kies=werk:a:b&kant=links&dossier=9"
    state = at(f"/herstellingen/H-12%2F3?{query}", "m.read()")
    wanted = {"screen": "repairs", "repair": "H-12/3", "status": "agreed", "sort": "money", "day": None, "week": "2026-11-30", "layers": "sper,nieuwe", "selection": "works:a:b", "side": None, "case": "9", "owner": None}  # fmt: skip
    assert {name: state[name] for name in wanted} == wanted
    assert at("/regels/%zz?kies=iets:1", "(({ruleId, selection}) => [ruleId, selection])(m.read())") == ["%zz", "unknown:1"]  # fmt: skip
    paths = ["/", "/kaart", "/herstellingen/H-1", "/overzicht", "/overzicht/x", "/regels/a/b", "/niets"]
    assert at("/niets", f"{json.dumps(paths)}.map(m.isScreen).concat(m.read().screen)") == [True, True, True, True, False, False, False, "map"]  # fmt: skip


def test_every_part_of_an_address_comes_back_as_it_was_written() -> None:
    patch = {"screen": "rules", "ruleId": "a/b", "side": "odd", "scope": "section", "urgency": "danger", "day": TODAY, "draw": "line", "period": "today", "selection": "building:7", "list": "late", "status": "accepted_risk", "sort": "day", "group": "owner", "week": "2026-11-30", "center": "3.2,50.9"}  # fmt: skip
    written = at("/kaart", f"m.address({json.dumps(patch)})")
    assert written.startswith("/regels/a%2Fb?kant=oneven&omvang=vak&toestand=gevaar")
    assert "kies=gebouw:7" in written
    assert "c=3.2,50.9" in written
    state = at(written, "m.read()")
    assert {name: state[name] for name in patch} == patch


WORDS = {
    "periode": {"today": "vandaag", "4w": "4w", "12w": "12w", "6m": "6m"},
    "lijst": {"conflicts": "conflicten", "plan": "weekplan", "changed": "gewijzigd", "today": "vandaag", "late": "te-laat", "open": "te-plannen", "planned": "gepland", "held": "wachtstand", "avoided": "vermeden", "mine": "mij", "chances": "kansen", "requests": "vragen", "claims": "claims", "protected": "sperperiode", "works": "werken", "near": "gebouwen", "projects": "projecten"},
    "stand": {"open": "open", "acknowledged": "kennisgenomen", "agreed": "afgesproken", "settled": "afgerond", "accepted_risk": "aanvaard"},
    "sorteer": {"money": "geld", "day": "datum", "street": "straat"},
}  # fmt: skip
"""What stands in addresses that people sent each other: it stays."""
PARTS = {"periode": "period", "lijst": "list", "stand": "status", "sorteer": "sort"}


def test_words_in_an_address_stay_as_they_are() -> None:
    queries = [f"?{key}={word}" for key, words in WORDS.items() for word in words.values()]
    read = f"{json.dumps(queries)}.map(query => (globalThis.location = new URL('http://x/kaart' + query), m.read()))"
    states = iter(evaluated("address.js", read))
    for key, words in WORDS.items():
        assert [next(states)[PARTS[key]] for _ in words] == [*words]


def test_an_address_changes_in_parts_and_keeps_what_it_does_not_know() -> None:
    here = "/herstellingen/H-1?vreemd=1&ploeg=a&z=12"
    assert at(here, "m.address({team: null})") == "/herstellingen/H-1?vreemd=1&z=12"
    assert at(here, "m.address({repair: null, team: undefined})") == "/herstellingen?vreemd=1&z=12"
    assert at(here, "m.address({screen: 'overview'})") == "/overzicht?vreemd=1&ploeg=a&z=12"
    assert at("/kaart?z=12", "m.address({zoom: null, screen: null})") == "/kaart"
    kept = "[ '/kaart?z=9&c=1,2', '/kaart?z=9', '/kaart' ].map(one => m.keepView(new URL(one, 'http://x')))"
    assert at("/kaart?z=12&c=3,4", kept) == ["/kaart?z=12&c=3,4", "/kaart?z=12", "/kaart"]
    assert at("/kaart", kept)[0] == "/kaart?z=9&c=1,2"


def test_positions_are_two_numbers_on_earth() -> None:
    texts = ["3.2,50.9", " 3.2 , 50.9 ", "180,90", "-180,-90", "180.1,0", "0,-90.1", "3.2", "3.2,50.9,1", ",50.9", "3.2,", "a,b", "Infinity,1", "", None]  # fmt: skip
    assert evaluated("geometry.js", f"{json.dumps(texts)}.map(m.lonLat)") == [[3.2, 50.9], [3.2, 50.9], [180, 90], [-180, -90], *[None] * 10]  # fmt: skip


def ring(*corners: tuple[float, float]) -> list[list[float]]:
    """An outline in Belgium, of corners around its south-west."""
    return [[3 + east, 50 + north] for east, north in (*corners, corners[0])]


def test_a_point_lies_in_the_widest_part_of_its_ground_and_bounds_are_west_south_east_north() -> None:
    horseshoe = ring((0, 0), (9, 0), (9, 4), (5, 4), (5, 1), (1, 1), (1, 4), (0, 4))
    square = ring((0, 0), (9, 0), (9, 4), (0, 4))
    shape: dict[str, Any] = {"type": "Polygon", "coordinates": [horseshoe]}
    hole = {"type": "MultiPolygon", "coordinates": [[square, ring((1, 1), (4, 1), (4, 3), (1, 3))]]}
    middle = {"type": "Polygon", "coordinates": [square, ring((3, 1), (6, 1), (6, 3), (3, 3))]}
    both = {"type": "GeometryCollection", "geometries": [shape, {"type": "Point", "coordinates": [23, 52]}]}
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 5], [7, 6]]}
    points = evaluated("geometry.js", f"{json.dumps([shape, hole, middle, both, line])}.map(m.pointInside)")
    expected = [[10, 52], [9.5, 52], [4.5, 52], [10, 52], [1, 5]]
    assert [pytest.approx(one, abs=1e-5) for one in expected] == points
    assert evaluated("geometry.js", f"{json.dumps([both, line])}.map(m.bounds)") == [
        [3, 50, 23, 54],
        [0, 0, 7, 6],
    ]


def test_what_is_drawn_is_measured_as_on_the_ellipsoid() -> None:
    ground = [[3.21, 50.91], [3.212, 50.9101], [3.2118, 50.911], [3.2097, 50.9108]]
    length, area, turned, none = evaluated("map/measure.js", f"(p => [m.lengthOf(p), m.areaOf(p), m.areaOf(p.toReversed()), m.lengthOf([])])({json.dumps(ground)})")  # fmt: skip
    geod = Geod(ellps="WGS84")
    assert length == pytest.approx(geod.line_length(*zip(*ground, strict=True)), rel=1e-3)
    assert area == pytest.approx(abs(geod.polygon_area_perimeter(*zip(*ground, strict=True))[0]), rel=1e-3)
    assert (turned, none) == (pytest.approx(area, rel=1e-3), 0)


def test_only_an_outline_that_cuts_itself_crosses() -> None:
    square, bow = [[0, 0], [1, 0], [1, 1], [0, 1]], [[0, 0], [1, 1], [1, 0], [0, 1]]
    star = [[0, 3], [2, -3], [-3, 1], [3, 1], [-2, -3]]
    late = [[0, 0], [4, 0], [4, 4], [2, -1]]  # its last edge cuts its first but one
    near = [square, bow, star, late, square[:3], [[0, 0], [2, 2]], []]
    shapes = [[[3 + east, 50 + north] for east, north in shape] for shape in near]
    assert evaluated("map/measure.js", f"{json.dumps(shapes)}.map(m.crosses)") == [False, True, True, True, False, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "is_stretch"),
    [("Gentsestraat 30-36", True), ("Gentsestraat 3-6", True), ("Gentsestraat van nr 30 tot nr 36", True), ("Gentsestraat 30 t/m 36b", True), ("Gentsestraat 30", False), ("3.2,50.9", False), ("30-36", False), (None, False)],
)  # fmt: skip
def test_a_street_with_two_house_numbers_is_a_stretch(place: str | None, is_stretch: bool) -> None:
    assert evaluated("place.js", f"[m.isStretch, m.isGround, m.isDrawn].map(is => is({json.dumps(place)}))") == [is_stretch, is_stretch, False]  # fmt: skip


def test_ground_is_named_by_street_houses_side_and_material() -> None:
    section = {"street": "Gentsestraat", "code": "V-1", "number_from": 30, "number_to": 30, "side": "even", "kind": None, "material": "klinkers", "laid_on": None, "area_m2": 0}  # fmt: skip
    said = f"(one => [m.placeName(one), m.placeName({{...one, street: '', number_from: null}}), m.placeLine(one), m.placeLine({{...one, code: ''}}), m.surfaceLine(one), m.surfaceLine({{...one, laid_on: '2009-01-01', material: 'x'}}), m.streetAddress({{street: 'A', number: 4}}), m.streetAddress({{house_number: '3', number: 4}}), m.isGround('lijn:1'), m.isDrawn('x lijn:1')])({json.dumps(section)})"
    assert in_dutch("place.js", said) == ["Gentsestraat 30", "V-1", "Voetpad, even zijde · vak V-1", "", "klinkers", "x uit 2009", "A 4", "3", True, False]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "later"),
    [("{ status: 404, ok: false }", [200, 200]), ("{ status: 400, ok: false }", [200, 200]),
     ("{ status: 503, ok: false }", []), ("null", [])],
)  # fmt: skip
def test_a_place_without_an_image_leaves_the_others_and_a_service_that_fails_is_left_alone(
    first: str, later: list[int]
) -> None:
    """`null` does not answer at all."""
    tried = f"""await (async () => {{
        const answers = [{first}], asked = [], said = [];
        globalThis.fetch = async () => {{
            const one = answers.length > 0 ? answers.shift() : {{ status: 200, ok: true }};
            asked.push(one?.status ?? 0);
            if (one === null) throw new TypeError("no network");
            return {{ ...one, arrayBuffer: async () => new ArrayBuffer(1) }};
        }};
        const images = m.imagesOf("https://images.example/{{z}}/{{x}}/{{y}}", (answers) => said.push(answers));
        for (const x of [1, 2, 3]) await images.load(`background://9/${{x}}/4`, new AbortController().signal).catch(() => null);
        return [asked.slice(1), said.at(-1)];
    }})()"""
    assert evaluated("map/background_images.js", tried) == [later, bool(later)]
