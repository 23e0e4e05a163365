#!/usr/bin/python3
"""`mns stats` over a real stack: after every kind of event and correction the figures equal a recount of the register, month by
month, place by place and on both bases; the report in its forms; printed rates are checked; a stop tells nothing twice."""
import csv
import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, Failed, Stack, check, main, until  # noqa: E402

TOWNSHIP, VILLAGE, OTHER_TOWNSHIP, OTHER_VILLAGE = "510322102000", "510322102203", "510322125000", "510322125001"
PRINTED = ["--birth-rate", "4.68", "--death-rate", "3.36", "--natural-rate", "1.29", "--birth-change", "+0.14",
           "--death-change", "+1.28", "--natural-change", "-1.17"]
stack = Stack()


def caught_up():
    until("all is counted", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.05)


def event(kind, **fields):
    options = [part for name, value in fields.items() for part in (f"--{name.replace('_', '-')}", value)]
    return stack.json("event", kind, *options)[0]


def a_county_is_loaded():
    stack.start()
    stack.run("sample", "load", "--scale", "0.002")
    caught_up()


def every_kind_of_event_and_correction():
    people = [p for p in stack.json("req", "registry.search", "--place", VILLAGE) if p["place"] == VILLAGE and p["status"] == "present"]
    dead, gone, moved, twice = (p["person"] for p in people[:4])
    birth = event("birth", place=VILLAGE, occurred="2025-06-30", name="乙", sex="male", mother="elsewhere", birth_order=4)
    death = event("death", person=dead, place=VILLAGE, occurred="2025-11-30")
    event("move-out", person=gone, place=VILLAGE, occurred="2026-04-04")
    event("move-within", person=moved, place=OTHER_VILLAGE, occurred="2026-03-03")
    event("move-in", name="丙", sex="female", birth="1990-01-01", place=VILLAGE, other_place="440300000000", occurred="2026-01-31")
    event("adjustment", person=twice, adjustment="duplicate", place=VILLAGE, occurred="2025-12-31")
    event("adjustment", name="甲", sex="male", birth="1990-01-01", adjustment="omitted", place=VILLAGE, occurred="2025-12-31")
    stack.run("person", "correct", dead, "--field", "sex", "--value", "unknown", "--reason", "a test")
    stack.run("person", "correct", "--event", death["event"], "--field", "occurred", "--value", "2026-02-01", "--reason", "a test")
    stack.run("person", "correct", "--event", birth["event"], "--field", "birth_order", "--value", "1", "--reason", "a test")
    caught_up()


def counts(period, basis):
    rows = stack.json("stats", "counts", "--place", VILLAGE, "--period", period, "--basis", basis)
    return {(row["measure"], row.get("dimension") or ""): row["value"] for row in rows}


def the_corrected_facts_count():
    late = counts("2025", "occurrence")
    check(late["births", "male.1"] == 1 and ("births", "male.3") not in late, f"{late}")
    check(not any(measure == "deaths" for measure, _ in late), f"the death was moved to 2026: {late}")
    check(counts("2026-02", "occurrence")["deaths", "unknown"] == 1, "the death of February")
    check(counts("2025-12", "registration").get(("adjustments", "omitted.male")) is None, "it was registered in 2026")


def figures_equal_the_recount():
    for place in (TOWNSHIP, OTHER_TOWNSHIP):
        said = stack.run("stats", "verify", "--place", place, "--villages", "--months")
        check("all agree" in said, said)
    said = stack.json("stats", "verify")
    check(said == [], f"{said}")


def the_report_in_its_forms():
    for period in ("2026-S1", "2026-Q2", "2026-06", "2025"):
        text = stack.run("stats", "report", "--period", period)
        check(period in text and "Crude birth rate" in text, text)
        numbers = json.loads(stack.run("stats", "report", "--period", period, "--json"))["periods"][period]
        rows = csv.DictReader(io.StringIO(stack.run("stats", "report", "--period", period, "--csv")))
        listed = {row["indicator"]: row["value"] for row in rows if row["period"] == period}
        check(int(listed["births"]) == numbers["births"]["value"], f"{listed['births']} {numbers['births']}")
    check("2025-S2: break in series" in stack.run("stats", "report", "--short"), "the register check of 2025 is told")
    check("出生率" in stack.run("stats", "report", environment={"MNS_LANGUAGE": "zh"}), "a report in Chinese")


def printed_rates_are_checked():
    done = stack.run("stats", "check-reported", *PRINTED, "--births", 4858, "--deaths", 3512, "--json", code=None)
    found = json.loads(done.stdout)
    check(done.returncode == 1 and len(found) == 3, done.stdout)
    check([row["finding"] for row in found] == ["rates_do_not_add", "changes_do_not_add", "populations_do_not_meet"], f"{found}")
    check([str(row["suggestion"]) for row in found[:2]] == ["4.65", "0.11"], f"{found}")
    check(stack.run("stats", "check-reported", "--birth-rate", "4.65", "--death-rate", "3.36", "--natural-rate", "1.29",
                    "--births", 4858, "--deaths", 3512, "--json").strip() == "[]", "nothing is wrong")


def bad_questions_are_refused():
    stack.refused("stats", "show", "--period", "2026-H1", code=2, words=["2026-H1", "2026-S1"])
    stack.refused("stats", "show", "--place", "510322999000", words=["510322999000"])
    stack.refused("stats", "show", "--indicator", "weddings", words=["weddings"])
    stack.refused("stats", "check-reported", "--birth-rate", "4.685", code=2, words=["4.685"])
    stack.run("account", "add", "reader", "--role", "official", "--division", TOWNSHIP)
    until("the broker knows the account", 5, lambda: stack.run("stats", "show", "--place", TOWNSHIP, "--account", "reader",
                                                               code=None).returncode == 0)
    stack.refused("stats", "show", "--place", COUNTY, "--account", "reader", words=["division"])
    stack.refused("stats", "export", "--account", "reader", words=["role"])


def a_stop_tells_nothing_twice():
    def told():  # the log itself may go on: what was refused above is told a second later
        return stack.json("req", "statistics.status")[0]["published"]
    before = told()
    stack.stop()
    stack.start()
    caught_up()
    check(told() == before, f"{told()} events, {before} before the stop")


try:
    main([a_county_is_loaded, every_kind_of_event_and_correction, the_corrected_facts_count, figures_equal_the_recount,
          the_report_in_its_forms, printed_rates_are_checked, bad_questions_are_refused,
          a_stop_tells_nothing_twice])
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
