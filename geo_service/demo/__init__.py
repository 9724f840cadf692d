"""The demo city: an invented Flemish town at Izegem's place, generated, never surveyed."""
