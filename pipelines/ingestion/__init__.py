"""From a delivered file to accepted rows and rejections, nothing in between.

`depot` finds files, `lecture` reads cells, `valeurs` types them, `controle` applies the contract,
`fichier` does that for one file and `livraison` for the files of a month together. What is computed
from accepted rows does not belong here.
"""
