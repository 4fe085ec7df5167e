#!/usr/bin/env python3
"""Test a packaged app from outside, in a window of a real X server, by mouse and keyboard.

usage: python packaging/smoke.py ARCHIVE_OR_FOLDER [--output REPORT.json] [--pictures FOLDER] [--only STEP…]
                                 [--unfrozen COMMAND…]
"""

import sys

from smoke_test.command import main

if __name__ == "__main__":
    sys.exit(main())
