"""Finds where works, repairs and buildings collide in space and time, and says what to do."""
