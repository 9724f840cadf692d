"""Sources by the name that people use."""

from __future__ import annotations


def label(source: str) -> str:
    """The name of a source: that of Flanders' register in capitals, any other as it is set up."""
    return "GIPOD" if source == "gipod" else source
