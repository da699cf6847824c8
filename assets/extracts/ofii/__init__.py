"""Contracts of the extracts that OFII delivers."""
