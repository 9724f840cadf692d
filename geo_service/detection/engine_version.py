"""The version of the engine: what a database was computed with (`recompute_scope.fingerprint`). `make engine-version` writes this file."""

ENGINE_VERSION = 8

SUBSTANCE = "0d7da1e99d45ce325deab083124b7d94"
"""Digest of the code and SQL that make claims, conflicts, advice and holds; a test compares it with `scripts/engine_version.py`."""
