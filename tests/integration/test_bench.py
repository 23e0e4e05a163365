#!/usr/bin/python3
"""`mns bench`: what it counts is in the log, a stall is felt by all that were due in it, and a log in use is left alone."""
import json
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Parts, check, main, until

parts = Parts()


def bench(*arguments):
    return parts.json("bench", *arguments)


def log_number():
    return parts.json("req", "bus.status")[0].get("log_number", 0)


def ordered(latency):
    values = [latency[name] for name in ("p50", "p90", "p99", "p99.9", "max")]
    return values == sorted(values) and values[0] > 0


def test_publish_counts_what_is_in_the_log():
    before = log_number()
    result = bench("publish", "--count", "500", "--in-flight", "50", "--size", "1000")
    check(result["messages"] == 500 and log_number() == before + 500, f"{result}")
    check(498000 <= result["bytes"] <= 503000 and result["per_second"] > 0 and ordered(result["latency_us"]), f"{result}")
    text = parts.run("bench", "publish", "--count", "20")
    check("20 messages" in text and "p99.9" in text, text)


def test_subscribers_each_get_everything():
    result = bench("subscribe", "--count", "100", "--rate", "500", "--subscribers", "3")
    check(result["messages"] == 300 and ordered(result["latency_us"]), f"{result}")
    replayed = bench("subscribe", "--replay")
    check(replayed["messages"] == 620, f"{replayed}")


def test_request_asks_a_service():
    result = bench("request", "--count", "100", "--in-flight", "10")
    check(result["messages"] == 100 and ordered(result["latency_us"]), f"{result}")
    result = bench("request", "--command", "registry.places", "--body", '{"text": "x"}', "--count", "10")
    check(result["messages"] == 10, f"{result}")


def test_a_stall_is_felt_by_all_that_were_due_in_it():
    """At 200 a second half a second of silence is 100 latencies; measured from sending it would be one."""
    with subprocess.Popen([MNS, "bench", "publish", "--rate", "200", "--seconds", "2", "--in-flight", "1", "--json"],
                          env=parts.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        before = log_number()
        until("it publishes", 10, lambda: log_number() > before + 20)
        broker = parts.processes["broker"]
        broker.send_signal(signal.SIGSTOP)
        time.sleep(0.5)  # this is the stall
        broker.send_signal(signal.SIGCONT)
        result = json.loads(running.communicate(timeout=60)[0])
    check(running.returncode == 0 and result["messages"] == 400, f"{result}")
    check(result["latency_us"]["p90"] > 100000, f"a tenth of all waited for long: {result}")


def test_a_log_in_use_is_left_alone():
    path = parts.data / "places.csv"
    path.write_text("code,name,level\n510000000000,四川省,1\n")
    parts.run("import", path)
    until("it is in the log", 10, lambda: any(row["name"] == "registry" and row.get("number", 0) > 0
                                              for row in parts.json("req", "bus.status")[0]["producers"]))
    before = log_number()
    parts.refused("bench", "publish", "--count", "1", words=["in use", "--yes"])
    parts.refused("bench", "subscribe", "--count", "1", words=["in use", "--yes"])
    check(log_number() == before, "nothing was written")
    check(bench("publish", "--count", "1", "--yes")["messages"] == 1, "with --yes it is")
    check(bench("subscribe", "--replay", "--prefix", "places.")["messages"] == 1, "reading is always allowed")


def test_wrong_usage_is_told():
    for arguments, word in [(["publish", "--size", "1"], "--size"), (["publish", "--in-flight", "0"], "--in-flight"),
                            (["subscribe", "--subscribers", "1000"], "--subscribers"), (["request", "--rate", "-1"], "--rate"),
                            (["request", "--command", "registry.correct"], "no query"), (["nonsense"], "nonsense")]:
        parts.refused("bench", *arguments, code=2, words=[word])
    parts.refused("bench", "request", "--command", "registry.persons", "--yes", "--count", "1", words=["registry.persons"])


if __name__ == "__main__":
    with parts:
        main([value for name, value in list(globals().items()) if name.startswith("test_")])
