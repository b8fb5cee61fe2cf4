"""The command ``allonym``."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Runs the program with the arguments of this process, and exits with its code."""
    from ._allonym import run

    # Python's own handler waits for Python to go on; the program has its own, or ends at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(run(["allonym", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
