"""Plausibility of a finished warehouse: `assets/plausibilite/*.sql`, judged by Great Expectations.

It reports and never blocks. It runs last, in a process of its own (`python -m
pipelines.plausibilite`), for Great Expectations takes seconds to import: only `jugement` imports
it, and only `__main__` imports `jugement`. What must hold exactly belongs to `pipelines.controles`.
"""
