"""Two counties, each a stack of its own with its own broker, that exchange letters over TCP with keys and accounts, as
docs/exchange.md says; the lines between them can be cut."""
import os
import random
import subprocess
import sys
import threading
import time

from stack import BIN, SOURCE, Stack, check

sys.path.insert(0, str(SOURCE / "examples/python"))
from mns_client import PASSING, Bus, Lost, Refused  # noqa: E402,F401

CODES = ("510322000000", "440305000000")
VILLAGES = (("510322101201", "510322102201"), ("440305001001", "440305002001"))
CUT_LINE = BIN.parent / "tests/fault/cut_line"
BIRTH = "1980-01-01"


def number_of(serial):
    """A citizen number that nobody has: 519999 was never a county."""
    body = f"519999{BIRTH.replace('-', '')}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def facts_of(person):
    """Name, citizen number, sex of person 0 … 9,999: the number's serial repeats, the name does not."""
    return "王" + chr(0x4E00 + person), number_of(person % 1000), "male" if person % 2 else "female"


class Line:
    """A proxy in front of a broker: what the other county connects to."""

    def __init__(self, target):
        self.process = subprocess.Popen([CUT_LINE, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().strip()

    def set(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


class Desk:
    """A connection to one county's bus; what it asks is answered in the end, also when the stack is killed meanwhile:
    it asks again under the same key until the answer comes."""

    def __init__(self, stack, at):
        self.stack, self.at, self.bus = stack, at, None

    def ask(self, command, body=None, patience=120):
        key = int(time.time() * 1000).to_bytes(6, "big") + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7)
        deadline = time.monotonic() + patience
        while True:
            try:
                if not self.bus:
                    self.bus = Bus(f"ipc://{self.stack.data}/run/bus")
                return self.bus.request(command, body, key=key, timeout=5)
            except (Lost, Refused) as problem:
                passing = isinstance(problem, Lost) or problem.args[0].get("rc") in PASSING
                if not passing or time.monotonic() > deadline:
                    raise
                self.bus = None

    def matters(self, **query):
        found, after = [], 0
        while True:
            page = self.ask("registry.exchange", {**query, "after": after, "limit": 1000})
            if not page:
                return found
            found += page
            after = page[-1]["id"]

    def registered(self, person):
        """How often this register says that the person is registered in its county."""
        name, number, _ = facts_of(person)
        try:
            entries = self.ask("registry.person", {"citizen_number": number, "reveal": "yes"})
        except Refused:
            return 0
        return sum(entry["name"] == name and entry["status"] == "present" and entry["place"].startswith(CODES[self.at][:6])
                   for entry in entries)


class Counties:
    """with Counties() as both: both.stacks[0] is 510322, both.stacks[1] is 440305."""

    def __init__(self, people=0, answers="yes"):
        self.stacks = [Stack(environment={"MNS_COUNTY": code}) for code in CODES]
        self.people, self.answers, self.lines = people, answers, []

    def __enter__(self):
        try:
            for at, stack in enumerate(self.stacks):
                stack.start()
                self.load(at)
            self.introduce()
            for stack in self.stacks:
                check(stack.stop() == 0, "the stack stops")
                stack.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, value, trace):
        for stack in self.stacks:
            stack.__exit__(kind, value, trace)
        for line in self.lines:
            line.close()

    def load(self, at):
        """The villages, and every second person."""
        code, stack = CODES[at], self.stacks[at]
        towns = [village[:9] + "000" for village in VILLAGES[at]]
        places = [(code[:2] + "0" * 10, 1), (code[:4] + "0" * 8, 2), (code, 3), *((town, 4) for town in towns),
                  *((village, 5) for village in VILLAGES[at])]
        path = stack.data / "places.csv"
        path.write_text("code,name,level,registration,sentinel\n" + "".join(
            f"{place},地{level},{level},{'rural' if level == 5 else ''},\n" for place, level in places))
        stack.run("import", path)
        rows = ["place,residence,household,relation,name,sex,birth,citizen_number,effective,confirm"]
        for person in range(at, self.people, 2):
            name, number, sex = facts_of(person)
            rows.append(f"{VILLAGES[at][0]},,{person},02,{name},{sex},{BIRTH},{number},2026-01-01,yes")
        path = stack.data / "persons.csv"
        path.write_text("\n".join(rows) + "\n")
        if len(rows) > 1:
            stack.run("import", path)

    def introduce(self):
        """Keys, accounts and partners.yaml: what docs/exchange.md asks of each side."""
        for at, stack in enumerate(self.stacks):
            other = self.stacks[1 - at]
            self.lines.append(Line(f"tcp://127.0.0.1:{other.bus_port}"))
            key = stack.data / "keys/exchange.key"
            stack.run("keys", "make", key)
            public = stack.run("keys", "show", key).strip()
            other.run("account", "add", f"county-{CODES[at][:6]}", "--role", "system", "--key", public, "--rights",
                      f"subscribe exchange.letter.{CODES[at]}.")
            broker = other.run("keys", "show", other.data / "keys/broker.key").strip()
            (stack.data / "partners.yaml").write_text(
                f"partners:\n  - county: '{CODES[1 - at]}'\n    name: 邻县\n    endpoint: '{self.lines[at].endpoint}'\n"
                "    broker_key: '" + broker.replace("'", "''") + f"'\n    answers: '{self.answers}'\n")

    def desk(self, at):
        return Desk(self.stacks[at], at)

    # ---- faults -------------------------------------------------------------------------------------------------------

    def disturb(self, seed, faults, before):
        """A thread that cuts lines and kills stacks, `faults` times by the seed; before(n) is called before each. Counts
        what it did."""
        done = {"cuts": 0, "kills": 0}

        def one(chance):
            if chance.random() < 0.7:
                line = chance.choice(self.lines)
                line.set(chance.choice(("cut", "stop", "reset")))
                time.sleep(chance.uniform(0.05, 0.3))  # how long the line is down
                line.set("pass")
                done["cuts"] += 1
            else:
                stack = chance.choice(self.stacks)
                stack.kill()
                stack.start()
                done["kills"] += 1

        def run():
            chance = random.Random(seed)
            for number in range(faults):
                before(number)
                one(chance)

        thread = threading.Thread(target=run)
        thread.start()
        return thread, done
