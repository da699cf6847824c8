"""Tests of the views `bilan.*`, against the printed bilan."""
