"""Judging an answer in processes of its own."""
