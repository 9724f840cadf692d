"""Open311 GeoReport v2: citizens' reports in, and what becomes of them out."""
