"""Mutants of the solutions: what a change does that no test sees."""
