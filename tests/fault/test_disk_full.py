#!/usr/bin/python3
"""A full disk under each store in turn: a small tmpfs holds the store of one service and is filled to the last byte. What
cannot be kept is refused with disk_full, queries go on, nothing acknowledged is lost, and once there is room again
everything recovers by itself, in the same process. docs/faults.md rows 8 and 18."""
import errno
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, Stack, check, main, until  # noqa: E402

VILLAGE = "510322102203"
PERIOD = "2026-07"
SIZE = "16m"
SCALE = "0.002"
TRIES = 400


class SmallDisk:
    """A tmpfs over a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder)], check=True)

    def fill(self):
        with open(self.folder / "ballast", "wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError as error:
                    check(error.errno == errno.ENOSPC, f"filling the disk: {error}")

    def free(self):
        (self.folder / "ballast").unlink()

    def unmount(self):
        subprocess.run(["umount", str(self.folder)], check=True)


class County:
    """A small county whose births are counted as they are acknowledged."""

    def __init__(self, store, folder):
        self.stack = Stack(data=folder)
        self.disk = SmallDisk(pathlib.Path(folder) / store)
        self.born = self.tried = self.paid = self.granted = 0

    def __enter__(self):
        try:
            self.stack.__enter__()
            self.stack.run("sample", "load", "--scale", SCALE)
            self.until_agreed()
            self.granted = self.funded()  # by the sample
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, value, trace):
        self.stack.__exit__(kind, value, trace)
        self.disk.unmount()

    def birth(self):
        """Records one; true when it was acknowledged, otherwise the disk must be the reason."""
        self.tried += 1
        done = self.stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name",
                              f"婴{self.tried}", "--sex", "female", "--mother", "foundling", "--birth-order", "1",
                              "--timeout", "5", code=None)
        if done.returncode == 0:
            self.born += 1
            return True
        check("disk is full" in done.stderr, f"birth: {done.returncode} {done.stderr}")
        return False

    def pay(self):
        """Pays a yuan into a fund; true when it was acknowledged."""
        done = self.stack.run("batch", "fund", "--source", "county", "--yuan", "1", "--note", "x" * 80, "--timeout", "5",
                              code=None)
        if done.returncode == 0:
            self.paid += 1
            return True
        check("disk is full" in done.stderr, f"fund: {done.returncode} {done.stderr}")
        return False

    def funded(self):
        """Yuan paid into the fund by this test, by the ledger."""
        rows = self.stack.json("req", "assistance.ledger")
        return sum(row["balance_fen"] for row in rows if row["account"] == "fund:county") // 100 - self.granted

    def registered(self):
        """Births of the month by the register's own count, and by statistics."""
        rows = self.stack.json("req", "registry.recount", "--place", COUNTY, "--from-month", "202607", "--to-month",
                               "202607", "--basis", "registration")
        return sum(row["value"] for row in rows if row["measure"] == "births")

    def counted(self):
        records = self.stack.json("req", "statistics.figures", "--place", COUNTY, "--period", PERIOD)
        return sum(count["value"] for record in records for count in (record.get("counts") or [])
                   if count["measure"] == "births")

    def service(self, name):
        return next(row for row in self.stack.json("status") if row["service"] == name)

    def until_agreed(self):
        until("every figure equals the recount", 60,
              lambda: self.stack.run("stats", "verify", code=None).returncode == 0, pause=0.1)

    def queries_work(self, store):
        """But not those that show persons while the registry's disk is full: their reading could not be recorded."""
        search = ("person", "search", "--place", VILLAGE)
        self.stack.refused(*search, words=["disk"]) if store == "registry" else self.stack.run(*search)
        self.stack.run("place", "list", "--limit", "3")
        self.stack.run("stats", "show", "--place", COUNTY, "--period", "2026-S1")
        self.stack.run("apply", "entitlements")
        self.stack.run("notify", "list")
        self.stack.run("log", "stat")
        check(self.stack.process.poll() is None, "the stack has ended")

    def recovers(self):
        self.disk.free()
        until("births are taken again", 30, self.birth, pause=0.1)
        until("payments are taken again", 30, self.pay, pause=0.1)
        self.until_agreed()
        until("all of the log is applied", 30,
              lambda: self.stack.run("status", "--check", "caught-up", code=None).returncode == 0, pause=0.1)
        check(self.registered() == self.counted() == self.born,
              f"{self.born} births acknowledged, {self.registered()} registered, {self.counted()} counted")
        check(self.funded() == self.paid, f"{self.paid} payments acknowledged, {self.funded()} there")
        check(self.stack.process.poll() is None, "the stack has ended")
        check(self.stack.stop() == 0, "not stopped cleanly")
        self.stack.start()
        check(self.registered() == self.counted() == self.born, "a restart changed the figures")


def in_county(store, run):
    with tempfile.TemporaryDirectory() as folder, County(store, pathlib.Path(folder) / "data") as county:
        check(county.birth() and county.pay(), "a new county refuses")
        county.disk.fill()
        run(county)
        county.queries_work(store)
        county.recovers()
        print(f"  {store}: {county.tried} births tried, {county.born} acknowledged and there, {county.paid} payments")


def test_registry_refuses_and_recovers():
    def run(county):
        for _ in range(TRIES):
            if not county.birth():
                check(county.registered() == county.born, "a refused birth is there")
                return
        check(False, "the registry never said that its disk is full")

    in_county("registry", run)


def goes_on_behind(name, measure):
    """The registry answers while `name` cannot follow, and holds what it has to say."""
    def run(county):
        for _ in range(TRIES):
            check(county.birth(), "the registry refuses although its own disk has room")
            if (county.service(name)[measure] or 0) > 5:  # empty while it does not answer
                check(county.registered() == county.born, "births are missing")
                return
        check(False, f"{name} goes on although its disk is full")

    return run


def test_broker_holds_back_trims_and_recovers():
    def run(county):
        goes_on_behind("registry", "outbox")(county)
        alarms = [row["code"] for row in county.stack.json("req", "bus.status")[0].get("alarms", [])]
        check("disk_full" in alarms, f"alarms: {alarms}")
        trimmed = county.stack.json("log", "trim", "--days", "0", "--force")
        check(trimmed[0]["records"] > 0, f"nothing was trimmed: {trimmed}")
        county.stack.run("log", "verify")

    in_county("broker", run)


def test_statistics_falls_behind_and_recovers():
    in_county("statistics", goes_on_behind("statistics", "behind"))


def test_assistance_refuses_and_recovers():
    def run(county):
        for _ in range(TRIES):
            if not county.pay():
                check(county.funded() == county.paid, "a refused payment is there")
                return
        check(False, "assistance never said that its disk is full")

    in_county("assistance", run)


def test_notifications_fall_behind_and_recover():
    in_county("notifications", goes_on_behind("notifications", "behind"))


def probe():
    """Ends with 77 where nothing may be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            print(f"skipped: a small disk cannot be mounted here ({done.stderr.strip()}); it takes root")
            sys.exit(77)
        subprocess.run(["umount", folder], check=True)


probe()
main((test_registry_refuses_and_recovers, test_broker_holds_back_trims_and_recovers, test_statistics_falls_behind_and_recovers,
      test_assistance_refuses_and_recovers, test_notifications_fall_behind_and_recover))
