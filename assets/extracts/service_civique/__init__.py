"""Contracts of the extracts that Agence du service civique delivers."""
