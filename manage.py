#!/usr/bin/env python
"""Run one of the project's commands: `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from ksbb.core.privacy import print_masked

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksbb.settings")
    sys.excepthook = print_masked
    execute_from_command_line(sys.argv)
