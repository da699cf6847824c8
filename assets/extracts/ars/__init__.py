"""Contracts of the extracts that ARS delivers."""
