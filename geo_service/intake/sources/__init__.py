"""The sources of works and repairs, one module each."""
