"""A year of nights of the demo city, with the service and without it."""
