"""From other people's records to works and repairs: one pipeline, many sources."""
