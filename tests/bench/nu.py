"""The limit: DuckDB alone runs a script. `python nu.py SCRIPT`, without the project's packages.

No check, no quality table, no publication: what a program that does more is compared with.
"""

import sys
from pathlib import Path

import duckdb

if __name__ == "__main__":
    duckdb.connect().execute(Path(sys.argv[1]).read_text("utf-8"))
