"""`python -m operate`."""

import sys

from operate.application import main

sys.exit(main())
