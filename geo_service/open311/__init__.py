"""Open311 GeoReport v2: citizens' reports in, and their outcome out."""
