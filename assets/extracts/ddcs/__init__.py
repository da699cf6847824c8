"""Contracts of the extracts that DDCS delivers."""
