"""`geo-service bench engine`: ours and a peer do the same work by turns, on generated data in a database of their own."""
