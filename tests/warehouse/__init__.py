"""Tests of what analysts are told of the published warehouse."""
