"""docs/how-to/add-a-rule.md, done as it says: the row on that page finds, in its words, and the tests on it pass."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import i18n
from geo_service.domain.parameters import Parameters
from geo_service.domain.rules import Rule
from geo_service.presentation import conflicts as worded
from geo_service.store import conflicts as stored
from tests.scenes import FLUVIUS, PROXIMUS, TODAY, Found, Scene  # noqa: F401  the page says Found

PAGE = (Path(__file__).parents[2] / "docs/how-to/add-a-rule.md").read_text(encoding="utf-8")
ROW, TESTS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WORDS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
RULE: Rule = eval(ROW, {"Rule": Rule})


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    """The street of every scene, with the rule of the page in force."""
    scene = Scene(conn)
    scene.add_rule(RULE)
    return scene


exec(TESTS, globals())  # the tests of the page become tests of this module


@pytest.mark.parametrize(("language", "told"), [*zip(i18n.LANGUAGES, WORDS, strict=True)])
def test_it_is_told_in_the_words_of_the_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, language: i18n.Language, told: dict[str, str]
) -> None:
    monkeypatch.setattr(i18n, "sentences", {language: {**i18n.sentences(language), **told}}.get)
    scene.works(PROXIMUS, days=(-20, -10), certainty="done")
    scene.works(FLUVIUS)
    row = scene.conflict(RULE.id)
    briefs = stored.works_brief(scene.conn, row["works_ids"])
    sentence = worded.sentence(row, briefs, i18n.Translator(language, TODAY), Parameters())
    words = told[f"reason.{RULE.id}"].format(owner=PROXIMUS, other_owner=FLUVIUS, area_m2=40)
    assert sentence.replace(i18n.NBSP, " ") == words
