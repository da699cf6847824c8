"""Printed figures compared with computed ones: hypotheses, and the verdict on each figure."""
