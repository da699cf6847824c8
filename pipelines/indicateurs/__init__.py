"""From facts to values: the files of indicators, and the one shared roll-up.

`definition` reads the files, `comptage` runs them and rolls them up (`valeurs.sql`). What a single
indicator counts is not here but in `assets/indicators/`.
"""
