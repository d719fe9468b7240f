"""``python -m checker``, the same as the command ``safety-case``."""

import os
import sys

# Python looks for modules in the current folder first when it is started like this. A folder of specifications is not
# trusted to hold our libraries: a `click.py` in it must not be run.
if sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from checker.start import main

sys.exit(main())
