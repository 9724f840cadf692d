"""The page for the college: what is at stake, what was spared, what is dearest."""

from __future__ import annotations

from geo_service.i18n import Translator
from geo_service.presentation.papers import parts, sketch
from geo_service.presentation.papers.paper import Paper, Table, Value, background_lines
from geo_service.store.papers import College


def paper(college: College, translator: Translator) -> Paper:
    """Word the page."""
    return Paper(
        translator.text("paper.college.title", day=translator.day(college.background.on)),
        [translator.text("paper.college.lead"), *background_lines(college.background, translator)],
        sketch.svg(college.sketch, college.matters, translator),
        [
            _figures(college, translator),
            parts.matters(
                "dearest",
                college.matters,
                translator,
                count=len(college.matters),
                total_eur=college.overview["at_stake"]["at_risk_eur"],
            ),
            parts.avoided(college.avoided, translator),
            parts.owners(college.owners, translator),
        ],
    )


def _figures(college: College, translator: Translator) -> Table:
    """The tiles of the overview: how many, and how much."""
    all_ = college.overview
    figures: dict[str, tuple[Value, Value]] = {
        "at_stake": (all_["at_stake"]["cases"], all_["at_stake"]["at_risk_eur"]),
        "of_week": (all_["at_stake"]["week"]["cases"], all_["at_stake"]["week"]["at_risk_eur"]),
        "avoided": (all_["avoided"], all_["avoided_eur"]),
        "waiting": (all_["waiting"]["requests"], None),
        "late": (all_["waiting"]["late"], None),
        "held": (all_["held"]["repairs"], None),
        "chances": (all_["chances"]["cases"], all_["chances"]["saving_eur"]),
        "to_recover": (all_["to_recover"]["claims"], all_["to_recover"]["amount_eur"]),
    }
    heads = parts.columns(translator, ("figure", "text", 60), ("count", "number", 15), ("money", "money", 25))
    body = [[translator.text(f"paper.figure.{name}"), *values] for name, values in figures.items()]
    return parts.table("figures", heads, body, translator)
