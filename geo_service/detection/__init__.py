"""Claims, rules, one query: what gets in each other's way."""
