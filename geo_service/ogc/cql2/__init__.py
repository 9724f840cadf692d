"""CQL2 (OGC 21-065r2): a filter as text or JSON becomes a condition in SQL."""
