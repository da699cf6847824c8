"""What is taken out of the published warehouse, into a folder: open data, or a file for analysts.

What may leave is decided in `pipelines.diffusion`; nothing is computed again here.
"""
