#!/usr/bin/python3
"""A reform of the sample county itself over a real stack: loaded under 512522, its code of before 1985, then 510322. Last year's
figures stand in the old boundaries and are recast in the new; parts make the whole; every mistake is told at once; the same file
again is nothing, whatever was killed meanwhile; who subscribes by prefix gets both codes without a hole (docs/faults.md row 48)."""
import csv
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, main, until  # noqa: E402

OLD, NEW, DAY = "512522", "510322", "2026-01-01"
VILLAGE, NEW_VILLAGE = OLD + "102203", NEW + "102203"
stack = Stack(environment={"MNS_COUNTY": OLD + "000000"})


def caught_up():
    until("all is counted", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.05)


def the_county_under_its_old_code():
    """The sample's files, with the code that the county had, under the city that it lay in."""
    stack.start()
    files = stack.data / "files"
    stack.run("sample", "write", files, "--scale", "0.002")
    for name in ("places", "persons", "returns", "recipients", "exits"):
        path = files / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(NEW, OLD), encoding="utf-8")
    with open(files / "places.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        row[3] = ""  # the division above follows from the code
    rows.append([OLD[:4] + "0" * 8, "宜宾地区", "2"] + [""] * (len(rows[0]) - 3))
    with open(files / "places.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    for name in ("places", "persons", "returns"):
        stack.run("import", files / f"{name}.csv")
    caught_up()
    stack.run("import", files / "recipients.csv")
    caught_up()


def balances(place, period, basis, boundaries=None):
    """The rows of a place and its parts, the place first."""
    extra = ["--boundaries", boundaries] if boundaries else []
    rows = stack.json("stats", "list", "--place", place, "--period", period, "--basis", basis, *extra)
    for row in rows:
        closing = row["opening"] + row["births"] - row["deaths"] + row["moves_in"] - row["moves_out"] + row["adjustments"]
        check(closing == row["closing"], f"{period} {basis}: {row}")
    for what in ("opening", "births", "deaths", "adjustments", "closing"):
        check(rows[0][what] == sum(row[what] for row in rows[1:]), f"{what} of {place} in {period} by {basis} in {boundaries}: {rows}")
    return [{key: value for key, value in row.items() if key not in ("place", "name")} for row in rows]


def file(*rows):
    path = stack.data / "reform.csv"
    path.write_text("operation,code,successor,name,day\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def every_mistake_at_once():
    wrong = file(f"move,{OLD},{NEW},,{DAY}", f"merge,{OLD}888,{OLD}102,,{DAY}", f"rename,{VILLAGE},,,{DAY}")
    for dry in ([], ["--dry-run"]):
        stack.refused("place", "reform", wrong, *dry, words=(":3: code", ":4: name", "2 mistakes"))


def nobody_but_an_administrator():
    stack.run("account", "add", "checker", "--role", "approver")
    stack.refused("place", "reform", file(f"move,{OLD},{NEW},,{DAY}"), "--account", "checker", words=("role",))


def the_reform_survives_a_kill():
    """Whether it came before or behind the kill, the next one makes it whole."""
    told.update({(p, b): balances(OLD, p, b) for p in ("2025", "2025-S2") for b in ("registration", "occurrence")})
    rehearsed = stack.json("place", "reform", file(f"move,{OLD},{NEW},,{DAY}"), "--dry-run")
    check(rehearsed[0]["result"] == "created" and rehearsed[0]["persons"] > 1000, f"{rehearsed}")
    check(stack.json("place", "show", OLD)[0].get("valid_to") is None, "a dry run changes nothing")
    path = file(f"move,{OLD},{NEW},,{DAY}")
    asking = threading.Thread(target=lambda: stack.run("place", "reform", path, code=None, timeout=60))
    asking.start()
    stack.kill()
    stack.start()
    asking.join()
    stack.run("place", "reform", path)
    check(stack.json("place", "reform", path)[0]["result"] == "exists", "the same file again")
    caught_up()
    check(stack.json("place", "history", NEW)[0]["code"] == OLD + "000000", "the predecessor")


def last_year_in_both_boundaries():
    for (period, basis), before in told.items():
        check(balances(OLD, period, basis) == before, f"{period} by {basis} is no longer what it was")
        check(balances(OLD, period, basis, "2025-12-31") == before, f"{period} by {basis} in the old boundaries")
        check(balances(NEW, period, basis, DAY) == before, f"{period} by {basis} in the new boundaries")


def this_year_too():
    for basis in ("registration", "occurrence"):
        plain = balances(NEW, "2026-S1", basis)[0]
        recast = balances(NEW, "2026-S1", basis, DAY)[0]
        check(plain["opening"] == 0 and plain["adjustments"] == recast["opening"] > 1000, f"the transfer: {plain} {recast}")
        left = balances(OLD, "2026-S1", basis)[0]
        check(left["closing"] == 0 and left["adjustments"] == -plain["adjustments"], f"what went: {left}")
        check(recast["adjustments"] == 0 and recast["closing"] == plain["closing"], f"{plain} {recast}")
        check(balances(OLD, "2026-S1", basis, "2025-12-31")[0] == recast, "this year in the old boundaries")


def an_event_keeps_the_place_of_its_day():
    mother = ["--mother", "elsewhere", "--sex", "female"]
    stack.refused("event", "birth", "--place", NEW_VILLAGE, "--occurred", "2025-12-30", "--name", "早", *mother, words=("history",))
    stack.refused("event", "birth", "--place", VILLAGE, "--occurred", "2026-03-01", "--name", "晚", *mother, words=("history",))
    late = stack.json("event", "birth", "--place", VILLAGE, "--occurred", "2025-12-30", "--name", "早", *mother)[0]
    stack.json("event", "birth", "--place", NEW_VILLAGE, "--occurred", "2026-03-01", "--name", "晚", *mother)
    check(stack.json("person", "show", late["person"])[0]["place"] == NEW_VILLAGE, "where the child lives")
    caught_up()
    before = {basis: balances(OLD, "2025", basis)[0]["births"] - told["2025", basis][0]["births"]
              for basis in ("registration", "occurrence")}
    check(before == {"registration": 0, "occurrence": 1}, f"{before}")
    this_year_too()


def subscribers_hear_both_codes():
    wanted = [f"registry.birth.{OLD}", f"registry.birth.{NEW}", f"places.reform.{OLD}000000"]
    births = sum(balances(OLD, year, "registration", "2025-12-31")[0]["births"] for year in ("2025", "2026"))
    lines = stack.run("sub", *wanted, "--from", "start", "--json", "--count", str(births + 1)).splitlines()
    topics = [json.loads(line)["subject"] for line in lines]
    codes = [topic.split(".")[2][:6] for topic in topics]
    reform = next(i for i, topic in enumerate(topics) if topic.startswith("places.reform"))
    check(set(codes[:reform]) == {OLD} and codes[reform + 1:] == [OLD, NEW], f"{codes[reform - 3:]}: a late birth, then a new one")


told = {}
try:
    main([the_county_under_its_old_code, every_mistake_at_once, nobody_but_an_administrator, the_reform_survives_a_kill,
          last_year_in_both_boundaries, this_year_too, an_event_keeps_the_place_of_its_day, subscribers_hear_both_codes])
finally:
    stack.__exit__(None, None, None)
