#!/usr/bin/python3
"""1,000 rows as villages send them, of every kind that goes wrong: each is accepted or explained, none is lost, and the
quarantine, corrected, is accepted to the last row. The order is drawn by a seed; --seed N repeats one."""
import csv
import io
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, Stack, check, main  # noqa: E402

HEADER = ["place", "residence", "household", "relation", "name", "sex", "birth", "citizen_number", "ethnic", "marital",
          "registration", "effective"]
AT = {title: i for i, title in enumerate(HEADER)}
VILLAGE = "510322101201"
ROWS = 1000
SEED = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 20260701
stack = Stack()


def number_of(n, birth="19800101"):
    digits = f"519999{int(birth) - n // 1000 * 50000}{n % 1000:03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def good(n):
    """A row that nobody else is: its name tells its number."""
    name = "王" + chr(0x4E00 + n % 2000) + chr(0x5E00 + n // 50)
    return [VILLAGE, "", f"k{n}", "02", name, "male", "1980-01-01", "", "01", "20", "rural", "2026-01-01"]


def line(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()[:-1].encode()


def put(**values):
    """Other values in some columns; "{}" stands for what was there."""
    def make(n):
        cells = good(n)
        for title, value in values.items():
            cells[AT[title]] = value(n) if callable(value) else value.format(cells[AT[title]])
        return line(cells)
    return make


def raw(change):
    return lambda n: change(n, line(good(n)))


def in_name(before):
    """Bytes inside the name, behind its first character."""
    return raw(lambda n, text: text.replace("王".encode(), "王".encode() + before))


ACCEPTED = {
    "as it should be": put(), "CRLF": raw(lambda n, t: t + b"\r"), "every cell quoted": lambda n: b",".join(b'"%s"' % c.encode() for c in good(n)),
    "empty lines before": raw(lambda n, t: b"\n\r\n\n" + t), "comma in a quoted cell": put(household=lambda n: f"k,{n}"),
    "quotes inside a quoted cell": put(household=lambda n: f'k"{n}"'), "date without separators": put(birth="19800101"),
    "date with slashes": put(birth="1980/1/1"), "date with dots": put(birth="1980.1.1"), "date in Chinese": put(birth="1980年1月1日"),
    "full-width date": put(birth="１９８０－０１－０１"), "blanks around": put(name="  {} ", sex=" male\t"),
    "ideographic blanks": put(name="　{}　", birth="　1980-01-01"), "no-break blanks": put(sex="\u00a0male\u00a0"),
    "zero-width blank at the end": put(name="{}\u200b"), "byte order mark at the beginning of a cell": put(sex="\ufeffmale"),
    "code in Chinese": put(sex="男"), "national code": put(sex="1"),
    "full-width code": put(sex="１"), "number with a small x": put(citizen_number=lambda n: number_of(n).lower()),
    "full-width number": put(citizen_number=lambda n: number_of(n).translate({o: o + 0xFEE0 for o in range(0x30, 0x5B)})),
    "apostrophe before the number": put(citizen_number=lambda n: "'" + number_of(n)), "rare characters": put(name="{}𬭊䶮"),
    "another dot": put(name="{}•买买提"), "one part, another script": put(name=lambda n: f"Zhang{n}"),
    "fifty characters": put(name=lambda n: good(n)[4] + "长" * 47), "nothing where nothing is needed": put(ethnic="", marital="", relation=""),
    "a number that tells another birth": put(citizen_number=lambda n: number_of(n, "19810203")),
}
REFUSED = {  # what the reason or the advice says
    "a cell too few": (raw(lambda n, t: t.rsplit(b",", 1)[0]), "cells are missing"), "a cell too many": (raw(lambda n, t: t + b",x"), "comma belongs"),
    "one cell": (lambda n: b"alone", "cells are missing"), "semicolons": (raw(lambda n, t: t.replace(b",", b";")), "commas"),
    "tabs": (raw(lambda n, t: t.replace(b",", b"\t")), "commas"), "bars": (raw(lambda n, t: t.replace(b",", b"|")), "commas"),
    "a quote left open": (raw(lambda n, t: t.replace("王".encode(), '"王'.encode())), "quote"),
    "text behind a quote": (raw(lambda n, t: t.replace(b"male", b'"male"x')), "quote"),
    "a quote in the middle": (raw(lambda n, t: t.replace(b"male", b'ma"le')), "quote"),
    "a zero byte": (raw(lambda n, t: t.replace(b"male", b"ma\0le")), "zero byte"), "seventy cells": (raw(lambda n, t: t + b"," * 60), "64"),
    "more than 64 KiB": (raw(lambda n, t: t + b"x" * 70000), "65536"), "a byte that is none": (in_name(b"\xff"), "UTF-8"),
    "GB18030 among UTF-8": (raw(lambda n, t: t.replace("王".encode(), "李".encode("gb18030"))), "UTF-8"), "a character cut off": (in_name(b"\xe7\x8e"), "UTF-8"),
    "an overlong form": (in_name(b"\xc0\xaf"), "UTF-8"), "a surrogate": (in_name(b"\xed\xa0\x80"), "UTF-8"),
    "####": (put(birth="####"), "too narrow"), "######## for the day it counts": (put(effective="########"), "too narrow"),
    "1.1E+17": (put(citizen_number="1.1E+17"), "rounded"), "5.19999E+17": (put(citizen_number="5.19999E+17"), "rounded"),
    "zeros at the end": (put(citizen_number="519999198001010000"), "zeros"), "a digit misread": (put(citizen_number="519999198001010015"), "digit by digit"),
    "seventeen digits": (put(citizen_number="51999919800101001"), "citizen_number"), "letters for a number": (put(citizen_number="51999919800101ABCD"), "citizen_number"),
    "#N/A": (put(birth="#N/A"), "formula"), "#REF!": (put(sex="#REF!"), "formula"), "#VALUE!": (put(effective="#VALUE!"), "formula"),
    "a day count": (put(birth="29221"), "1980-01-01"), "农历": (put(birth="农历一九八〇年三月"), "lunar"), "腊月": (put(birth="1980年腊月廿三"), "lunar"),
    "闰月": (put(birth="闰四月初八"), "lunar"), "a time of day": (put(birth="1980-01-01 00:00:00"), "time of day"), "day first": (put(birth="31/12/1980"), "year, month, day"),
    "month first, two digits": (put(birth="3/4/80"), "year, month, day"), "month in letters": (put(birth="3-Apr-80"), "year, month, day"),
    "29 February of no leap year": (put(birth="1981-02-29"), "no such day"), "month 13": (put(birth="1980-13-01"), "no such day"), "day 0": (put(birth="1980-01-00"), "no such day"),
    "born tomorrow": (put(birth="2026-08-01"), "2026-08-01"), "born after it counts": (put(birth="2026-03-01"), "2026-03-01"), "counts from the future": (put(effective="2027-01-01"), "2027-01-01"),
    "sex and birth swapped": (put(sex="1980-01-01", birth="male"), "swapped"), "sex and marital status swapped": (put(sex="20", marital="male"), "swapped"),
    "place and date swapped": (put(place="1980-01-01", birth=VILLAGE), "swapped"), "an unknown sex": (put(sex="boy"), "table"), "an unknown group": (put(ethnic="77"), "ethnic"),
    "an unknown status": (put(marital="55"), "marital"), "an unknown registration": (put(registration="village"), "table"), "an unknown relation": (put(relation="relative"), "relation"),
    "a village that is not there": (put(place="510322199299"), "mns place list"), "another county": (put(place="110101001001"), "county"), "eleven digits": (put(place="51032210120"), "place"),
    "letters for a place": (put(place="shizi"), "place"), "a township": (put(place="510322101"), "village"), "no name": (put(name=""), "name"), "no sex": (put(sex=""), "sex"), "no birth": (put(birth=""), "birth"),
    "no place": (put(place=""), "place"), "no day": (put(effective=""), "effective"), "a zero-width blank inside": (in_name("\u200b".encode()), "cannot be seen"),
    "a byte order mark inside": (in_name("\ufeff".encode()), "cannot be seen"), "a control character": (in_name(b"\x07"), "cannot be seen"), "a lost character": (in_name("\ufffd".encode()), "cannot be seen"),
    "a mark of direction": (in_name("\u202e".encode()), "cannot be seen"), "a joiner behind Chinese": (in_name("\u200d".encode()), "cannot be seen"), "a line break in the name": (put(name="{}\n先生"), "one line"),
    "two hundred characters": (put(name="{}" + "长" * 200), "shorten"), "a key too long": (put(household="k" * 40), "shorten"),
}
GONE = {"the titles again": (lambda n: line(HEADER), "titles"), "a line of totals": (lambda n: line(["合计", "", "", "", str(n)] + [""] * 7), "totals")}


def draw():
    """[(kind, number, bytes)], each kind at least once, in the order of the seed."""
    kinds = list(ACCEPTED) + list(REFUSED) + list(GONE)
    check(len(kinds) >= 60 and len(REFUSED) >= 60, f"{len(kinds)} kinds")
    makers = {**ACCEPTED, **{k: v[0] for k, v in {**REFUSED, **GONE}.items()}}
    drawn = random.Random(SEED)
    chosen = (kinds * (ROWS // len(kinds) + 1))[:ROWS]
    drawn.shuffle(chosen)
    return [(kind, n, makers[kind](n)) for n, kind in enumerate(chosen)]


def begin():
    stack.start()
    stack.run("import", SOURCE / "tests/fixtures/import/places.csv")


def import_file(path, code=None):
    return stack.json("import", path, code=code)


def explain(rows, report):
    """Every refusal says what its kind is known for; what is good is not refused. {line: (kind, number)} of the refused."""
    wanted = {**REFUSED, **GONE}
    at, begins = 2, {}
    for kind, n, text in rows:
        if kind == "empty lines before":
            at += 3
            text = text[4:]
        begins[at] = (kind, n)
        at += text.count(b"\n") + 1
    refused = {}
    for remark in report["remarks"]:
        if remark["result"] != "refused":
            continue
        kind, n = begins[remark["line"]]
        said = " ".join(remark.get(part, "") for part in ("error", "field", "detail", "advice"))
        check(kind in wanted, f"line {remark['line']}, {kind!r}, was refused: {said}")
        check(wanted[kind][1] in said, f"line {remark['line']}, {kind!r}: {wanted[kind][1]!r} is not in {said!r}")
        refused[remark["line"]] = (kind, n)
    missed = {kind for line_, (kind, n) in begins.items() if kind in wanted and line_ not in refused}
    check(not missed, f"not refused: {missed}")
    return refused


def each_row_is_accepted_or_explained():
    rows = draw()
    path = stack.data / "broken.csv"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join([line(HEADER)] + [text for _, _, text in rows]) + b"\n")
    dry = stack.json("import", "--dry-run", path, code=1)
    report = import_file(path, code=1)
    refused = explain(rows, report)
    check(report["rows"] == ROWS == report["created"] + report["exists"] + report["refused"], f"seed {SEED}: {report['rows']} rows")
    check((dry["created"], dry["refused"]) == (report["created"], report["refused"]), "the dry run said the same")
    again = import_file(path, code=1)
    check((again["created"], again["exists"], again["refused"]) == (0, report["created"], report["refused"]), "again: nothing new")
    stack.refused_rows = refused, pathlib.Path(report["quarantine"])


def the_corrected_quarantine_is_accepted():
    refused, path = stack.refused_rows
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles, *kept = csv.reader(file)
    check(titles == HEADER + ["confirm", "problem"] and len(kept) == len(refused), f"{len(kept)} rows in quarantine, {len(refused)} refused")
    check(all(row[-1] for row in kept), "each says what is wrong")
    numbers = [n for kind, n in refused.values() if kind in REFUSED]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([titles] + [good(n) + ["", ""] for n in numbers])
    report = stack.json("quarantine", "redrive", path.name)
    check((report["created"], report["refused"]) == (len(numbers), 0), f"{report}")
    counts = stack.json("req", "registry.recount", "--place", VILLAGE, "--basis", "registration")
    total = sum(row["value"] for row in counts if row["measure"] == "baseline")
    check(total == ROWS - sum(kind in GONE for kind, _ in refused.values()), f"{total} persons are registered")
    stack.run("stats", "verify")


def in_gb18030():
    """The same in the encoding of the office's spreadsheet: what it can hold, and bytes that are none."""
    rows = [ACCEPTED[kind](n) for n, kind in enumerate(list(ACCEPTED) * 2, start=ROWS)
            if kind not in ("empty lines before", "no-break blanks", "zero-width blank at the end", "byte order mark at the beginning of a cell")]
    texts = [text.decode().encode("gb18030") for text in rows]
    bad = [line(good(n)).decode().encode("gb18030").replace("王".encode("gb18030"), wrong)
           for n, wrong in enumerate((b"\xff", b"\x81", b"\x81\x30\x81", b"\xcd\xf5\x80"), start=ROWS + 500)]
    path = stack.data / "office.csv"
    path.write_bytes(b"\r\n".join([line(HEADER)] + texts + bad) + b"\r\n")
    report = import_file(path, code=1)
    check((report["created"], report["refused"]) == (len(texts), len(bad)), f"{report['created']}, {report['remarks'][:3]}")
    check(all(remark["error"] in ("bad_utf8", "invalid") for remark in report["remarks"] if remark["result"] == "refused"), f"{report['remarks']}")


try:
    main([begin, each_row_is_accepted_or_explained, the_corrected_quarantine_is_accepted, in_gb18030])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
