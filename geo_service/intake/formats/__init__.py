"""How records lie in a file or an answer, whatever they mean."""
