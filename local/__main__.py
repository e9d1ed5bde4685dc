"""`python -m local run` and `python -m local stop`, which `make local` and `make stop` call."""

from __future__ import annotations

import sys

from local.run.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
