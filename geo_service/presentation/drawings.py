"""Drawings that the service writes and reads again."""

APPLICATION = "GEO_SERVICE"
"""The name under which an entity of a drawing carries its fields, as texts `name=value`."""
