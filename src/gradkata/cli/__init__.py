"""The command line."""

from gradkata.cli.app import main

__all__ = ["main"]
