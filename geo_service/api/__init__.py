"""The HTTP edge: it translates requests into calls of the engine, and results into JSON."""
