"""The DuckDB file: its tables and their words, its construction, its publication.

What goes into the tables does not belong here.
"""
