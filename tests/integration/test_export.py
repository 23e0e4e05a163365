#!/usr/bin/python3
"""Lists into files: columns, pages, masks and who may lift them, formulas as text, GB18030, XLSX, and the audit of it."""
import csv
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, Stack, check, main  # noqa: E402

EXAMPLES = SOURCE / "tests/fixtures/import"
HEADER = "place,household,name,sex,birth,effective"
VILLAGE = "510322101201"
COUNT = 1205  # more than a page
stack = Stack()


def rows_of(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def start():
    stack.start()
    stack.run("import", EXAMPLES / "places.csv")
    path = stack.data / "many.csv"
    rows = [f"{VILLAGE},,{'=1+1' if n == 0 else f'王{chr(0x4e00 + n)}䶮'},female,1980-01-01,2026-01-01" for n in range(COUNT)]
    path.write_text("\n".join([HEADER] + rows) + "\n")
    stack.run("import", path)
    stack.run("account", "add", "clerk", "--role", "clerk")


def a_list_is_masked():
    path = stack.data / "persons.csv"
    stack.run("export", "persons", path, "--place", VILLAGE, "--account", "clerk")
    rows = rows_of(path)
    check(len(rows) == COUNT and len({row["person"] for row in rows}) == COUNT, f"{len(rows)} rows")
    check(all("*" in row["name"] for row in rows), "every name is masked")
    check(path.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets are told that it is UTF-8")


def in_full_by_right_alone():
    path = stack.data / "full.csv"
    stack.refused("export", "persons", path, "--place", VILLAGE, "--reveal", "--account", "clerk", words=["approvers"])
    check(not path.exists() and not path.with_name("full.csv.part").exists(), "nothing is left of it")
    stack.run("export", "persons", path, "--place", VILLAGE, "--reveal", "--columns", "姓名,birth", "--reason", "census")
    rows = rows_of(path)
    check(list(rows[0]) == ["name", "birth"] and len(rows) == COUNT, f"{rows[0]}")
    check(sum(row["name"] == "'=1+1" for row in rows) == 1, "a formula is text")
    stack.run("export", "persons", path, "--place", VILLAGE, "--reveal", "--encoding", "gb18030")
    check(sum("䶮" in row["name"] for row in rows_of(path, "gb18030")) == COUNT - 1, "rare characters in GB18030")


def a_spreadsheet():
    path = stack.data / "persons.xlsx"
    stack.run("export", "persons", path, "--place", VILLAGE, "--reveal")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    check(sheet.count("<row ") == COUNT + 1 and "<f>" not in sheet and "=1+1" in sheet, "one row each, no formula")
    stack.run("export", "places", stack.data / "places.xlsx")
    stack.run("export", "entitlements", stack.data / "entitlements.csv")
    stack.run("export", "findings", stack.data / "findings.csv")
    stack.refused("export", "persons", stack.data / "persons.pdf", "--place", VILLAGE, code=2, words=[".xlsx"])
    stack.refused("export", "persons", path, "--columns", "colour", "--place", VILLAGE, code=2, words=["colour"])


def it_is_told():
    log = stack.run("log", "show", "--count", "1000", "--json")
    check('"audit.reading.510322000000.exported"' in log and '"census"' in log, "exports are audit events")
    check('"audit.reading.510322000000.read"' in log and '"clerk"' in log, "so are the readings of each page")


try:
    main([start, a_list_is_masked, in_full_by_right_alone, a_spreadsheet, it_is_told])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
