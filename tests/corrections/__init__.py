"""Tests of the register of corrections."""
