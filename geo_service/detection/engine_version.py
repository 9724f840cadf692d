"""The version of the engine: what a database was computed with (`recompute_scope.fingerprint`). `make engine-version` writes this file."""

ENGINE_VERSION = 12

SUBSTANCE = "1ebe513e036529246ab124eb66f91f87"
"""Digest of the code and SQL that make claims, conflicts, advice and holds; a test compares it with `scripts/engine_version.py`."""
