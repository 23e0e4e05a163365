#!/usr/bin/python3
"""1,000 moves and 1,000 verifications between two counties under random cuts and kills; the short form of it is
tests/fault/test_exchange_faults.py."""
import os
import pathlib
import sys

test = pathlib.Path(__file__).resolve().parents[1] / "fault/test_exchange_faults.py"
os.execv(sys.executable, [sys.executable, str(test), "1000", "1000", *sys.argv[1:2]])
