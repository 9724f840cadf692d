"""Which repairs a crew does on which day."""
