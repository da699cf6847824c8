"""The bilan that people read: pages, a document, a workbook, made from the published warehouse.

What is said is put together once, as blocks (`contenu`), by `accueil`, `regional`, `departement`
and `indicateur`, from one reading (`source`); `pages`, `document` and `classeur` only lay blocks
out, `dossier` writes them, and `relus` reads their numbers back to compare them with the warehouse.
Nothing is computed here that the warehouse does not hold.
"""
