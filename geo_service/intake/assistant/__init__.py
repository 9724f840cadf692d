"""The mapping assistant: looks at a file and proposes what its columns mean."""
