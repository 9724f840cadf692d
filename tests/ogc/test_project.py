"""The project of QGIS: what it names is there, no key is in it, and QGIS 3.22 opens and draws it without a warning."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from geo_service.exports import styles
from geo_service.ogc.links import QGIS
from tests.serving import STREET, Service, point

PATH = "/ogc/izegem.qgs"
QGIS_PYTHON = "/usr/bin/python3"
COLLECTIONS = [
    "works", "phases", "repairs", "conflicts", "holds", "requests", "protections", "buildings", "pavements", "streets",
]  # fmt: skip
SCRIPT = Path(__file__).with_name("project_in_qgis.py")
PAPER = "#ffffff"


def has_qgis() -> bool:
    command = [QGIS_PYTHON, "-c", "import qgis.core"]
    return (
        Path(QGIS_PYTHON).exists()
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def fetch(ogc: Service, role: str = "viewer", path: str = PATH, **headers: str) -> Any:
    with ogc.as_(role, **headers) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


def layers(document: Element) -> dict[str, Element]:
    found = document.findall("projectlayers/maplayer")
    return {str(one.findtext("id")).removeprefix("geo_service_"): one for one in found}


def source(layer: Element) -> dict[str, str]:
    return dict(re.findall(r"(\w+)='?([^' ]+)'?", str(layer.findtext("datasource"))))


def test_each_layer_of_the_project_is_a_collection_that_answers(ogc: Service, scene: dict[str, Any]) -> None:
    document = ElementTree.fromstring(fetch(ogc).content)
    found = layers(document)
    assert set(found) == set(COLLECTIONS)
    with ogc.as_("viewer") as client:
        for name, layer in found.items():
            where = source(layer)
            assert (where["url"], where["typename"], where["authcfg"]) == (f"{ogc.url}/ogc", name, "geoserv")
            assert layer.findtext("provider") == "OAPIF"
            assert (
                client.get(f"{where['url']}/collections/{where['typename']}/items?limit=10").status_code
                == 200
            )
            fields = set(client.get(f"{where['url']}/collections/{name}/schema").json()["properties"])
            assert {one.get("field") for one in layer.iter("alias")} == fields - {"id", "geometry"}
            assert all(one.get("name") for one in layer.iter("alias"))
            named = {one.get("attr") for one in layer.iter("renderer-v2")} - {None}
            named |= {
                name for rule in layer.iter("rule") for name in re.findall(r'"(\w+)"', rule.get("filter", ""))
            }
            assert named <= fields, name
            symbols = {one.get("name") for one in layer.iter("symbol")}
            used = {one.get("symbol") for tag in ("rule", "category") for one in layer.iter(tag)} - {None}
            assert used <= symbols and symbols
    listed = [one.get("id") for one in document.iter("layer-tree-layer")]
    assert sorted(listed) == sorted(f"geo_service_{name}" for name in COLLECTIONS)


def test_each_code_has_its_colour_and_its_word_in_the_language_of_the_reader(
    ogc: Service, scene: dict[str, Any]
) -> None:
    for language, word, group in (("nl", "Concreet gepland", "Werken"), ("en", "Planned", "Works")):
        document = ElementTree.fromstring(fetch(ogc, **{"Accept-Language": language}).content)
        rules = {one.get("key"): one.get("label") for one in layers(document)["phases"].iter("rule")}
        assert set(styles.STYLES["works"].colours) <= set(rules)
        assert word in str(rules["planned"])
        groups = [one.get("name") for one in document.findall("layer-tree-group/layer-tree-group")]
        assert len(groups) == 3 and group in groups


def test_no_key_is_in_it_and_each_reader_gets_its_own_layers(ogc: Service, scene: dict[str, Any]) -> None:
    for role in ("viewer", "partner"):
        text = fetch(ogc, role).text
        assert "gs_" not in text and ogc.keys[role] not in text and "password" not in text
    own = layers(ElementTree.fromstring(fetch(ogc, "partner").content))
    assert set(own) == set(COLLECTIONS) - {"repairs", "holds"}
    with ogc.as_(None) as nobody:
        assert nobody.get(PATH).status_code == 401
    with ogc.as_("viewer") as viewer:
        assert (
            viewer.get("/ogc/elsewhere.qgs").status_code == viewer.get("/ogc/izegem.qgx").status_code == 404
        )
        assert viewer.get(f"{PATH}?f=json").status_code == 400


def test_the_packed_project_is_the_same(ogc: Service, scene: dict[str, Any]) -> None:
    packed = fetch(ogc, path="/ogc/izegem.qgz")
    assert packed.headers["content-disposition"] == 'attachment; filename="izegem.qgz"'
    with zipfile.ZipFile(io.BytesIO(packed.content)) as file:
        assert file.namelist() == ["izegem.qgs"]
        assert file.read("izegem.qgs").decode() == fetch(ogc).text


def test_the_first_page_leads_to_it(ogc: Service, scene: dict[str, Any]) -> None:
    with ogc.as_("viewer") as client:
        links = client.get("/ogc").json()["links"]
        [address] = [one["href"] for one in links if one["type"] == QGIS]
        assert client.get(address).text == fetch(ogc).text


@pytest.mark.skipif(
    not has_qgis(),
    reason="python3-qgis is not installed: QGIS weighs more than 500 MB, so set-up leaves it out",
)
def test_qgis_opens_and_draws_it_without_a_warning(
    ogc: Service, scene: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "izegem.qgs"
    file.write_bytes(fetch(ogc).content)
    east, north = STREET
    box = map(str, (east - 20, north - 20, east + 120, north + 40))
    command = [QGIS_PYTHON, str(SCRIPT), str(file), ogc.keys["viewer"], str(tmp_path), *box]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])

    assert (found["opened"], found["warnings"], found["crs"]) == (True, [], "EPSG:31370")
    assert found["tree"] == {
        "Afstemming": ["Conflicten en kansen", "Herstellingen"],
        "Werken": ["Fases van werken", "Werken"],
        "Ondergrond": ["Straten", "Gebouwen", "Verhardingsvakken"],
    }
    for name in COLLECTIONS:
        layer = found["layers"][f"geo_service_{name}"]
        with ogc.as_("viewer") as client:
            number = client.get(f"/ogc/collections/{name}/items").json()["numberMatched"]
        assert layer["valid"] and len(layer["features"]) == number > 0, name
        assert len(layer["colours"]) > 1 and PAPER in layer["colours"], name
    assert set(found["layers"]["geo_service_repairs"]["features"]) == {"Polygon", "Point"}
    assert found["layers"]["geo_service_phases"]["aliases"]["ends_on"] == "Vrij vanaf"


@pytest.fixture(scope="module", autouse=True)
def hole(ogc: Service, scene: dict[str, Any]) -> None:
    """A repair that is a point, away from everything."""
    with ogc.as_("workshop") as workshop:
        body = {"category": "pothole", "scope": "spot", "geometry": point(98, 20)}
        assert workshop.post("/api/v1/repairs", json=body).status_code == 201
