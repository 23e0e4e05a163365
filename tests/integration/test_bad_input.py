#!/usr/bin/python3
"""Bad input: a clear message, a non-zero exit code, nothing lost, and the stack goes on."""
import os
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Failed, Stack, check, main, until  # noqa: E402

import zmq  # noqa: E402

VILLAGE = "510322102203"
GOOD = [f"{VILLAGE},,h1,02,张一,male,1960-01-02,,01,20,rural,2025-01-01", f"{VILLAGE},,h1,10,李二,female,1962-03-04,,01,20,rural,2025-01-01"]
HEADER = "place,residence,household,relation,name,sex,birth,citizen_number,ethnic,marital,registration,effective"
stack = Stack()


def start():
    stack.start()
    folder = stack.data / "sample-files"
    stack.run("sample", "write", folder, "--scale", "0.001")
    stack.run("import", folder / "places.csv")


def unknown_command_and_option():
    stack.refused("stat", code=2, words=["stat", "did you mean", "stats"])
    stack.refused("stats", "reprot", code=2, words=["report"])
    stack.refused("status", "--jsno", code=2, words=["--jsno", "--json"])
    stack.refused("req", "registry.recrod", code=2, words=["registry.record"])
    stack.refused("import", code=2)


def all_mistakes_of_a_configuration_at_once():
    folder = stack.data / "wrong"
    folder.mkdir()
    (folder / "mns.yaml").write_text("county: 5103x\noutbox_max: lots\nno_such_key: 1\nfeed_listen: off\nfeed_listen: off\n")
    message = stack.refused("up", "--data", folder, words=["county", "outbox_max", "no_such_key"])
    for place in ("mns.yaml:1:9:", "mns.yaml:2:13:", "mns.yaml:3:", "mns.yaml:5:"):
        check(place in message, f"{place} is not in {message}")


def fen_in_a_catalogue_is_an_integer():
    path = stack.data / "catalogue" / "schemes.yaml"
    good = path.read_text()
    stack.stop()
    for wrong in ("600.00", "060000", "60000abc"):
        path.write_text(good.replace("amount_fen: 60000", f"amount_fen: {wrong}", 1))
        check(wrong in path.read_text(), "the catalogue has no rate of 60000 fen to replace")
        message = stack.refused("up", words=["schemes.yaml:", "amount_fen"])
        check(wrong in message, message)
    path.write_text(good)
    stack.start()


def a_bad_row_in_the_middle_is_quarantined():
    path = stack.data / "middle.csv"
    rows = [GOOD[0], f"{VILLAGE},,h1,20,王三,male,1990-13-45,,01,10,rural,2025-01-01", GOOD[1], "too,few"]
    path.write_text("\n".join([HEADER] + rows) + "\n")
    done = stack.run("import", path, code=None)
    check(done.returncode == 1, f"exit code {done.returncode}")
    text = done.stdout + done.stderr
    for word in ("3", "birth", "1990-13-45", "5"):
        check(word in text, f"{word!r} is not in the report: {text}")
    found = stack.json("person", "search", "--place", VILLAGE, "--reveal")
    check(sorted(row["name"] for row in found) == ["张一", "李二"], f"the good rows: {found}")
    kept = [file for file in (stack.data / "quarantine").iterdir() if "1990-13-45" in file.read_text()]
    check(len(kept) == 1 and "too,few" in kept[0].read_text(), f"the quarantine holds {kept}")


def a_wrong_check_digit():
    message = stack.refused("event", "death", "--place", VILLAGE, "--occurred", "2026-06-30", "--citizen-number",
                            "110105194912310021", "--name", "张一")
    check("check" in message and "X" in message, message)


def a_death_before_the_birth():
    stack.refused("event", "death", "--place", VILLAGE, "--occurred", "1959-01-01", "--name", "张一", "--birth",
                  "1960-01-02", words=["1959-01-01", "1960-01-02"])


def a_directory_in_use():
    other = Stack(data=stack.data)
    other.own = False
    message = other.refused("up", words=["in use", str(stack.process.pid)])
    check("stop" in message or "another" in message, message)


def a_port_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = Stack(environment={"MNS_FEED_LISTEN": f"tcp://127.0.0.1:{port}"})
        try:
            other.refused("up", words=[str(port)])
        finally:
            other.__exit__(None, None, None)


def frames_of_junk():
    context = zmq.Context()
    peer = context.socket(zmq.DEALER)
    peer.linger = 0
    peer.connect(f"ipc://{stack.data}/run/bus")
    for frames in ([b""], [b"junk"], [b"MN\x01\x13", b"\xc1", b""], [b"MN\x01\x13", b"\xdd\xff\xff\xff\xff", b""],
                   [b"MN\x02\x01", b"\x80", b""], [os.urandom(100) for _ in range(20)], [b"MN\x01\x06", b"\x80", b"\xff" * 1000]):
        peer.send_multipart(frames)
    raw = socket.create_connection(("127.0.0.1", stack.bus_port))
    raw.sendall(b"GET / HTTP/1.1\r\n\r\n" + os.urandom(2000))
    raw.close()
    until("the stack answers", 10, lambda: stack.run("status", code=None).returncode == 0)
    peer.close()
    context.term()


def nothing_was_lost():
    found = stack.json("person", "search", "--place", VILLAGE, "--reveal")
    check(sorted(row["name"] for row in found) == ["张一", "李二"], f"{found}")
    stack.run("stats", "verify")
    check(stack.stop() == 0, "the stack did not stop cleanly")


try:
    main([start, unknown_command_and_option, all_mistakes_of_a_configuration_at_once, fen_in_a_catalogue_is_an_integer,
          a_bad_row_in_the_middle_is_quarantined, a_wrong_check_digit, a_death_before_the_birth, a_directory_in_use, a_port_taken,
          frames_of_junk, nothing_was_lost])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
