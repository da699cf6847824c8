"""Contracts of the extracts that Rectorats delivers."""
