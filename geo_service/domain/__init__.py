"""What things are, and pure decisions about them: standard library and shapely only."""
