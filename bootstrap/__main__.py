"""Prepares the accounts of a stack, once and by an administrator: `pulumi up -C bootstrap`.

With the word `template` it prints the same as a CloudFormation template instead.
"""

import sys
from pathlib import Path

# Pulumi looks for modules in this folder, and not in the project's.
sys.path.insert(0, str(Path(__file__).parents[1]))

from bootstrap.command import main

main(sys.argv[1:])
