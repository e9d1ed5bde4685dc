"""`python -m local run` and `python -m local stop`, which `make local` and `make stop` call."""

from __future__ import annotations

import sys

_INTERRUPTED = 130
"""As a shell reports a process that Ctrl-C ended."""


def _main() -> int:
    try:
        # Importing takes half a second, in which Ctrl-C can come too.
        from local.run.command import main

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("local run: interrupted\n")
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(_main())
