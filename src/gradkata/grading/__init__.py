"""Judging what a whole cohort has handed in, and saying what came of it."""
