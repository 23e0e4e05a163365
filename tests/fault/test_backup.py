#!/usr/bin/python3
"""A backup whose copies take long: the service that is copied answers meanwhile, the broker forgets nobody, and whoever
makes the backup may be interrupted, or die: the log goes on. A service that is behind the log is told."""
import os
import pathlib
import signal
import subprocess
import sys

os.environ["MNS_BIN"] = os.path.join(os.environ["MNS_BIN"], "failpoints")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Stack, check, main, until  # noqa: E402

VILLAGE = "510322102203"
STORES = ("broker", "registry", "statistics", "assistance", "notifications")


def part(name, store="registry"):
    return stack.data / f"backup/{name}.{store}.db.part"


def go_on():
    (stack.data / "go-on").touch()


def begin(name, failpoint):
    """A stack that pauses at the failpoint until go_on(), and a backup on its way there."""
    (stack.data / "go-on").unlink(missing_ok=True)
    stack.environment.update(MNS_FAILPOINT=failpoint, MNS_FAILPOINT_GO_ON=str(stack.data / "go-on"))
    stack.start()
    process = subprocess.Popen([MNS, "backup", name], env=stack.environment, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    return process


def appended():
    return stack.json("req", "bus.status")[0]["log_number"]


def goes_on():
    """Something that is said now reaches the log."""
    before = appended()
    stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", f"新{before}", "--sex", "female",
              "--mother", "foundling", "--birth-order", "1")
    until("the log goes on", 20, lambda: appended() > before)


def services_answer_while_they_are_copied():
    stack.run("sample", "load", "--scale", "0.001")
    stack.stop()
    process = begin("slow", "store_copy:pause@1")
    until("the copy is being made", 10, part("slow").exists)
    for service in ("registry", "bus"):
        stack.run("req", f"{service}.status")
    refused = stack.run("req", "registry.backup", "--path", part("other"), "--timeout", 1, code=None)
    check(refused.returncode == 1, "two copies at a time")
    check(part("slow").exists() and process.poll() is None, "it was not being copied meanwhile")
    go_on()
    out, err = process.communicate()
    check(process.returncode == 0, f"{process.returncode}: {out}{err}")
    check(all((stack.data / f"backup/slow.{store}.db").exists() for store in STORES), out)
    check(not list(stack.data.glob("backup/*.part*")), "something is left")
    stack.stop()


def the_broker_answers_while_the_log_is_copied():
    process = begin("log", "log_copy:pause@1")
    until("the log is held", 10, lambda: stack.run("req", "bus.hold", "--seconds", 1, "--timeout", 1,
                                                   code=None).returncode != 0)
    stack.run("req", "bus.status")
    stack.run("req", "registry.status")
    check(process.poll() is None, "the log was not being copied meanwhile")
    go_on()
    out, err = process.communicate()
    check(process.returncode == 0, f"{process.returncode}: {out}{err}")
    stack.stop()


def ended(name, how):
    """Ends the backup in the middle of a copy; the log goes on although that copy still stands."""
    process = begin(name, "store_copy:pause@1")
    until("the copy is being made", 10, part(name).exists)
    process.send_signal(how)
    out, err = process.communicate()
    goes_on()
    go_on()
    return process.returncode, out + err


def ctrl_c_lets_the_log_go_on():
    code, text = ended("cut", signal.SIGINT)
    check(code == 128 + signal.SIGINT and "the log goes on" in text and "not complete" in text, f"{code}: {text}")
    until("another backup can be made", 10, lambda: stack.run("backup", "whole", code=None).returncode == 0, pause=0.5)
    stack.stop()


def the_end_of_the_command_lets_the_log_go_on():
    code, _ = ended("killed", signal.SIGKILL)  # the broker asks whether it is still there
    check(code == -signal.SIGKILL, str(code))


if __name__ == "__main__":
    with Stack() as stack:
        main([services_answer_while_they_are_copied, the_broker_answers_while_the_log_is_copied, ctrl_c_lets_the_log_go_on,
              the_end_of_the_command_lets_the_log_go_on])
