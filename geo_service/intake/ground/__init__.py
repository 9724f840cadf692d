"""Reference maps: how buildings, pavement, streets and parcels come in, and the sections and streets that are derived from them."""
