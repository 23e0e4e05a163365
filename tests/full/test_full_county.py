#!/usr/bin/python3
"""The sample county at full scale, through the whole stack: every figure of the report by registration and by
occurrence, as `mns stats` prints it; the same load again changes nothing; every figure agrees with
a recount of the register."""
import pathlib
import re
import sys
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, main  # noqa: E402

TABLE = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "sample_county.table"
NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")


def rows():
    """(indicator, part behind the dot, period, basis, value), without what only the files can tell."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, period, basis, value = line.split()
            if ":" not in name:
                yield (*name.partition(".")[::2], period, basis, Decimal(value))


def numbers(text):
    """The numbers of "+294 (+6.44 %)"."""
    return [Decimal(number.replace(",", "")) for number in NUMBER.findall(str(text))]


def shown(row, part):
    """`more` is the first number of a change, `change` the percentage behind it or, of rates, the only one."""
    if part == "more":
        return numbers(row["change"])[0]
    if part == "change":
        return numbers(row["change"])[-1]
    return Decimal(str(row[part or "value"]))


def indicators(stack):
    """By period and basis, then by name."""
    found = {}
    for _, _, period, basis, _ in rows():
        if (period, basis) not in found:
            printed = stack.json("stats", "show", "--period", period, "--basis", basis, timeout=60)
            found[period, basis] = {row["indicator"]: row for row in printed}
    return found


def compare(stack):
    found, wrong, count = indicators(stack), [], 0
    for name, part, period, basis, value in rows():
        count += 1
        printed = shown(found[period, basis][name], part)
        if printed != value:
            wrong.append(f"{name} {part} {period} by {basis}: {printed}, the report says {value}")
    check(not wrong, "\n".join(wrong))
    check(count > 130, f"only {count} rows in {TABLE}")


def every_figure_of_the_report():
    with Stack() as stack:
        loaded = stack.run("sample", "load", "--scale", "1", timeout=3600)
        check(len(re.findall(r" 0 already there, 0 refused", loaded)) == 6, loaded)
        compare(stack)
        again = stack.run("sample", "load", "--scale", "1", timeout=3600)
        check(len(re.findall(r" 0 created, ", again)) == 6, again)
        compare(stack)
        verified = stack.run("stats", "verify", timeout=3600)
        check(" 0 differ" in verified, verified)


if __name__ == "__main__":
    main([every_figure_of_the_report])
