#!/usr/bin/python3
"""The commands of `mns stats` over the small sample county: what they print agrees with one another, in every form; a
catalogue is rehearsed, and its mistakes are told with line and column."""
import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, main, until  # noqa: E402

TOWNSHIP = "510322102000"
stack = Stack()


def number(text):
    return float(str(text).replace(",", ""))


def values(*options):
    return {row["indicator"]: row for row in stack.json("stats", "show", *options)}


def rows(*options):
    return list(csv.DictReader(io.StringIO(stack.run("stats", *options, "--csv"))))


def a_county_is_loaded():
    stack.start()
    stack.run("sample", "load")
    until("all is counted", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.05)


def ages_add_up_to_the_balance():
    for options in ((), ("--place", TOWNSHIP, "--period", "2025"), ("--basis", "occurrence", "--period", "2025-Q3")):
        shown = values(*options)
        groups = stack.json("stats", "pyramid", "--years", "1", *options)
        check(len(groups) == 101, len(groups))
        men, women = sum(row["male"] for row in groups), sum(row["female"] for row in groups)
        other = sum(row["other"] for row in groups)
        check(men + women + other == number(shown["population_closing"]["value"]), shown["population_closing"])
        check(men == number(shown["population_male"]["value"]), shown["population_male"])
        old = sum(row["male"] + row["female"] + row["other"] for row in groups if row["from_age"] >= 65)
        check(old == number(shown["population_65"]["value"]), shown["population_65"])
        residents = stack.json("stats", "pyramid", "--base", "resident", "--years", "50", *options)
        check(sum(row["male"] + row["female"] + row["other"] for row in residents) == number(shown["residents"]["value"]),
              shown["residents"])


def deaths_and_births_by_age_add_up():
    shown = values("--period", "2025-07..2026-06")
    table = stack.json("stats", "life-table", "--period", "moving")
    check(sum(row["deaths"] for row in table) == number(shown["deaths"]["value"]), shown["deaths"])
    check(table[0]["deaths"] == number(shown["infant_deaths"]["value"]), table[0])
    half = stack.json("stats", "life-table", "--period", "2026-S1")
    expected = values("--period", "2026-S1")["life_expectancy"]
    check(abs(number(half[0]["e"]) - number(expected["value"])) < 0.011, expected)
    check(shown["life_expectancy"]["flag"] == "break_in_series", "the register was checked in that year")
    groups = sum(number(shown[f"fertility_{age}_{age + 4}"]["count"]) for age in range(15, 50, 5))
    check(groups + number(shown["births_mother_age_unknown"]["value"]) == number(shown["births"]["value"]), groups)
    check(20 < number(shown["mean_age_at_birth"]["value"]) < 40, shown["mean_age_at_birth"])


def a_year_is_its_months():
    months = rows("trend", "--indicator", "births", "--last", "12", "--period", "2025")
    check([row["period"] for row in months] == [f"2025-{month:02}" for month in range(1, 13)], months)
    check(sum(int(row["value"]) for row in months) == number(values("--period", "2025")["births"]["value"]), months)
    check("█" in stack.run("stats", "trend"), "no bar is drawn")
    pyramid = stack.run("stats", "pyramid")
    check("100+" in pyramid and "0–4" in pyramid and "█" in pyramid, pyramid)


def tables_in_every_direction():
    table = rows("table", "--indicators", "births,birth_rate")
    check(list(table[0]) == ["places", "name", "births", "birth_rate"] and len(table) == 21, table)
    check(sum(int(row["births"]) for row in table[1:]) == int(table[0]["births"]), table)
    turned = rows("table", "--rows", "indicators", "--columns", "periods", "--periods", "2025-S1,2026-S1", "--indicators", "births")
    check(list(turned[0].values()) == ["births", values("--period", "2025-S1")["births"]["value"].__str__(),
                                       table[0]["births"]], turned)
    ranked = rows("rank", "--indicator", "births")
    check([int(row["value"]) for row in ranked] == sorted((int(row["births"]) for row in table[1:]), reverse=True), ranked)
    check(stack.run("stats", "table", "--periods", "2025,2026", code=2) is not None, "two periods and no axis for them")


def any_period_against_any_other():
    against = values("--period", "2026-S1", "--against", "2025")
    year, half = values("--period", "2025"), values("--period", "2026-S1")
    check(against["births"]["year_before"] == year["births"]["value"], against["births"])
    check(against["births"]["value"] == half["births"]["value"] and "%" not in str(against["births"]["change"]), against["births"])
    moving = values("--period", "moving")["births"]
    check(number(moving["value"]) == number(values("--period", "2025-S2")["births"]["value"]) + number(half["births"]["value"]), moving)
    check(values("--period", "to-date")["births"]["value"] == half["births"]["value"], "to date is the first half")
    stack.run("stats", "show", "--period", "2026-07..2026-01", code=2)


def a_catalogue_is_rehearsed():
    path = stack.data / "new.yaml"
    path.write_text("indicators:\n"
                    "  - {name: share_65, en: a, zh: b, numerator: 'population:*.65-', at: closing,\n"
                    "     denominator: closing_population, factor: 1000, decimals: 1}\n"
                    "  - {name: fresh, en: a, zh: b, numerator: births}\n", encoding="utf-8")
    tried = rows("indicator", "rehearse", str(path), "--places", f"510322000000,{TOWNSHIP}", "--periods", "2025,2026-S1")
    check(len(tried) == 8, tried)
    for row in tried:
        known = values("--place", row["place"], "--period", row["period"])
        if row["indicator"] == "fresh":
            check(row["old"] == "" and row["new"] == str(known["births"]["value"]), row)
        else:
            check(row["old"] == f'{number(known["share_65"]["value"]):.2f}', row)
            check(abs(number(row["new"]) - 10 * number(row["old"])) < 0.11, row)
    path.write_text("indicators:\n  - {name: a, en: a, zh: b,\n     numerator: 'population:*.65-', at: mid_year}\n", encoding="utf-8")
    refused = stack.run("stats", "indicator", "rehearse", str(path), code=None)
    check(refused.returncode == 1 and ":3:17" in refused.stderr and "mid_year" in refused.stderr, refused.stderr)
    check("fresh" not in {row["indicator"] for row in stack.json("stats", "indicator", "list")}, "a rehearsal stayed")


if __name__ == "__main__":
    try:
        main([a_county_is_loaded, ages_add_up_to_the_balance, deaths_and_births_by_age_add_up, a_year_is_its_months,
              tables_in_every_direction, any_period_against_any_other, a_catalogue_is_rehearsed])
    finally:
        stack.__exit__(*sys.exc_info())
