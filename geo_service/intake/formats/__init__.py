"""Readers of file formats and servers. They yield raw records and know nothing of their meaning."""
