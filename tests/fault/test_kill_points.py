#!/usr/bin/python3
"""The embedded stack dies at each named point of a turn or of the log (common/failpoint.h), early and late in an import;
the import goes on by itself once the stack is back, and every figure equals the recount."""
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

os.environ["MNS_BIN"] = os.path.join(os.environ["MNS_BIN"], "failpoints")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Failed, Stack, check, main, until  # noqa: E402

POINTS = (("broker_after_append", 11), ("broker_before_ack", 2), ("broker_after_ack", 11), ("service_before_commit", 2),
          ("service_before_commit", 30), ("service_after_commit", 3), ("service_after_commit", 31),
          ("service_before_reply", 11))
SCALE = "0.002"
SIDE_BY_SIDE = 3  # they mostly wait


def survives_start(stack):
    """Starts it with its failpoint; false when it is reached while the services catch up."""
    try:
        stack.start()
    except Failed:
        check(stack.process.poll() == -signal.SIGKILL, f"the stack ended with {stack.process.poll()}")
        return False
    return True


def revive(stack):
    del stack.environment["MNS_FAILPOINT"]
    stack.start()


def die_at(point, passage, folder):
    with Stack() as stack:
        stack.run("import", folder / "places.csv")
        stack.kill()
        stack.environment["MNS_FAILPOINT"] = f"{point}:kill@{passage}"
        stack.environment["MNS_IMPORT_BATCH"] = "5"
        if not survives_start(stack):
            revive(stack)
        with subprocess.Popen([MNS, "import", str(folder / "persons.csv"), "--json", "--timeout", "30"],
                              env=stack.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            if "MNS_FAILPOINT" in stack.environment:
                code = until(f"the stack dies at {point}, passage {passage}", 30, stack.process.poll)
                check(code == -signal.SIGKILL, f"the stack ended with {code}")
                revive(stack)
            out, err = process.communicate(timeout=60)
            check(process.returncode == 0, f"{point}@{passage}: the import ended with {process.returncode}: {out}{err}")
        again = stack.json("import", folder / "persons.csv")
        check(again["created"] == 0 and again["exists"] == again["rows"], f"{point}@{passage}: again: {again}")
        until(f"figures equal the recount after {point}@{passage}", 30,
              lambda: stack.run("stats", "verify", code=None).returncode == 0, pause=0.1)


def test_each_point():
    with tempfile.TemporaryDirectory() as folder, Stack() as stack:
        stack.run("sample", "write", folder, "--scale", SCALE)
        stack.kill()
        with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as stacks:
            list(stacks.map(lambda at: die_at(*at, pathlib.Path(folder)), POINTS))


main((test_each_point,))
