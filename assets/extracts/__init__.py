"""One folder per source, one module per extract: its contract.

The path of a module is the identity of its extract (`ofii/cir_signataires.py`); the vocabulary
that contracts are written in is `contrat.py`. Reading files does not belong here.
"""
