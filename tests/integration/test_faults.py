#!/usr/bin/python3
"""docs/faults.md against the tests: each row of the table has a test that names it, and its last column lists those that do.

  test_faults.py --write    fills that column"""
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, check, main  # noqa: E402

ROWS = [row for row in range(1, 50) if row != 23]  # 23 needs a standby
FOLDERS = ("unit", "rules", "integration", "fault", "full")
TABLE = SOURCE / "docs" / "faults.md"
NUMBER = r"\d+\b(?:\s*\([^)]*\))?"
NEXT = rf"(?:,\s+and|,|\s+and)\s+(?:rows?\s+)?{NUMBER}(?!\s+(?!and\b)[a-z])"  # not "and 3 others"
MARKER = re.compile(rf"faults\.md\s+rows?\s+({NUMBER}(?:{NEXT})*)")


def rows_named_in(text):
    """The rows in a test's comments: `docs/faults.md row 7`, `rows 3 (the answer is lost), 9 and 10`."""
    flat = re.sub(r"\n\s*(?:\*|#)?\s*", " ", text)
    rows = set()
    for match in MARKER.finditer(flat):
        rows.update(int(number) for number in re.findall(r"\d+", re.sub(r"\([^)]*\)", "", match.group(1))))
    return rows & set(ROWS)


def tests_by_row():
    """{row: names of tests}; a test of several files has the name of its folder."""
    found = {row: set() for row in ROWS}
    for folder in FOLDERS:
        for path in sorted((SOURCE / "tests" / folder).rglob("*")):
            if path.suffix not in (".c", ".py", ".sh") or path.stem == "test_faults":
                continue
            name = path.stem if path.stem.startswith("test_") else path.parent.name
            for row in rows_named_in(path.read_text(encoding="utf-8")):
                found[row].add(name)
    return found


def with_tests(text, found):
    """The document with the last column as found."""
    def fill(match):
        names = ", ".join(f"`{name}`" for name in sorted(found.get(int(match.group(2)), ())))
        return f"{match.group(1)}| {names} |" if names else f"{match.group(1)}| |"
    return re.sub(r"^(\| (\d+) \|.*)\|[^|\n]*\|$", fill, text, flags=re.M)


def test_markers_are_read():
    check(rows_named_in(" * docs/faults.md rows 3 (lost, 9 times), 9,\n * 10 and 12; all") == {3, 9, 10, 12}, "a list of rows")
    check(rows_named_in("docs/faults.md row 14 (killed), row 20 (stopped 15 s), 3 others") == {14, 20}, "row after row")
    check(rows_named_in("row 7 of another table") == set(), "another table")


def test_every_row_has_a_test():
    text, found = TABLE.read_text(encoding="utf-8"), tests_by_row()
    written = [int(row) for row in re.findall(r"^\| (\d+) \|", text, flags=re.M)]
    check(written == ROWS, f"rows of the table: {written}")
    missing = [row for row in ROWS if not found[row]]
    check(not missing, f"no test names these rows: {missing}")
    check(with_tests(text, found) == text, "docs/faults.md does not list the tests there are: test_faults.py --write")


if sys.argv[1:] == ["--write"]:
    TABLE.write_text(with_tests(TABLE.read_text(encoding="utf-8"), tests_by_row()), encoding="utf-8")
    print(f"{os.path.relpath(TABLE)} is written")
else:
    main((test_markers_are_read, test_every_row_has_a_test))
