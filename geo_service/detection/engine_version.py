"""The version of the engine: what a database was computed with (`recompute_scope.fingerprint`). `make engine-version` writes this file."""

ENGINE_VERSION = 90

SUBSTANCE = "17041ce7c32ee97ea6841d7ab20b7723"
"""Digest of the code and SQL that make claims, conflicts, advice and holds; a test compares it with `scripts/engine_version.py`."""
