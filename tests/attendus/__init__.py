"""Tests of who has not delivered."""
