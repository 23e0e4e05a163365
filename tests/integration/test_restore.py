#!/usr/bin/python3
"""The restore drill (docs/faults.md row 22): the log is lost and put back from a backup; producers send again what it lacks,
consumers leave out what they have. Nothing is lost, nothing counts twice, and what cannot be had again is listed.
Then a store copied back from yesterday (docs/faults.md row 6), and the consumers as an operator sees them."""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, main, until  # noqa: E402

VILLAGE = "510322102203"


def caught_up():
    until("everything is applied", 30,
          lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, pause=0.05)
    until("every outbox is empty", 30,
          lambda: all(int(row["pending"]) == 0 for row in stack.json("outbox", "show")), pause=0.05)


def status(service):
    return stack.json("req", f"{service}.status")[0]


def alarms(service):
    return {alarm["code"]: alarm["text"] for alarm in status(service).get("alarms", [])}


def in_log(producer):
    return next(row.get("number", 0) for row in status("bus")["producers"] if row["name"] == producer)


def births(count):
    for _ in range(count):
        names.append(f"新{len(names)}")
        stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", names[-1], "--sex",
                  "female", "--mother", "foundling", "--birth-order", "1")


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


def moment():
    """What a subscriber compares figures by."""
    record = stack.json("req", "statistics.figures", "--place", VILLAGE, "--period", "2026-07")[0]
    return record["log_epoch"], record["revision"]


def a_lost_log_is_made_whole():
    births(5)
    caught_up()
    before, epoch, told_at = figures(), status("bus")["log_epoch"], moment()
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
    check(moment() > told_at, f"revisions go back: {moment()} after {told_at}")
    after = figures()
    different = [pair for pair in zip(before, after) if pair[0] != pair[1]]
    check(after == before, f"figures are what they were: {different}")


def what_cannot_be_had_again_is_listed():
    stack.run("backup", "second")
    births(5)
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
    births(5)
    caught_up()
    last = in_log("registry")
    stack.stop()
    (stack.data / "registry/registry.db").rename(stack.data / "registry.db.newest")
    forget("registry/registry.db*")
    shutil.copy(stack.data / "backup/third.registry.db", stack.data / "registry/registry.db")
    stack.start(expect_ready=False)
    until("the registry says it", 20, lambda: "outbox_forked" in alarms_of("registry"), pause=0.1)
    check("older than the log" in alarms_of("registry")["outbox_forked"], alarms_of("registry"))
    check(in_log("registry") == last and last > status("registry")["published"], f"the log is as it was: {last}")
    stack.refused("backup", "odd", code=3, words=["registry is forked"])
    stack.refused("event", "birth", words=["commands wait until the store is restored"])


def the_newest_store_goes_on():
    stack.stop()
    forget("registry/registry.db*")
    (stack.data / "registry.db.newest").rename(stack.data / "registry/registry.db")
    stack.start()
    caught_up()


def births_counted():
    records = stack.json("req", "statistics.figures", "--place", VILLAGE, "--period", "2026-07")
    return sum(count["value"] for record in records for count in record.get("counts", []) if count["measure"] == "births")


def heard(after, count):
    """What an outside consumer reads of the register behind a log number: who says it under which number."""
    lines = stack.run("sub", "registry.birth.", "--from", after, "--count", count, "--json").splitlines()
    return {json.loads(line)["id"] for line in lines}


def a_whole_restore_gives_out_no_number_twice():
    """Every store goes back but one; that service, and an outside consumer, are ahead of the log."""
    stack.run("backup", "whole")
    held, born, epoch = status("bus")["log_number"], births_counted(), status("registry")["producer_epoch"]
    births(3)
    caught_up()
    check(births_counted() == born + 3, "the births count")
    before = heard(held, 3)
    stack.stop()
    for service in ("broker", "registry", "assistance", "notifications"):
        stack.run("restore", "whole", "--only", service)
    stack.start()
    births(2)
    caught_up()
    check(status("registry")["producer_epoch"] > epoch, "the registry goes on in an epoch of its own")
    check(heard(held, 2).isdisjoint(before), "a number was given out twice")
    check(births_counted() == born + 5, f"each new event counts once: {born} {births_counted()}")
    check("not_in_log.registry" in alarms("statistics"), f"what is in no log is told: {alarms('statistics')}")


def behind():
    return {row["consumer"]: row["lag"] for row in stack.json("consumer", "list") if row["lag"]}


def a_quiet_consumer_is_not_behind():
    """After the log has been read again: the broker hears of it without a new event, else retention waits for ever."""
    until("every consumer is where the log is", 25, lambda: not behind())


def consumers_are_seen():
    rows = {row["consumer"]: row for row in stack.json("consumer", "list")}
    check(rows["statistics"]["required"] == "yes" and rows["statistics"]["connected"] == "yes", rows)
    check(rows["statistics"]["state"] == "running", rows)
    stack.refused("consumer", "reset", "statistics", "--number", "1", words=["connected"])
    stack.refused("consumer", "remove", "nobody", words=["no consumer"])
    stack.refused("consumer", "skip", "statistics", "registry-1-1", "--reason", "a test", words=["does not stand"])
    stack.refused("outbox", "bury", "statistics", "1", "--reason", "a test", words=["refuses no record"])


names = []
SERVICES = ("registry", "statistics", "assistance", "notifications")

if __name__ == "__main__":
    with Stack() as stack:
        main([a_backup_covers_what_was_acknowledged, a_lost_log_is_made_whole, a_quiet_consumer_is_not_behind,
              consumers_are_seen, what_cannot_be_had_again_is_listed, the_newer_backup_has_it,
              a_store_of_yesterday_is_refused, the_newest_store_goes_on, a_whole_restore_gives_out_no_number_twice])
