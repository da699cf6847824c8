"""Speed, shown as ratios: the same values from the same files, by contestants that alternate.

`make bench` prints a table and keeps it (see `__main__`); no time passes or fails here.
Contestants are programs that know nothing of each other: `bilan` itself; DuckDB alone (`nu`); dbt
(`projet_dbt`); pandas (`en_pandas`). What DuckDB and dbt run is one list of queries (`requetes`).
"""
