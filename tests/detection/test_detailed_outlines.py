"""An outline of many corners is looked at by other means than one of few: what is found, and every figure of it, stays the same."""

import pytest
import sqlalchemy as sa
from shapely import Polygon, box

from tests.scenes import FLUVIUS, PROXIMUS, Scene

# Around a block of houses: its yard is a hole that touches the outline in one point, as people draw it.
BLOCK = Polygon(
    [(0, 0), (100, 0), (100, 60), (0, 60)], holes=[[(20, 20), (80, 20), (80, 40), (50, 60), (20, 40)]]
)
INSIDE, ON_THE_EDGE, WHERE_YARD_AND_EDGE_TOUCH = (5, 5, 15, 7), (95, 30, 115, 32), (48, 57, 52, 63)
BESIDE, IN_THE_YARD_NEAR_ITS_EDGE = (10, 62, 30, 63), (22, 21, 52, 22)
TOO_FAR, AMID_THE_YARD = (70, 63.6, 90, 64.6), (45, 32, 50, 33)
OVERLAPS_M2 = {30: [2.67, 10, 20], 60: [0, 0, 2.67, 10, 20]}  # who only lies beside it clashes not


@pytest.mark.parametrize("corners_every_m", [4, 0.25], ids=["100 corners", "2,000 corners"])
@pytest.mark.parametrize("start", OVERLAPS_M2, ids=["a clash", "an opportunity"])
def test_the_same_is_found_however_detailed_the_outline_is(
    scene: Scene, start: int, corners_every_m: float
) -> None:
    scene.works(PROXIMUS, shape=BLOCK, days=(30, 44), name="block")
    for bounds in (
        INSIDE, ON_THE_EDGE, WHERE_YARD_AND_EDGE_TOUCH, BESIDE, IN_THE_YARD_NEAR_ITS_EDGE, TOO_FAR, AMID_THE_YARD,
    ):  # fmt: skip
        scene.works(FLUVIUS, shape=box(*bounds), days=(start, start + 14))
    drawn_plainly = found(scene)
    assert (
        sorted(facts["overlap_m2"] for rule, facts, _ in drawn_plainly if start > 44 or rule == "works_clash")
        == OVERLAPS_M2[start]
    )
    scene.works(PROXIMUS, shape=BLOCK.segmentize(corners_every_m), days=(30, 44), name="block")
    assert found(scene) == drawn_plainly


def found(scene: Scene) -> list[tuple[str, dict[str, float], float]]:
    """Rule, figures and size on the map of what is found."""
    live = sa.text("""
        SELECT rule_id, facts, round(CAST(ST_Area(geom) AS numeric), 2) AS m2 FROM conflicts
        WHERE status NOT IN ('expired', 'withdrawn') ORDER BY rule_id, CAST(facts AS text)""")
    return [tuple(row) for row in scene.conn.execute(live)]
