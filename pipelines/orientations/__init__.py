"""Progress of the orientations: measured since the bilan, or declared by those in charge."""
