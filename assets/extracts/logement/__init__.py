"""Contracts of the extracts that Services du logement delivers."""
