"""The command line."""

import sys


def main() -> None:
    """Run the command line; where something hides a module that it needs, say what."""
    from gradkata.environment import hiding_files, told_hiding

    try:
        from gradkata.cli import app

        app.main()
    except KeyboardInterrupt:
        # It came while the command line was being read in; later ones are answered there.
        sys.exit(130)
    except Exception as error:
        why = told_hiding(hiding_files())
        if not why:
            raise
        sys.exit(f"{type(error).__name__}: {error}\n{why}")


__all__ = ["main"]
