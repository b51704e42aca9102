"""Writes tests/recorded/ anew: `python -m tests.record_answers`. What changed in it is then seen in the diff."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["MASSLINE_RECORD"] = "1"
    sys.exit(pytest.main(["-n", "0", "tests/shared/test_recorded_answers.py"]))
