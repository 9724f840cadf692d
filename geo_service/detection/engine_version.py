"""The version of the engine: what a database was computed with (`recompute_scope.fingerprint`). `make engine-version` writes this file."""

ENGINE_VERSION = 40

SUBSTANCE = "fbe3e924b369fbf182b21c1b1595719f"
"""Digest of the code and SQL that make claims, conflicts, advice and holds; a test compares it with `scripts/engine_version.py`."""
