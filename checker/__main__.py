"""``python -m checker``, the same as the command ``safety-case``."""

import sys

from checker.cli import main

sys.exit(main())
