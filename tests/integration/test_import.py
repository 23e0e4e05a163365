#!/usr/bin/python3
"""Files of villages and townships: the examples of docs/import.md, quarantine and correction, the watched folder."""
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, Stack, check, main, until  # noqa: E402

EXAMPLES = SOURCE / "tests/fixtures/import"
HILL = "510322101201"
stack = Stack()


def imported(path, code=0):
    report = stack.json("import", path, code=code)
    return report, (report["created"], report["exists"], report["refused"])


def recount(place, measure):
    counts = stack.json("req", "registry.recount", "--place", place, "--basis", "registration")
    return sum(row["value"] for row in counts if row["measure"] == measure)


def the_examples():
    for name, rows in (("places", 8), ("persons", 7), ("returns", 6)):
        report, counts = imported(EXAMPLES / f"{name}.csv")
        check(report["kind"] == name and counts == (rows, 0, 0), f"{name}: {report}")
        check(imported(EXAMPLES / f"{name}.csv")[1] == (0, rows, 0), f"{name} again")
    check(recount("510322000000", "baseline") == 6, "six of the seven are registered here")
    check(recount("510322000000", "births") == 2 and recount(HILL, "deaths") == 1, "the returns are counted")
    check(recount("510322000000", "incomers") == 0, "the incomer has left")


def other_spellings_of_a_file():
    text = (EXAMPLES / "persons.csv").read_text()
    path = stack.data / "windows.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    check(imported(path)[1] == (0, 7, 0), "byte order mark and CRLF")
    header, *rows = text.splitlines()
    path.write_text("\n".join([header] + rows[::-1]))
    check(imported(path)[1] == (0, 7, 0), "another order, no line end at the end")


def refused_rows_come_back_corrected():
    header, *rows = (EXAMPLES / "persons.csv").read_text().splitlines()
    wrong = rows[0].replace("1962-02-03", "1962-13-03").replace(rows[0].split(",")[7], "")
    renamed = rows[1].replace("李秀兰", "李秀英")
    path = stack.data / "bad.csv"
    path.write_text("\n".join([header, wrong, rows[2], renamed, "one,two"]) + "\n")
    report, counts = imported(path, code=1)
    check(counts == (0, 1, 3), f"{report}")
    lines = {remark["line"]: remark for remark in report["remarks"]}
    check("1962-13-03" in lines[2]["detail"] and lines[2]["field"] == "birth", f"{lines[2]}")
    check(lines[4]["error"] == "likely_duplicate" and lines[4]["person"] == 2, f"{lines[4]}")
    kept = pathlib.Path(report["quarantine"])
    titles, *bad = kept.read_text(encoding="utf-8-sig").splitlines()
    check(titles == header + ",confirm,problem" and len(bad) == 3, f"{kept.read_text()}")
    check(bad[0].startswith(wrong) and "1962-13-03" in bad[0].split(",")[-1] + bad[0], bad[0])
    number = rows[1].split(",")[7]
    # somebody else whose number is not known, and the renamed one is really another person of that number
    bad[0] = bad[0].replace("1962-13-03", "1962-12-03")
    bad[1] = bad[1].replace(f"{number},01,20,rural,2026-01-01,,", f"{number},01,20,rural,2026-01-01,yes,")
    kept.write_text("\n".join([titles] + bad) + "\n")
    again, counts = imported(kept, code=1)
    check(counts == (2, 0, 1), f"{again}")
    check(pathlib.Path(again["quarantine"]).read_text().count("\n") == 2, "what is still wrong is kept once more")


def a_dry_run_writes_nothing():
    header, *rows = (EXAMPLES / "persons.csv").read_text().splitlines()
    other = rows[2].replace(rows[2].split(",")[4], "张新生").replace(rows[2].split(",")[7], "")
    path = stack.data / "dry.csv"
    path.write_text("\n".join([header, rows[0], other, rows[1].replace("1964", "1964/13")]) + "\n")
    before = sorted((stack.data / "quarantine").iterdir())
    for _ in range(2):
        report = stack.json("import", "--dry-run", path, code=1)
        check((report["created"], report["exists"], report["refused"]) == (1, 1, 1) and report["dry_run"], f"{report}")
    check(sorted((stack.data / "quarantine").iterdir()) == before, "no quarantine is written")
    check(not stack.json("person", "search", "张新生"), "nobody was registered")
    check("Nothing was written" in stack.run("import", "-n", path, code=None).stdout, "it is said")


def gb18030_and_spreadsheets():
    path = stack.data / "office.csv"
    path.write_bytes((EXAMPLES / "returns.csv").read_bytes().decode().encode("gb18030"))
    check(imported(path)[1] == (0, 6, 0), "GB18030 with Chinese titles")
    header, *rows = (EXAMPLES / "persons.csv").read_text().splitlines()
    cells = rows[0].split(",")
    rare = ",".join(["王𬭊䶮" if i == 4 else "" if i in (2, 7) else cell for i, cell in enumerate(cells)])
    broken = rows[0].encode().replace(cells[4].encode(), b"\x81\x20")
    path.write_bytes("\r\n".join([header, rare, ""]).encode("gb18030") + broken + b"\r\n")
    report, counts = imported(path, code=1)
    check(counts == (1, 0, 1) and report["remarks"][0]["error"] == "bad_utf8", f"{report}")
    check("\\x81" in pathlib.Path(report["quarantine"]).read_text(), "the bytes can be seen in the quarantine")
    check(stack.json("person", "search", "王𬭊龑", "--reveal") == [], "another character is another name")
    found = stack.json("person", "search", "王𬭊䶮", "--reveal")
    check(len(found) == 1 and found[0]["name"] == "王𬭊䶮", f"{found}")
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    stack.refused("import", path, words=["spreadsheet", "CSV UTF-8"])


def the_quarantine_is_a_loop():
    header, *rows = (EXAMPLES / "persons.csv").read_text().splitlines()
    cells = rows[0].split(",")
    bad = [",".join([f"王循环{n}" if i == 4 else "" if i in (2, 7) else date if i == 6 else cell for i, cell in enumerate(cells)])
           for n, date in enumerate(["####", "45292"])]
    path = stack.data / "loop.csv"
    path.write_text("\n".join([header] + bad) + "\n")
    report, counts = imported(path, code=1)
    check(counts == (0, 0, 2) and "too narrow" in report["remarks"][0]["advice"], f"{report}")
    check("2024-01-01" in report["remarks"][1]["advice"], f"{report}")
    name = pathlib.Path(report["quarantine"]).name
    check(any(row["file"] == name and str(row["rows"]) == "2" for row in stack.json("quarantine", "list")), "it is listed")
    shown = stack.run("quarantine", "show", name)
    check("too narrow" in shown and "王循环" not in shown, shown)
    again = stack.json("quarantine", "redrive", name, code=1)
    name = pathlib.Path(again["quarantine"]).name
    again = stack.json("quarantine", "redrive", name, code=1)
    name = pathlib.Path(again["quarantine"]).name
    check(again["refused"] == 2 and pathlib.Path(again["quarantine"]).exists(), "what nobody corrected stays")
    stack.run("quarantine", "edit", name, "1", "birth=1963-01-02")
    half = stack.json("quarantine", "redrive", name, code=1)
    check((half["created"], half["refused"]) == (1, 1), f"{half}")
    name = pathlib.Path(half["quarantine"]).name
    stack.run("quarantine", "edit", name, "1", "出生日期=1964-01-02")
    done = stack.json("quarantine", "redrive", name)
    check((done["created"], done["refused"]) == (1, 0), f"{done}")
    check(not (stack.data / "quarantine" / name).exists(), "what is done is put aside")
    check((stack.data / "quarantine/done" / name).exists(), "and kept")
    stack.refused("quarantine", "edit", stack.data / "quarantine/done" / name, "1", "nothing=1", code=2, words=["nothing"])


def files_that_are_none():
    path = stack.data / "none.csv"
    path.write_text("place,naem,sex\n")
    stack.refused("import", path, words=["naem", "docs/import.md"])
    path.write_text("")
    stack.refused("import", path, words=["empty"])
    stack.refused("import", stack.data / "nowhere.csv", words=["nowhere.csv"])


def persons_are_found_and_corrected():
    found = stack.json("person", "search", "买买提", "--match", "part")
    check(len(found) == 1 and found[0]["place"] == "510322101202" and "*" in found[0]["name"], f"{found}")
    person = found[0]["person"]
    found = stack.json("person", "search", "--text", "阿依古丽•买买提", "--reveal")
    check(len(found) == 1 and found[0]["name"] == "阿依古丽·买买提", "another form of the dot finds the name")
    stack.run("person", "correct", person, "--field", "birth", "--value", "1979-11-29", "--reason", "card seen")
    check(stack.json("person", "show", person)[0]["birth"] == "1979-11-29", "the birth date is corrected")
    events = stack.json("person", "events", person)
    check([e.get("event_kind", "correction") for e in events] == ["baseline", "move_within", "correction"], f"{events}")
    check(len(stack.json("person", "household", "1")) == 8, "four of the file, the twins, two corrected")


def a_watched_folder():
    inbox = stack.data / "inbox"
    header, *rows = (EXAMPLES / "returns.csv").read_text().splitlines()
    good = rows[0].replace("王一诺", "弃一").replace(rows[0].split(",")[10] + ",张敏", ",").replace("B-0001", "B-0009")
    good = good.replace(",1,2,1,", ",1,1,1,")
    (inbox / "june.csv").write_text("\n".join([header + ",母亲情况", good + ",弃婴"]) + "\n")
    shutil.copy(EXAMPLES / "places.csv", inbox / "notes.txt")
    until("june.csv is done", 15, lambda: (inbox / "done/june.csv").exists())
    check("1 created" in (inbox / "done/june.csv.report.txt").read_text(), "the report beside it")
    (inbox / "july.csv").write_text("\n".join([header, rows[2].replace("王大山", "王小山")]) + "\n")
    until("july.csv is refused", 15, lambda: (inbox / "refused/july.csv").exists())
    check("line 2" in (inbox / "refused/july.csv.report.txt").read_text(), "the report says which line")
    check((inbox / "notes.txt").exists(), "what is no CSV file stays")


def files_taken_away_again_stop_nothing():
    """More files than the folder's memory holds, written to between any two looks, and gone."""
    inbox = stack.data / "inbox"
    passing = [inbox / f"passing-{i}.csv" for i in range(300)]
    for path in passing:
        path.write_text("being written\n")
    end, touched, longest = time.monotonic() + 2.5, time.monotonic(), 0
    while touched < end:
        for path in passing:
            path.touch()
        longest, touched = max(longest, time.monotonic() - touched), time.monotonic()
    for path in passing:
        path.unlink()
    shutil.copy(EXAMPLES / "places.csv", inbox / "after.csv")
    until("after.csv is done", 15, lambda: (inbox / "done/after.csv").exists())
    check(longest > 0.5 or not list((inbox / "refused").glob("passing-*")), "one was taken while it changed")
    stack.stop()


with stack:
    main([the_examples, other_spellings_of_a_file, refused_rows_come_back_corrected, a_dry_run_writes_nothing,
          gb18030_and_spreadsheets, the_quarantine_is_a_loop, files_that_are_none,
          persons_are_found_and_corrected, a_watched_folder, files_taken_away_again_stop_nothing])
