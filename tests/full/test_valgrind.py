#!/usr/bin/python3
"""The whole stack under valgrind: a small county is loaded, a birth, a death and a payment are entered, everything is asked
once, a backup is made; then it stops. No invalid access, nothing undefined, nothing leaked."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, Stack, check, main, until  # noqa: E402

VALGRIND = ("valgrind", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite", "--fair-sched=yes")
VILLAGE = "510322102203"


def the_stack_is_clean():
    with Stack(under=VALGRIND, wait=120) as stack:
        stack.run("sample", "load", "--scale", "0.001")
        until("figures equal the recount", 120, lambda: stack.run("stats", "verify", code=None).returncode == 0, pause=0.5)
        stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", "试一", "--sex", "female",
                  "--mother", "foundling", "--birth-order", "1")
        person = next(row for row in stack.json("person", "search", "--place", VILLAGE) if row["status"] == "present")
        stack.run("event", "death", "--place", VILLAGE, "--occurred", "2026-07-01", "--person", person["person"])
        stack.run("batch", "fund", "--source", "county", "--yuan", "1")
        for question in (("stats", "report"), ("stats", "show", "--place", COUNTY, "--period", "2026-S1"), ("status",),
                         ("apply", "entitlements"), ("notify", "list"), ("log", "show"), ("stats", "export")):
            stack.run(*question)
        stack.refused("event", "birth", "--place", VILLAGE, "--occurred", "2027-01-01", "--name", "试二", "--sex",
                      "female", "--mother", "foundling", "--birth-order", "1")
        stack.run("backup", "clean")
        code = stack.stop()
        check(code == 0, f"valgrind ended with {code}:\n" + "\n".join(
            line for line in stack.log().splitlines() if line.startswith("=="))[:20000])


if not shutil.which("valgrind"):
    print("skipped: valgrind is not installed")
    sys.exit(77)
main((the_stack_is_clean,))
