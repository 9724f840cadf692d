"""The pipeline of an import: stage the records, compare them, store what changed, report."""
