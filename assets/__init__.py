"""What is computed: contracts, indicators, tables of the bilan, and the region's roadmap as data.

Nothing here knows how it is run: `pipelines` reads this package, never the reverse.
"""
