"""The mapping assistant reads the first rows of a file and proposes what its columns mean."""
