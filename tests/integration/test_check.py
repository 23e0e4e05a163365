#!/usr/bin/python3
"""`mns check`: every state of every check, as its exit code, its line, its numbers."""
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Parts, check, main, until

parts = Parts()


def line(*arguments, code, words=()):
    done = parts.run("check", *arguments, code=None)
    check(done.returncode == code, f"{arguments}: {done.returncode}, expected {code}: {done.stdout}{done.stderr}")
    lines = done.stdout.splitlines()
    check(len(lines) == 1 and lines[0].startswith("MINSHENG " + ["OK", "WARNING", "CRITICAL", "UNKNOWN"][code]), f"{lines}")
    check(all(word in lines[0] for word in words), f"{words} in {lines[0]}")
    return lines[0]


def test_all_is_well():
    text = line(code=0, words=["4 of 4 services run", "no alarm", "outboxes are sent", "'lag'=", "'disk'=", "'services'=4;4:;4:"])
    numbers = text.split(" | ")[1]
    check(len(numbers.split(" ")) >= 9 and all("=" in number and number.count(";") == 3 for number in numbers.split(" ")),
          numbers)
    answer = parts.json("check")
    check(answer["state"] == "OK" and answer["code"] == 0 and len(answer["checks"]) == 11, f"{answer}")
    check(parts.run("check", "--list").count("\n") >= 10, "the list")


def test_thresholds_make_states():
    line("bus", code=0, words=["answers after"])
    line("bus", "--bus-warning", "0", code=1, words=["bus:"])
    line("bus", "--bus-critical", "0", code=2, words=["bus:"])
    huge = str(1 << 40)
    line("disk", code=0)
    line("disk", "--disk-warning", huge, code=1, words=["MiB are free", f"{huge}:"])
    line("disk", "--disk-critical", huge, code=2)
    line("outbox", "--outbox-warning", "0", code=1, words=["wait in the outbox"])
    line("outbox", "--outbox-critical", "0", code=2)
    line("lag", "--lag-warning", "0", code=1, words=["records behind"])
    line("lag", "--lag-critical", "0", code=2)
    line("wal", "--wal-warning", "0", code=1, words=["write-ahead"])
    line("wal", "--wal-critical", "0", code=2)
    line("clock", "--clock-warning", "0", code=1, words=["clock"])
    line("clock", "--clock-critical", "0", code=2)
    line("services", "--service", "registry", code=0, words=["1 of 1 services run"])


def test_backup_has_an_age():
    line("backup", code=0, words=["no backup yet"])
    line("backup", "--backup-warning", "0", code=1)
    folder = parts.data / "backup"
    folder.mkdir(exist_ok=True)
    copy = folder / "old.registry.db"
    copy.write_bytes(b"")
    os.utime(copy, (time.time(), time.time() - 100 * 3600))
    line("backup", code=1, words=["100 h old"])
    os.utime(copy, (time.time(), time.time() - 200 * 3600))
    line("backup", code=2, words=["200 h old"])
    copy.unlink()


def test_a_key_that_others_can_read_is_critical():
    line("keys", code=0, words=["in order"])
    key = parts.data / "keys/spare.key"
    parts.run("keys", "make", key)
    line("keys", code=0)
    key.chmod(0o644)
    line("keys", code=2, words=["spare.key"])
    key.unlink()


def test_a_clock_behind_the_log_is_told():
    path = parts.data / "places.csv"
    path.write_text("code,name,level\n510000000000,四川省,1\n")
    parts.run("import", path)
    until("it is in the log", 10, lambda: parts.json("req", "bus.status")[0]["log_number"] >= 1)
    done = parts.run("check", "clock", code=None, environment={"MNS_CLOCK_OFFSET_S": str(-40000000)})
    check(done.returncode == 2 and "behind the last record" in done.stdout, done.stdout)


def test_a_dead_service_is_critical_and_a_dead_broker_too():
    parts.processes["notifications"].send_signal(signal.SIGTERM)
    parts.processes["notifications"].wait(20)
    until("it is missed", 60, lambda: parts.run("check", "services", code=None).returncode == 2, pause=0.2)
    line("services", code=2, words=["notifications"])
    line("services", "--service", "registry", code=0)
    parts.processes["broker"].send_signal(signal.SIGSTOP)
    try:
        text = line("--timeout", "1", code=2, words=["CRITICAL: bus:", "does not answer"])
        check("disk:" not in text.split(" | ")[0], text)
        line("lag", "--timeout", "1", code=3, words=["does not answer"])
        line("disk", code=0)
    finally:
        parts.processes["broker"].send_signal(signal.SIGCONT)


def test_an_alarm_is_critical_until_it_is_over():
    parts.start_part("notifications")
    until("all run again", 20, lambda: parts.run("check", "services", code=None).returncode == 0, pause=0.1)
    line("alarms", code=0, words=["no alarm"])
    accounts = parts.data / "accounts.yaml"
    accounts.write_text("accounts: {this: [is no list\n")
    until("the alarm", 10, lambda: parts.run("check", "alarms", code=None).returncode == 2, pause=0.1)
    line("alarms", code=2, words=["broker: accounts", "mend the file", "'alarms'=1;"])
    check("ALARM" in parts.run("status") and "mend the file" in parts.run("status"), parts.run("status"))
    chinese = parts.run("status", environment={"MNS_LANGUAGE": "zh"})
    check("告警" in chinese and "服务" in chinese, chinese)
    accounts.unlink()
    until("it is over", 10, lambda: parts.run("check", "alarms", code=None).returncode == 0, pause=0.1)


def test_wrong_usage_is_unknown():
    for arguments in (["nonsense"], ["--service", "nonsense"]):
        line(*arguments, code=3, words=["nonsense"])
    check(parts.run("check", "--nonsense", code=None).returncode == 3, "an option that is not there")
    check(parts.run("check", code=None, environment={"MNS_LOG_LEVEL": "loud"}).returncode == 3, "a wrong configuration")


if __name__ == "__main__":
    with parts:
        main([value for name, value in list(globals().items()) if name.startswith("test_")])
