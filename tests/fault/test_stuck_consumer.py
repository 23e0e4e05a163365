#!/usr/bin/python3
"""One subscriber of twenty is stopped (docs/faults.md row 30): the others get everything at once, the broker's memory stays where
it is, the lag of the stopped one is seen and told, also when it has gone; and when it wakes up it has missed nothing."""
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Parts, check, main, until  # noqa: E402

COUNT = 20
GROWTH_MIB = 64  # page cache, the ring of the newest groups, queues of twenty connections
stack = Parts(environment={"MNS_CONSUMER_LAG_RECORDS": "2000"})
subscribers, outputs = [], []


def resident_mib():
    status = pathlib.Path(f"/proc/{stack.processes['broker'].pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def consumers():
    return {row["consumer"]: row for row in stack.json("consumer", "list")}


def lines(i):
    return outputs[i].read_bytes().count(b"\n")


def twenty_read():
    for i in range(COUNT):
        outputs.append(stack.data / f"sub-{i}.txt")
        with open(outputs[i], "wb") as out:
            subscribers.append(subprocess.Popen([MNS, "sub", "registry.", "--from", "start", "--json",
                                                 "--consumer", f"reader-{i}"], env=stack.environment, stdout=out,
                                                stderr=subprocess.DEVNULL))
    until("all are there", 20, lambda: sum(name.startswith("reader-") for name in consumers()) == COUNT)
    stack.run("consumer", "require", "reader-0", "--required", "yes")
    os.kill(subscribers[0].pid, signal.SIGSTOP)


def the_others_go_on():
    before = resident_mib()
    stack.run("sample", "load", "--scale", "0.004")
    loaded = time.monotonic()
    until("the log is quiet", 30, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0)
    until("nineteen have the same", 40, lambda: len({lines(i) for i in range(1, COUNT)}) == 1 and lines(1) > 300)
    print(f"nineteen have {lines(1)} events {time.monotonic() - loaded:.1f} s after the load, "
          f"the stopped one {lines(0)}; the broker has grown by {resident_mib() - before:.1f} MiB")
    check(lines(0) < lines(1), "the stopped one has read nothing meanwhile")
    check(resident_mib() - before < GROWTH_MIB, f"the broker has grown by {resident_mib() - before:.0f} MiB")


def its_lag_is_seen():
    until("the alarm", 10, lambda: "consumer_lag.reader-0" in
          [alarm["code"] for alarm in stack.json("req", "bus.status")[0].get("alarms", [])])
    row = consumers()["reader-0"]
    check(int(row["lag"]) > 2000 and row["alarm"] == "yes", row)
    check(all(int(consumers()[f"reader-{i}"]["lag"]) <= 2000 for i in range(1, COUNT)), consumers())


def it_wakes_up():
    os.kill(subscribers[0].pid, signal.SIGCONT)
    until("it has what the others have", 30, lambda: lines(0) == lines(1))
    check(outputs[0].read_bytes() == outputs[1].read_bytes(), "the same, in the same order")


def one_that_has_gone_is_seen():
    for process in subscribers:
        process.terminate()
        process.wait()
    until("reader-1 is away", 30, lambda: consumers()["reader-1"]["connected"] == "no")
    stack.run("consumer", "reset", "reader-1", "--number", "5")
    check(int(consumers()["reader-1"]["offset"]) == 5, consumers()["reader-1"])
    stack.run("consumer", "remove", "reader-1")
    check("reader-1" not in consumers(), "it is forgotten")
    stack.kill_part("broker")
    stack.start_part("broker")
    until("the broker is back", 20, lambda: stack.run("consumer", "list", code=None).returncode == 0)
    check("reader-2" in consumers() and "reader-1" not in consumers(), "what is known of consumers outlives the broker")


if __name__ == "__main__":
    try:
        with stack:
            main([twenty_read, the_others_go_on, its_lag_is_seen, it_wakes_up, one_that_has_gone_is_seen])
    finally:
        for subscriber in subscribers:
            subscriber.kill()
            subscriber.wait()
