"""What may leave the administration: counts of persons masked or rounded, the rest as it is.

How small counts are hidden belongs here; which indicators count persons is in their files.
"""
