"""Who may read what this process writes: its user, and the group; whatever the user's umask.

Rows about persons are personal data, their pseudonyms included. Who may come in is in `porte`.
"""

import os

_AUX_AUTRES = 0o027


def restreindre() -> None:
    """Take from others, and from the group what is not reading, the rights on files to come."""
    os.umask(os.umask(_AUX_AUTRES) | _AUX_AUTRES)
