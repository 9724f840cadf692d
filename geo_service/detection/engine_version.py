"""The version of the engine: what a database was computed with (`recompute_scope.fingerprint`). `make engine-version` writes this file."""

ENGINE_VERSION = 67

SUBSTANCE = "0d82050bf705b84934ce50f0521baf55"
"""Digest of the code and SQL that make claims, conflicts, advice and holds; a test compares it with `scripts/engine_version.py`."""
