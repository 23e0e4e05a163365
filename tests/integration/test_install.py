#!/usr/bin/python3
"""What `cmake --install` leaves for the makers of other systems: headers that a C99 and a C++11 compiler take, a shared
library that exports what they declare and nothing else, pkg-config and CMake packages, pages of the manual without a
warning, and examples that run against a real stack, over CURVE and over a local socket."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import BIN, COUNTY, SOURCE, Failed, Stack, check, main, until  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="mns-install-"))
PREFIX = FOLDER / "usr"
SANITIZED = not re.search(r"^MNS_SANITIZE:\w+=(OFF)?$", (BIN.parent / "CMakeCache.txt").read_text(), re.M)
stack = Stack()


def run(*command, cwd=FOLDER, code=0, environment=None):
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=environment or dict(os.environ), capture_output=True,
                          text=True, timeout=300, check=False)
    check(done.returncode == code, f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def flags():
    found = list(PREFIX.rglob("mns.pc"))
    check(len(found) == 1, f"mns.pc: {found}")
    environment = dict(os.environ, PKG_CONFIG_PATH=str(found[0].parent))
    given = run("pkg-config", "--cflags", "--libs", "mns", environment=environment).split()
    library = next(flag[2:] for flag in given if flag.startswith("-L"))
    return [*given, f"-Wl,-rpath,{os.path.realpath(library)}"]


def it_installs():
    run("cmake", "--install", BIN.parent, "--prefix", PREFIX, "--component", "client")
    for name in ("client", "error", "event", "feed", "publisher", "topic", "value"):
        check((PREFIX / f"include/mns/{name}.h").exists(), f"{name}.h is not installed")


def headers_are_taken_by_c99_and_cxx11():
    names = sorted(path.name for path in (PREFIX / "include/mns").glob("*.h"))
    for name in names:  # each alone
        (FOLDER / "one.c").write_text(f"#include <mns/{name}>\nint main (void) {{ return mns_error_exit_code (MNS_OK); }}\n")
        run("cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", f"-I{PREFIX}/include", "-c", "one.c")
    if not shutil.which("g++"):
        print("skipped: the headers were not tried with a C++ compiler, g++ is not installed")
        return
    text = "".join(f"#include <mns/{name}>\n" for name in names)
    (FOLDER / "all.cc").write_text(text + "int main () { return mns_client_version ()[0] == 0; }\n")
    run("g++", "-std=c++11", "-pedantic", "-Wall", "-Wextra", "-Werror", "all.cc", *flags(), "-o", "all")
    if not SANITIZED:
        run("./all")


def the_library_exports_what_the_headers_declare():
    declared = set()
    for path in (PREFIX / "include/mns").glob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        declared |= set(re.findall(r"MNS_API [^;(]*?\b(mns_\w+) \(", text))
        loose = re.findall(r"^(?!#|typedef|MNS_API|\s).*\b(mns_\w+) \(", text, re.M)
        check(not loose, f"{path.name} declares without MNS_API: {loose}")
    library = next(PREFIX.rglob("libmns.so"))
    check(os.path.realpath(library).endswith(".so.0.1.0"), "the shared library has no version in its name")
    for arguments, file in ((("-D", "--defined-only"), library), (("-g", "--defined-only"), next(PREFIX.rglob("libmns.a")))):
        exported = {line.split()[2] for line in run("nm", *arguments, file).splitlines() if len(line.split()) == 3}
        exported = {name for name in exported if not name.startswith(("__asan", "__odr_asan", "__tsan", "_init", "_fini"))}
        check(exported == declared, f"{file.name}: not declared {sorted(exported - declared)}, "
                                    f"not exported {sorted(declared - exported)}")
    needed = set(re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", library)))
    allowed = ("libzmq", "libsqlite3", "libsodium", "liblzma", "libc.", "libasan", "libubsan", "libtsan", "libm.", "ld-linux")
    check(all(name.startswith(allowed) for name in needed), f"the library needs {sorted(needed)}")


def the_manual_is_without_a_warning():
    run(SOURCE / "docs/man/generate", "--check")
    pages = [*PREFIX.rglob("man3/*.3"), SOURCE / "docs/man/mns.1"]
    check({"libmns.3", "mns_client.3"} <= {page.name for page in pages}, f"pages: {pages}")
    functions = set(re.findall(r"MNS_API [^;(]*?\b(mns_\w+) \(", "".join(
        path.read_text() for path in (PREFIX / "include/mns").glob("*.h"))))
    told = set(re.findall(r"\b(mns_[a-z_]+)\b", "".join(page.read_text() for page in pages)))
    check(functions <= told, f"the manual says nothing of {sorted(functions - told)}")
    if not shutil.which("groff"):
        print("skipped: the pages of the manual were not rendered, groff is not installed")
        return
    for page in pages:
        done = subprocess.run(["groff", "-k", "-mandoc", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True,
                              check=False)
        check(done.returncode == 0 and not done.stderr.strip(), f"{page.name}: {done.stderr}")


def the_examples_compile():
    for example in ("keys", "request", "subscribe"):
        source = next(PREFIX.rglob(f"examples/c/{example}.c"))
        lines = source.read_text().count("\n")
        check(lines < 60, f"{example}.c has {lines} lines")
        run("cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", source, *flags(), "-o", FOLDER / example)
    project = next(PREFIX.rglob("examples/c"))
    run("cmake", "-S", project, "-B", FOLDER / "project", f"-DCMAKE_PREFIX_PATH={PREFIX}")
    run("cmake", "--build", FOLDER / "project")
    check((FOLDER / "project/subscribe").exists(), "find_package (mns) gave no program")


def a_county_is_loaded():
    stack.start()
    stack.run("sample", "load", "--scale", "0.001")


class Follower:
    """The example, with its lines."""

    def __init__(self, *arguments):
        self.out = FOLDER / "lines"
        with open(self.out, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([FOLDER / "subscribe", *arguments], cwd=FOLDER, stdout=out, stderr=out)

    def lines(self):
        return self.out.read_text().splitlines()

    def until(self, what, counts):
        try:
            until(what, 30, lambda: births(self.lines()) == counts)
        except Failed as failure:
            raise Failed(f"{failure}: {counts}, but {len(self.lines())} lines, the last: {self.lines()[-5:]}") from failure

    def end(self):
        self.process.kill()
        self.process.wait()


def birth(name):
    stack.run("event", "birth", "--place", "510322102203", "--occurred", "2026-07-01", "--name", name, "--sex", "female",
              "--mother", "foundling")


def births(lines):
    """The counts of July in the county that were told."""
    return [int(count) for line in lines if line.startswith(f"{COUNTY} 2026-07 registration")
            for count in re.findall(r" births female\.0 = (\d+);", line)]


def subscribe_over_curve_catches_up_and_goes_on():
    key = run("./keys", "my.key").strip()
    stack.run("account", "add", "province", "--role", "system", "--division", COUNTY, "--key", key)
    broker = stack.run("keys", "show", stack.data / "keys/broker.key").strip()
    arguments = (f"tcp://127.0.0.1:{stack.bus_port}", broker, "my.key", COUNTY[:6])
    follower = Follower(*arguments)
    try:
        birth("一")
        follower.until("the catch-up comes to the birth", [1])
        check(len(follower.lines()) > 10, "nothing of before was told")
    finally:
        follower.end()
    birth("二")
    follower = Follower(*arguments)
    try:
        follower.until("it goes on where it stopped", [2])
    finally:
        follower.end()


SNAPSHOT = r"""
#include <mns/client.h>
#include <stdio.h>
#include <string.h>
static mns_rc_t row (const mns_received_t *row, void *context) {
  ++*(int *)context;
  return row->log_number == 0 && !strncmp (row->topic, "statistics.figures.", 19) ? MNS_OK : MNS_INVALID;
}
int main (int argc, char **argv) {
  char offset[MNS_OFFSET_SIZE];
  const char *const prefixes[] = {"statistics.figures.510322"};
  const mns_received_t *event;
  mns_error_t error = {MNS_OK, "", ""};
  int rows = 0, events = 0;
  mns_client_t *client = mns_client_new (argv[argc - 1]);
  mns_rc_t rc = mns_client_connect (client, 10000, &error);
  if (rc == MNS_OK)
    rc = mns_client_snapshot (client, "statistics", prefixes, 1, 10000, row, &rows, offset, &error);
  if (rc == MNS_OK)
    rc = mns_client_subscribe (client, prefixes, 1, offset, &error);
  if (rc == MNS_OK)
    printf ("%s\n%d rows\n", offset, rows), fflush (stdout);
  while (rc == MNS_OK && (rc = mns_client_next (client, 1500, &event, &error)) == MNS_OK)
    events++;
  printf ("%d events\n%s\n%s %s\n", events, mns_client_offset (client), mns_error_word (rc), error.detail);
  mns_client_destroy (&client);
  return rc == MNS_TIMEOUT ? 0 : 1;
}
"""


def a_snapshot_and_what_comes_behind_it():
    until("statistics have told all of it", 60,
          lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    (FOLDER / "snapshot.c").write_text(SNAPSHOT)
    run("cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "snapshot.c", *flags(), "-o", "snapshot")
    offset, rows, events, end, _ = run("./snapshot", f"ipc://{stack.data}/run/bus").splitlines()
    check(re.fullmatch(r"\d+/\d+/0/statistics/1/\d+", offset), offset)
    check(int(rows.split()[0]) > 100 and events == "0 events", f"{rows}, {events}: what the snapshot has comes again")
    check(re.fullmatch(r"\d+/\d+/[0-9a-f]+/statistics/1/\d+", end), end)


COMMAND = r"""
#include <mns/client.h>
#include <poll.h>
#include <stdio.h>
int main (int argc, char **argv) {
  char key[MNS_KEY_SIZE];
  const mns_reply_t *reply;
  mns_error_t error = {MNS_OK, "", ""};
  mns_value_t none = {NULL, 0};
  uint64_t request;
  mns_client_t *client = mns_client_new (argv[argc - 1]);
  mns_body_t *body = mns_body_new ();
  mns_body_text (body, "event", "birth");
  mns_body_text (body, "occurred", "2026-07-01");
  mns_body_text (body, "place", "510322102203");
  mns_body_text (body, "name", "\xe5\x86\x8d\xe4\xb8\x80");
  mns_body_text (body, "sex", "female");
  mns_body_text (body, "mother", "foundling");
  mns_client_key (key);
  mns_rc_t rc = mns_client_connect (client, 10000, &error);
  for (int i = 0; rc == MNS_OK && i < 2; i++) {
    rc = mns_client_request (client, "registry.record", key, mns_body_value (body), 5000, &reply, &error);
    printf ("%s repeated=%d %s %d\n", mns_error_word (rc), reply->repeated, reply->producer, (int)reply->body.size > 0);
  }
  struct pollfd ready = {mns_client_fd (client), POLLIN, 0};
  for (int i = 0; rc == MNS_OK && i < 100; i++)
    rc = mns_client_send (client, i ? "registry.status" : "registry.nonsense", NULL, none, 5000, &request, &error);
  int done = 0, refused = 0;
  while (rc == MNS_OK || rc == MNS_TIMEOUT) {
    poll (&ready, 1, 5000);
    while ((rc = mns_client_take (client, 0, &reply, &error)) == MNS_OK)
      *(reply->rc == MNS_OK ? &done : &refused) += 1;
  }
  printf ("%d done, %d refused, %s\n", done, refused, mns_error_word (rc));
  rc = mns_client_request (client, "registry.record", "no key", mns_body_value (body), 5000, &reply, &error);
  printf ("%s at %s\n", mns_error_word (rc), error.where);
  mns_body_destroy (&body);
  mns_client_destroy (&client);
  return 0;
}
"""


def a_command_takes_effect_once():
    (FOLDER / "command.c").write_text(COMMAND)
    run("cc", "-std=gnu99", "-Wall", "-Wextra", "-Werror", "command.c", *flags(), "-o", "command")
    lines = run("./command", f"ipc://{stack.data}/run/bus").splitlines()
    check(lines == ["ok repeated=0 registry 1", "ok repeated=1 registry 1", "99 done, 1 refused, not_found",
                    "invalid at key"], f"{lines}")


def ask_and_publish_over_a_local_socket():
    for _ in range(2):
        out = run("./request", f"ipc://{stack.data}/run/bus", COUNTY, "2026-07")
        check(re.search(rf"^{COUNTY} at the end of 2026-07: \d+$", out, re.M), out)
    producers = [line for line in stack.run("sub", "example.", "--from", "start", "--count", "2", "--json").splitlines()]
    check(len(producers) == 2 and all("example.reading" in line for line in producers), f"{producers}")


TESTS = [it_installs, headers_are_taken_by_c99_and_cxx11, the_library_exports_what_the_headers_declare,
         the_manual_is_without_a_warning]
if not SANITIZED:  # a program that is not sanitized cannot run over a library that is
    TESTS += [the_examples_compile, a_county_is_loaded, subscribe_over_curve_catches_up_and_goes_on,
              a_snapshot_and_what_comes_behind_it, a_command_takes_effect_once,
              ask_and_publish_over_a_local_socket]
try:
    main(TESTS)
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
    stack.__exit__(None, None, None)
