"""The Glue job's script: its work is in the package beside it."""

from __future__ import annotations

import sys

from workloads.glue.transformation import main

if __name__ == "__main__":
    main(sys.argv[1:])
