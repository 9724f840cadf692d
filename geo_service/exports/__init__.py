"""Files of the published collections: rows in, bytes out, a batch at a time. HTTP and command line write the same files."""
