#!/usr/bin/python3
"""The metrics over HTTP: of one process and of five, in the format that Prometheus reads, with what was counted in them;
what is not there, what is too much, and where nothing listens."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import BIN, MNS, SOURCE, Stack, check, free_port, main, until

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{((?:{NAME}="(?:[^"\\\n]|\\["\\n])*",?)*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|\+Inf|NaN)$')
PORT = free_port()
stack = Stack(environment={"MNS_METRICS_LISTEN": f"127.0.0.1:{PORT}"})


def get(path, port=PORT, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def parse(text):
    """Every rule of the text format that a scraper relies on; returns {(name, labels): value}."""
    values, types, helps, family = {}, {}, set(), None
    check(text.endswith("\n"), "the last line ends")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            check(name not in helps and len(line.split(" ", 3)) == 4, f"one help: {line}")
            helps.add(name)
        elif line.startswith("# TYPE "):
            _, _, family, kind = line.split(" ")
            check(family not in types and kind in ("counter", "gauge", "histogram"), f"one type: {line}")
            check((kind == "counter") == family.endswith("_total"), f"a counter ends with _total: {line}")
            types[family] = kind
        else:
            found = SAMPLE.match(line)
            check(found, f"not a sample: {line!r}")
            name, labels, value = found.groups()
            base = re.sub(r"_(bucket|sum|count)$", "", name) if types[family] == "histogram" else name
            check(base == family, f"samples of one metric stand together: {line} under {family}")
            check((name, labels) not in values, f"twice: {line}")
            values[name, labels] = float(value)
    check(set(types) == helps, f"{set(types) ^ helps}")
    return values


def samples():
    status, kind, text = get("/metrics")
    check(status == 200 and kind.startswith("text/plain; version=0.0.4"), f"{status} {kind}")
    return parse(text)


def test_what_is_counted_is_shown():
    path = stack.data / "places.csv"
    path.write_text("code,name,level\n510000000000,四川省,1\n510300000000,自贡市,2\n")
    stack.run("import", path)
    status = until("the broker has it", 10, lambda: [row for row in stack.json("req", "bus.status")
                                                     if row["log_number"] >= 2])[0]
    until("the metrics have it", 5, lambda: samples()["mns_broker_appended_total", None] >= status["appended"])
    values = samples()
    check(values["mns_broker_log_last", None] >= 2, "the log")
    check(values["mns_broker_append_seconds_count", None] == values["mns_broker_groups_total", None], "each group once")
    check(values["mns_broker_append_seconds_bucket", 'le="+Inf"'] == values["mns_broker_groups_total", None], "buckets")
    until("the registry tells what it gave out", 5,
          lambda: samples()["mns_service_published_total", 'service="registry"'] >= 2)
    until("statistics has applied it", 5, lambda: samples()["mns_service_log_number", 'service="statistics"'] >= 2)
    until("its lag is gone", 10, lambda: samples()["mns_consumer_lag", 'consumer="statistics"'] == 0)
    check(values["mns_process_resident_bytes", None] > 1e6 and values["mns_process_open_fds", None] > 10, "the process")
    for name in ("registry", "statistics", "assistance", "notifications"):
        until(f"{name} is connected", 5, lambda: samples()["mns_service_connected", f'service="{name}"'] == 1)


def test_every_metric_is_in_the_reference():
    page = (SOURCE / "docs/metrics.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)`", page, re.M))
    shown = {re.sub(r"(?<=_seconds)_(bucket|sum|count)$", "", name) for name, _ in samples()} - {"mns_build_info"}
    check(named == shown, f"{named ^ shown}")


def test_only_two_pages_are_there():
    check(get("/healthz")[0] == 200 and "registry ok" in get("/healthz")[2], f"{get('/healthz')}")
    check(get("/")[0] == 404 and get("/metrics/../mns.yaml")[0] == 404 and get("/metrics?x=1")[0] == 200, "404")
    check(get("/metrics", method="POST")[0] == 405 and get("/metrics", method="DELETE")[0] == 405, "405")
    head = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    head.request("HEAD", "/metrics")
    check(head.getresponse().status == 200, "HEAD")
    head.close()


def test_silent_and_senseless_clients_do_no_harm():
    silent = [socket.create_connection(("127.0.0.1", PORT), timeout=10) for _ in range(64)]
    for number, client in enumerate(silent):
        try:
            client.sendall(b"\xff\x00\x01 junk\r\n\r\n" if number % 2 else b"GET /" + b"a" * 30000)
        except OSError:
            pass
    until("it answers again", 20, lambda: samples_or_none() is not None, pause=0.2)
    for client in silent:
        client.close()
    check(stack.process.poll() is None, "the stack runs")


def samples_or_none():
    try:
        return samples()
    except OSError:
        return None


def test_a_service_without_its_broker_says_so():
    port = free_port()
    environment = dict(stack.environment, MNS_DATA=str(stack.data / "alone"), MNS_METRICS_LISTEN=f"127.0.0.1:{port}")
    os.makedirs(stack.data / "alone", exist_ok=True)
    with subprocess.Popen([BIN / "mns-notifications"], env=environment, stderr=subprocess.DEVNULL) as alone:
        try:
            until("it listens", 10, lambda: listens(port))
            until("it is not connected", 10, lambda: "not connected" in get("/healthz", port)[2])
            check(get("/healthz", port)[0] == 503, f"{get('/healthz', port)}")
            check(parse(get("/metrics", port)[2])["mns_service_connected", 'service="notifications"'] == 0, "0")
        finally:
            alone.send_signal(signal.SIGTERM)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_wrong_or_taken_address_is_told():
    for listen, words in [("5712", "no address"), ("localhost:5712", "no address"), ("127.0.0.1:70000", "no address"),
                          (f"127.0.0.1:{PORT}", "metrics_listen")]:
        environment = dict(stack.environment, MNS_DATA=str(stack.data / "other"), MNS_METRICS_LISTEN=listen)
        done = subprocess.run([MNS, "up"], env=environment, capture_output=True, text=True, timeout=60, check=False)
        check(done.returncode == 1 and words in done.stderr, f"{listen}: {done.returncode} {done.stderr}")
    config = json.loads(stack.run("schema", "config", "--json"))
    check("metrics_listen" in config["config"]["properties"], "the key is in the reference")


if __name__ == "__main__":
    with stack:
        main([value for name, value in list(globals().items()) if name.startswith("test_")])
