"""A real stack for tests: `mns up` (or the five programs) over a data directory of its own, on free ports."""
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("MNS_SOURCE") or pathlib.Path(__file__).resolve().parents[2])
BIN = pathlib.Path(os.environ.get("MNS_BIN") or SOURCE / "build/release/bin")
MNS = str(BIN / "mns")
COUNTY = "510322000000"
CLOCK = "2026-07-01T00:00:00+08:00"


given_ports = set()


def free_port():
    """Below those that the kernel gives to connections, and none twice, so that it is still free when it is bound."""
    while True:
        port = random.randrange(15000, 32768)
        if port in given_ports:
            continue
        given_ports.add(port)
        with contextlib.suppress(OSError), socket.socket() as s:
            s.bind(("127.0.0.1", port))
            return port


class Failed(Exception):
    """A command ended with another code than expected."""


class Stack:
    """with Stack() as stack: stack.mns("status")"""

    def __init__(self, data=None, clock=CLOCK, environment=None, wait=180, under=()):
        """`under`: a command that runs `mns up`, such as valgrind with its options."""
        self.own = data is None
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="mns-test-"))
        self.clock, self.wait, self.under = clock, wait, under
        self.feed_port, self.bus_port = free_port(), free_port()
        self.environment = dict(os.environ, MNS_DATA=str(self.data), MNS_COUNTY=COUNTY,
                                MNS_FEED_LISTEN=f"tcp://127.0.0.1:{self.feed_port}",
                                MNS_BUS_LISTEN=f"tcp://127.0.0.1:{self.bus_port}")
        self.environment.update(environment or {})
        self.process = None
        self.log_path = self.data.with_name(self.data.name + ".log")

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, value, trace):
        self.kill()
        if kind is not None and self.log_path.exists():
            print("--- the stack's log, last lines\n" + "\n".join(self.log().splitlines()[-60:]), file=sys.stderr)
        if self.own:
            shutil.rmtree(self.data, ignore_errors=True)
            self.log_path.unlink(missing_ok=True)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def start(self, expect_ready=True):
        """Starts it and waits for the ready line."""
        begin = len(self.log()) if self.log_path.exists() else 0
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([*self.under, MNS, "up", "--clock", self.clock], env=self.environment,
                                            stdout=log, stderr=log, start_new_session=True)
        if not expect_ready:
            return
        deadline = time.monotonic() + self.wait
        while time.monotonic() < deadline:
            text = self.log()
            if text[begin:].startswith("ready after") or "\nready after" in text[begin:]:
                return
            if self.process.poll() is not None:
                raise Failed(f"mns up ended with {self.process.returncode}:\n{text[-3000:]}")
            time.sleep(0.01)
        raise Failed(f"mns up was not ready within {self.wait} s:\n{self.log()[-3000:]}")

    def stop(self):
        """Stops it as an operator would; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process = None
        return code

    def kill(self):
        """kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def run(self, *arguments, code=0, text=None, timeout=600, environment=None):
        """Runs mns with arguments; returns what it printed. `code` None takes any."""
        done = subprocess.run([MNS, *map(str, arguments)], env=dict(self.environment, **(environment or {})),
                              input=text, capture_output=True, text=True, timeout=timeout, check=False)
        if code is not None and done.returncode != code:
            raise Failed(f"mns {' '.join(map(str, arguments))} ended with {done.returncode}, expected {code}\n"
                         f"{done.stdout}{done.stderr}")
        return done.stdout if code is not None else done

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options))

    def refused(self, *arguments, code=1, words=()):
        """Runs a command that must fail, with a message that holds all `words` on stderr."""
        done = self.run(*arguments, code=None)
        message = done.stderr
        if done.returncode != code or not message.strip() or any(word not in message for word in words):
            raise Failed(f"mns {' '.join(map(str, arguments))}: code {done.returncode} (expected {code}), "
                         f"message {message!r} (expected words {words})")
        return message


LOADED = 6  # times as long as on a quiet machine


def until(what, seconds, condition, pause=0.02):
    """Waits for a condition that a quiet machine meets within `seconds`; returns its value."""
    deadline = time.monotonic() + LOADED * seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"not within {LOADED} times {seconds} s: {what}")
        time.sleep(pause)


def check(condition, message):
    if not condition:
        raise Failed(message)


def main(tests):
    """Runs functions in order; prints what passed; a failure is told with its trace and ends with 1."""
    for test in tests:
        begun = time.monotonic()
        test()
        print(f"ok {test.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)


class Parts(Stack):
    """The same stack as five processes over ipc, each of which can be killed and started alone."""

    NAMES = ("broker", "registry", "statistics", "assistance", "notifications")

    def start(self, expect_ready=True):
        self.data.mkdir(parents=True, exist_ok=True)
        self.processes = getattr(self, "processes", {})
        if not (self.data / "mns.yaml").exists():
            # `mns up` prepares a directory; here it runs once and stops.
            super().start()
            super().stop()
        for name in self.NAMES:
            self.start_part(name)
        until("every service answers", self.wait,
              lambda: self.run("status", "--check", "all", "--timeout", "2", code=None).returncode == 0, pause=0.1)

    def start_part(self, name):
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.processes[name] = subprocess.Popen([str(BIN / f"mns-{name}")], env=self.environment, stdout=log,
                                                    stderr=log, start_new_session=True)

    def kill_part(self, name):
        self.processes[name].kill()
        self.processes[name].wait()

    def kill(self):
        super().kill()
        for process in getattr(self, "processes", {}).values():
            process.kill()
            process.wait()
        self.processes = {}

    def stop(self):
        code = 0
        for name in reversed(self.NAMES):
            self.processes[name].send_signal(signal.SIGTERM)
            code = self.processes[name].wait(60) or code
        self.processes = {}
        return code
