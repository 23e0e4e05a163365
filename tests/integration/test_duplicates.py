#!/usr/bin/python3
"""`mns duplicate` and `mns quality` over a real stack: a suspicion goes on the work list, is compared, merged by a second person and
undone; the figures follow; what is sent twice over a line that breaks is one event; the check of the whole, findings by hand and by
correction, and the rate of each village on the bus."""
import json
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, MNS, SOURCE, Stack, check, main, until  # noqa: E402

EXAMPLES = SOURCE / "tests/fixtures/import"
HILL = "510322101201"
stack = Stack()


def one(*arguments):
    rows = stack.json(*arguments)
    check(len(rows) == 1, f"{arguments}: {rows}")
    return rows[0]


def recounted():
    rows = stack.json("req", "registry.recount", "--place", COUNTY, "--basis", "registration")
    return {(row["measure"], row.get("dimension", "")): row["value"] for row in rows}.get(("adjustments", "merge.male"), 0)


def in_the_figures():
    until("all is counted", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.05)
    rows = stack.json("req", "statistics.figures", "--place", COUNTY, "--period", "2026-07", "--basis", "registration")
    counts = rows[0].get("counts", []) if rows else []
    return sum(count["value"] for count in counts if count["measure"] == "adjustments" and count["dimension"] == "merge.male")


def a_suspicion_is_listed_and_compared():
    stack.start()
    for name in ("places", "persons"):
        stack.run("import", EXAMPLES / f"{name}.csv")
    for account in ("maker", "checker"):
        stack.run("account", "add", account, "--role", "approver")
    arrived = one("event", "move-in", "--occurred", "2026-06-01", "--place", HILL, "--name", "王大山", "--sex", "male", "--birth",
                  "1962-02-03")
    check("may be register number 1 (70 points)" in arrived["finding"], f"{arrived}")
    pair = one("duplicate", "list")
    check((pair["first"], pair["second"], pair["points"]) == (1, arrived["person"], 70), f"{pair}")
    facts = {row["field"]: row for row in stack.json("duplicate", "show", pair["pair"])}
    check(facts["name"]["fact"] == "name_same" and facts["points"]["points"] == 70, f"{facts}")
    check("王*" in facts["name"]["first"] and "王大山" not in json.dumps(facts, ensure_ascii=False), "names are masked")
    return arrived["person"]


def a_second_person_merges_over_a_line_that_breaks():
    asked = one("duplicate", "merge", 1, 8, "--reason", "one card", "--account", "maker")
    stack.refused("duplicate", "decide", asked["merge"], "--approved", "yes", "--account", "maker", words=["somebody else"])
    check(recounted() == 0 and in_the_figures() == 0, "nothing is merged yet")
    request = [MNS, "req", "registry.decide-merge", "--merge", str(asked["merge"]), "--approved", "yes", "--account", "checker",
               "--key", str(uuid.uuid4()), "--json"]
    with subprocess.Popen(request, env=stack.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as cut:
        until("it is merged, whoever hears of it", 10, lambda: recounted() == -1)
        cut.kill()
    stack.kill()
    stack.start()
    answers = [json.loads(subprocess.run(request, env=stack.environment, capture_output=True, text=True, check=True).stdout)
               for _ in range(2)]
    check(answers[0] == answers[1] and answers[0][0]["state"] == "merged", f"{answers}")
    check(recounted() == -1 and in_the_figures() == -1, "one adjustment")
    check(len(stack.json("duplicate", "merges")) == 1, "one merge")
    check(one("req", "registry.person", "--person", 8)["status"] == "removed", "the merged entry stays, as removed")


def the_merge_is_undone():
    undone = one("duplicate", "unmerge", 1, "--reason", "two after all", "--account", "checker")
    check(undone["state"] == "undone" and recounted() == 0 and in_the_figures() == 0, f"{undone}")
    check(one("req", "registry.person", "--person", 8)["status"] == "present", "it is back")
    stack.refused("duplicate", "unmerge", 1, "--reason", "again", "--account", "checker", words=["undone"])
    check(stack.json("duplicate", "list") == [], "the pair is decided")


def findings_and_the_check():
    before = stack.json("quality", "check")
    check(before["persons"] == 8, f"{before}")
    stack.run("person", "correct", 1, "--field", "birth", "--value", "1962-02-04", "--reason", "typing")
    finding = one("quality", "list", "--rule", "number_birth")
    check(finding["person"] == 1 and finding["owner"] == "510322101000", f"{finding}")
    stack.run("person", "correct", 1, "--field", "birth", "--value", "1962-02-03", "--reason", "card seen")
    check(stack.json("quality", "list", "--rule", "number_birth") == [], "closed by the correction")
    check(one("quality", "show", finding["finding"])["state"] == "corrected", "and said so")
    stack.run("person", "correct", 1, "--field", "sex", "--value", "female", "--reason", "typing")
    closed = one("quality", "close", one("quality", "list", "--rule", "number_sex")["finding"], "--reason", "number issued wrongly")
    check(closed["state"] == "closed", f"{closed}")
    check(stack.json("quality", "check")["opened"] == 0, "it stays closed")
    rates = [json.loads(line) for line in stack.run("sub", "registry.quality." + HILL, "--from", "start", "--count", "2",
                                                    "--json").splitlines()]
    rate = rates[1]["data"] if "data" in rates[1] else rates[1]
    check("registry.quality.510322101201.2026-07" in json.dumps(rates[1]), f"{rates[1]}")
    check('"corrected": 1' in json.dumps(rate) and '"closed": 1' in json.dumps(rate), f"{rate}")


try:
    main([a_suspicion_is_listed_and_compared, a_second_person_merges_over_a_line_that_breaks, the_merge_is_undone,
          findings_and_the_check])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
