"""The command line's entry, and the one place where an error becomes an exit code.

Exit codes: 0 good, 1 the work failed, 2 wrong use.
"""

from __future__ import annotations

import sys

from .errors import IsoglossError


def main() -> None:
    """Run the command line; errors of ours are told in one line, without a traceback."""
    from .commands.verbs import app  # noqa: PLC0415 - processes of a build import this module, not the verbs

    try:
        app()
    except IsoglossError as error:
        print(f"isogloss: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
