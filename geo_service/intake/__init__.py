"""The import of records from other systems: each source becomes works, repairs or base maps through one pipeline."""
