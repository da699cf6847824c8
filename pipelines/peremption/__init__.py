"""What each published month rests on, and whether that still holds (`qualite.arretes`).

Months are not recomputed here, and nothing looks at the clock.
"""
