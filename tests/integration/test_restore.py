#!/usr/bin/python3
"""The restore drill (docs/faults.md row 22): the log is lost and put back from a backup; producers send again what it lacks,
consumers leave out what they have. Nothing is lost, nothing counts twice, and what cannot be had again is listed.
Then a store copied back from yesterday (docs/faults.md row 6), and the consumers as an operator sees them."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, main, until  # noqa: E402


def caught_up():
    until("everything is applied", 30,
          lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, pause=0.05)
    until("every outbox is empty", 30,
          lambda: all(int(row["pending"]) == 0 for row in stack.json("outbox", "show")), pause=0.05)


def status(service):
    return stack.json("req", f"{service}.status")[0]


def alarms(service):
    return {alarm["code"]: alarm["text"] for alarm in status(service).get("alarms", [])}


def forget(pattern):
    for path in stack.data.glob(pattern):
        path.unlink()


def figures():
    """Every figure, compared with a recount of the register."""
    verified = stack.json("stats", "verify")
    check(verified == [], f"figures differ from the recount: {verified}")
    return stack.run("stats", "report", "--place", "510322000000").splitlines()[1:]  # the first line has the log number


def a_backup_covers_what_was_acknowledged():
    stack.run("sample", "load", "--scale", "0.001")
    caught_up()
    check(status("registry").get("outbox_covered", 0) == 0, "nothing is covered before a backup")
    stack.run("backup", "first")
    for row in stack.json("outbox", "show"):
        check(0 < int(row["covered"]) <= int(row["acked"]) or row["service"] == "notifications", f"covered: {row}")


def a_lost_log_is_made_whole():
    stack.run("sample", "load", "--scale", "0.002", code=None)
    caught_up()
    before, epoch = figures(), status("bus")["log_epoch"]
    published = {service: status(service)["published"] for service in SERVICES}
    stack.stop()
    forget("broker/log.db*")
    stack.run("restore", "first", "--only", "broker")
    stack.start()
    caught_up()
    bus = status("bus")
    check(bus["log_epoch"] > epoch, "the log goes on in a new epoch")
    check("log_restored" in alarms("bus"), f"somebody is told: {alarms('bus')}")
    producers = {row["name"]: row.get("number", 0) for row in bus["producers"]}
    for service, number in published.items():
        check(producers.get(service, 0) >= number, f"{service}: the log has {producers.get(service)} of {number}")
        missing = [text for code, text in alarms(service).items() if code.startswith("not_in_log")]
        check(missing == [], f"{service}: {missing}")
    after = figures()
    different = [pair for pair in zip(before, after) if pair[0] != pair[1]]
    check(after == before, f"figures are what they were: {different}")


def what_cannot_be_had_again_is_listed():
    stack.run("backup", "second")
    stack.run("sample", "load", "--scale", "0.003", code=None)
    caught_up()
    lost_from = int(status("registry")["outbox_first"])
    stack.stop()
    forget("broker/log.db*")
    stack.run("restore", "first", "--only", "broker")
    stack.start(expect_ready=False)
    until("the registry says what is lost", 20, lambda: "outbox_forked" in alarms_of("registry"), pause=0.1)
    text = alarms_of("registry")["outbox_forked"]
    first = int(stack.json("outbox", "show", "registry")[0]["first_kept"])
    check(first >= lost_from and f"-{first - 1} of epoch" in text and "are lost" in text, text)
    check("restore a newer backup" in text, text)
    stack.stop()


def alarms_of(service):
    done = stack.run("req", f"{service}.status", "--json", "--timeout", "2", code=None)
    if done.returncode != 0:
        return {}
    return alarms(service)


def the_newer_backup_has_it():
    forget("broker/log.db*")
    forget("broker/log.db.before-*")
    stack.run("restore", "second", "--only", "broker")
    stack.start()
    caught_up()
    figures()


def a_store_of_yesterday_is_refused():
    """docs/faults.md row 6"""
    stack.run("backup", "third")
    stack.run("sample", "load", "--scale", "0.004", code=None)
    caught_up()
    last = status("bus")["log_number"]
    stack.stop()
    forget("registry/registry.db*")
    shutil.copy(stack.data / "backup/third.registry.db", stack.data / "registry/registry.db")
    stack.start(expect_ready=False)
    until("the registry says it", 20, lambda: "outbox_forked" in alarms_of("registry"), pause=0.1)
    check("older than the log" in alarms_of("registry")["outbox_forked"], alarms_of("registry"))
    log = status("bus")
    check(log["log_number"] - last < 20 and
          next(row.get("number", 0) for row in log["producers"] if row["name"] == "registry") > status("registry")["published"],
          "the log is as it was")
    stack.refused("event", "birth", words=["commands wait until the store is restored"])


def consumers_are_seen():
    rows = {row["consumer"]: row for row in stack.json("consumer", "list")}
    check(rows["statistics"]["required"] == "yes" and rows["statistics"]["connected"] == "yes", rows)
    check(rows["statistics"]["state"] == "running", rows)
    stack.refused("consumer", "reset", "statistics", "--number", "1", words=["connected"])
    stack.refused("consumer", "remove", "nobody", words=["no consumer"])
    stack.refused("consumer", "skip", "statistics", "registry-1-1", "--reason", "a test", words=["does not stand"])
    stack.refused("outbox", "bury", "statistics", "1", "--reason", "a test", words=["refuses no record"])


SERVICES = ("registry", "statistics", "assistance", "notifications")

if __name__ == "__main__":
    with Stack() as stack:
        main([a_backup_covers_what_was_acknowledged, a_lost_log_is_made_whole, consumers_are_seen,
              what_cannot_be_had_again_is_listed, the_newer_backup_has_it, a_store_of_yesterday_is_refused])
