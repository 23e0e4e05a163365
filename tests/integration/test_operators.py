#!/usr/bin/python3
"""The commands for operators on a real stack: sub, req, serve – what they answer, and what they say to wrong input."""
import json
import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, MNS, Stack, check, main, until

TOWNSHIP, VILLAGE, OTHER = "510322101000", "510322101201", "510322102203"
stack = Stack()


class Running:
    """A command that goes on until it is stopped; its lines are read from a file."""

    def __init__(self, *arguments):
        self.path = pathlib.Path(stack.data) / f"run/{len(os.listdir(stack.data / 'run'))}.out"
        with open(self.path, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([MNS, *arguments], env=stack.environment, stdout=out, stderr=out,
                                            start_new_session=True)

    def text(self):
        return self.path.read_text(encoding="utf-8")

    def lines(self):
        return [line for line in self.text().splitlines() if line]

    def await_text(self, text):
        until(f"the word {text!r}", 10, lambda: text in self.text() or self.process.poll() is not None)
        check(text in self.text(), f"{text!r} is not in {self.text()!r}")
        return self

    def stop(self, how=signal.SIGINT, code=0):
        self.process.send_signal(how)
        ended = self.process.wait(20)
        check(ended == code, f"ended with {ended}, expected {code}: {self.text()}")
        return self.lines()


def load():
    """Two villages under two townships, in the log once the registry has told of them."""
    path = stack.data / "places.csv"
    path.write_text("code,name,level\n510000000000,四川省,1\n510300000000,自贡市,2\n"
                    f"{COUNTY},富顺县,3\n{TOWNSHIP},富世,4\n510322102000,邓井关,4\n"
                    f"{VILLAGE},一村,5\n{OTHER},三村,5\n", encoding="utf-8")
    stack.run("import", path)
    until("the places are in the log", 20, lambda: stack.json("req", "bus.status")[0]["log_number"] >= 7)


def events(*arguments):
    return [json.loads(line) for line in stack.run("sub", *arguments, "--json").splitlines()]


# ---- sub -------------------------------------------------------------------------------------------------------------

def test_sub_from_a_number_with_the_names_of_cloudevents():
    first = events("places.", "--from", "start", "--count", "1")[0]
    check(first["specversion"] == "1.0" and first["source"] == "registry", f"{first}")
    check(first["id"].startswith("registry-") and first["subject"].startswith("places."), f"{first}")
    check(first["dataschema"] == f"urn:minsheng:{first['type']}:{first['schemaversion']}", f"{first}")
    check(isinstance(first["data"], list) and first["data"][0]["code"], f"{first}")
    second = events("places.", "--from", str(first["lognumber"]), "--count", "1")[0]
    check(second["lognumber"] > first["lognumber"], f"{first} {second}")


def test_sub_from_a_time():
    """Time of the log, whatever the day is outside: what was recorded before is left out."""
    everything = events("places.", "--from", "start", "--count", "6")
    since = everything[3]["time"]
    expected = [event["lognumber"] for event in everything if event["time"] >= since]
    later = events("places.", "--since", since, "--count", str(len(expected)))
    check([event["lognumber"] for event in later][:len(expected)] == expected, f"{since}: {later}")
    check(events("places.", "--since", "2026-06-30", "--count", "1")[0] == everything[0], "a day before")
    stack.refused("sub", "places.", "--since", "soon", code=2, words=["--since"])
    stack.refused("sub", "places.", "--since", "2026-07-01", "--from", "3", code=2, words=["either"])


def places_of(scope, prefix="places."):
    count = {"down": 2, "self": 1, "up": 4}[scope]
    return {event["data"][0]["code"]
            for event in events(prefix, "--from", "start", "--place", TOWNSHIP, "--scope", scope, "--count", str(count))}


def test_sub_filters_by_place():
    check(places_of("down") == {TOWNSHIP, VILLAGE}, f"{places_of('down')}")
    check(places_of("self") == {TOWNSHIP}, f"{places_of('self')}")
    check(places_of("up") == {"510000000000", "510300000000", COUNTY, TOWNSHIP}, f"{places_of('up')}")


def test_sub_lives_and_ends_with_ctrl_c():
    follower = Running("sub", "places.", "registry.", "--json", "--consumer", "watcher", "--type", "place_info")
    until("it is subscribed", 10, lambda: any(row.get("consumer") == "watcher" for row in
                                               stack.json("req", "bus.status")[0].get("consumers", [])))
    path = stack.data / "more.csv"
    path.write_text("code,name,level\n510322101202,二村,5\n", encoding="utf-8")
    stack.run("import", path)
    until("the event has come", 10, follower.lines)
    lines = follower.stop()
    check([json.loads(line)["data"][0]["code"] for line in lines] == ["510322101202"], f"{lines}")


def test_sub_refuses_what_makes_no_sense():
    stack.refused("sub", code=2, words=["PREFIX"])
    stack.refused("sub", "places.", "--from", "yesterday", code=2, words=["--from", "start"])
    stack.refused("sub", "places.", "--place", "5103221", code=2, words=["--place"])
    stack.refused("sub", "places.", "--place", "510322", "--scope", "around", code=2, words=["down, self, up"])
    stack.refused("sub", "places.", "--scope", "up", code=2, words=["--place"])
    stack.refused("sub", "places.x.51032", code=1, words=["digits"])
    stack.refused("sub", "places.", "--count", "0", code=2, words=["--count"])
    stack.refused("sub", "p" * 97, code=2, words=["PREFIX", "96"])
    stack.refused("sub", "places.", "--consumer", "n" * 49, code=2, words=["--consumer", "48"])


def test_an_unknown_type_is_told_but_awaited():
    follower = Running("sub", "places.", "--type", "birht").await_text("no record type 'birht'")
    follower.stop()


def test_ctrl_c_ends_a_command_that_waits_for_the_broker():
    waiting = Running("status", "--connect", f"ipc://{stack.data}/run/nobody", "--timeout", "60")
    status = pathlib.Path(f"/proc/{waiting.process.pid}/task")
    until("it has begun to wait", 10, lambda: len(list(status.iterdir())) > 1)  # the threads of its context
    waiting.stop(code=-signal.SIGINT)


def test_what_is_asked_of_nobody_is_told():
    stack.refused("outbox", "show", "nosuch", words=["nosuch", "registry, statistics"])
    stack.refused("consumer", "skip", "nosuch", "registry-1-1", "--reason", "x", words=["nosuch", "statistics"])
    stack.refused("consumer", "reset", "nobody", code=2, words=["--number", "--time"])
    stack.refused("account", "change", "nobody", code=2, words=["--rights"])
    stack.refused("log", "trim", "--days", "-1", code=2, words=["--days"])
    check(len(stack.run("log", "show", "--since", "2026-01-01", "--json").splitlines()) > 0, "a day is taken as by sub")


# ---- req -------------------------------------------------------------------------------------------------------------

def test_req_takes_options_or_json():
    by_option = stack.json("req", "registry.places", "--code", VILLAGE)
    check(stack.json("req", "registry.places", json.dumps({"code": VILLAGE})) == by_option, "JSON in the line")
    check(stack.json("req", "registry.places", "-", text=json.dumps({"code": VILLAGE})) == by_option, "from stdin")
    path = stack.data / "body.json"
    path.write_text(json.dumps([{"code": VILLAGE}]))
    check(stack.json("req", "registry.places", f"@{path}") == by_option, "from a file")
    check("registry.places" in stack.run("req", "--list") and "bus.status" in stack.run("req", "--list"), "the list")


def test_req_explains_wrong_input():
    stack.refused("req", "registry.places", '{"cdoe": "510322"}', words=["cdoe", "did you mean 'code'", "fields"])
    stack.refused("req", "registry.places", '{"code": 510322}', words=["code", "string"])
    stack.refused("req", "registry.places", '{"code":', words=["no JSON", "line 1"])
    stack.refused("req", "registry.places", "[1]", words=["object"])
    stack.refused("req", "registry.places", "@/nowhere.json", words=["/nowhere.json"])
    stack.refused("req", "registry.places", "{}", "--code", VILLAGE, code=2, words=["code"])
    stack.refused("req", "bus.status", "{}", code=2, words=["no body"])
    stack.refused("req", "registry.places", "--key", "17", code=2, words=["--key"])
    stack.refused("req", "elsewhere.nothing", code=2, words=["elsewhere.nothing"])


def test_req_under_one_key_happens_once():
    key = "0190a3c1-5a00-7000-8000-00000000000a"
    fresh = subprocess.run([sys.executable, "-c", "import os,time;t=int(time.time()*1000);print(f'{t:012x}')"],
                           capture_output=True, text=True, check=True).stdout.strip()
    key = f"{fresh[:8]}-{fresh[8:]}-7000-8000-00000000000a"
    body = json.dumps({"source": "county", "amount": 500})
    first = stack.run("req", "assistance.fund", "--source", "county", "--amount-fen", "500", "--key", key)
    check(stack.run("req", "assistance.fund", "--source", "county", "--amount-fen", "500", "--key", key) == first, body)
    stack.refused("req", "assistance.fund", "--source", "county", "--amount-fen", "501", "--key", key, words=["key"])


# ---- pub -------------------------------------------------------------------------------------------------------------

def rain(millimetres, place=VILLAGE):
    return json.dumps({"subject": f"weather.rain.{place}.day", "type": "rain", "occurred": "2026-07-01",
                       "data": {"mm": millimetres}})


def pub(*arguments, text=None, code=0):
    return json.loads(stack.run("pub", "-p", "weather", "--json", *arguments, text=text, code=code))


def rained():
    """What the log has of it, by `mns sub`, as far as the marker that is published last."""
    pub("-", text=rain(-1))
    seen = []
    follower = Running("sub", "weather.rain.", "--from", "start", "--json")
    until("the marker has come", 10, lambda: any('"mm":-1' in line for line in follower.lines()[-1:]))
    for line in follower.stop():
        seen.append(json.loads(line))
    return [event for event in seen if event["data"][0]["mm"] >= 0]


def test_pub_numbers_and_waits_for_the_log():
    first = pub("-", text=rain(1) + "\n\n" + rain(2) + "\n")
    check((first["published"], first["number"], first["pending"]) == (2, 2, 0) and first["lognumber"] > 7, f"{first}")
    path = stack.data / "rain.jsonl"
    path.write_text(rain(3) + "\n" + rain(4) + "\n")
    check(pub(path)["number"] == 4, "it goes on counting")
    stack.run("pub", "-p", "weather", "-t", f"weather.rain.{VILLAGE}.day", "--type", "rain", "-", text='{"mm": 5}\n')
    events_seen = rained()
    check([event["data"][0]["mm"] for event in events_seen] == [1, 2, 3, 4, 5], f"{events_seen}")
    check(events_seen[0]["id"] == "weather-1-1" and events_seen[0]["occurred"] == "2026-07-01", f"{events_seen[0]}")
    check(pub("-", text=json.dumps(events_seen[0]))["published"] == 1, "what sub prints can be published")


def test_pub_keeps_what_cannot_be_sent():
    kept = json.loads(stack.run("pub", "-p", "weather", "--json", "-", "--connect", f"ipc://{stack.data}/run/nobody",
                                "--timeout", "1", text=rain(60), code=3))
    check((kept["published"], kept["pending"]) == (1, 1), f"{kept}")
    check(pub()["pending"] == 0, "sent by the next run")
    check([event["data"][0]["mm"] for event in rained()].count(60) == 1, "once")


def test_pub_takes_a_file_whole_or_not_at_all():
    path = stack.data / "wrong.jsonl"
    path.write_text(rain(70) + "\n" + rain(71) + "\n{oops\n")
    stack.refused("pub", "-p", "weather", path, words=["wrong.jsonl:3", "no JSON"])
    check(all(event["data"][0]["mm"] < 70 for event in rained()), "nothing of it")
    for line, words in [('{"subject": "weather.rain.5103.day", "type": "rain", "data": {}}', ["topic"]),
                        (rain(1).replace("weather.", "registry."), ["topic", "weather"]),
                        (rain(1).replace('"occurred"', '"occured"'), ["occured", "did you mean 'occurred'"]),
                        (rain(1).replace("2026-07-01", "2026-07-32"), ["occurred", "date"]),
                        (rain(1).replace('"data"', '"entity"'), ["entity", "text"]), ('[1]', ["object"]),
                        (rain(0.5), ["fraction"]), (rain(1).replace('"rain"', '"birth"'), ["mm", "fields"])]:
        done = stack.run("pub", "-p", "weather", "-", text=line, code=None)
        check(done.returncode == 1 and all(word in done.stderr for word in ["stdin:1", *words]), done.stderr)
    stack.refused("pub", code=2, words=["--producer"])
    stack.refused("pub", "-p", "Weather", code=2, words=["lower-case"])
    stack.refused("pub", "-p", "weather", "-t", "weather.rain.510322000000.day", code=2, words=["--type"])
    stack.refused("pub", "-p", "weather", "/nowhere.jsonl", words=["/nowhere.jsonl"])


def test_pub_begins_anew_when_its_outbox_is_lost_and_stops_when_it_is_old():
    fresh = pub("--outbox", stack.data / "elsewhere", "-", text=rain(80))
    check((fresh["epoch"], fresh["number"]) == (2, 1), f"{fresh}")
    stack.refused("pub", "-p", "weather", words=["epoch 1 is over"])


# ---- serve -----------------------------------------------------------------------------------------------------------

def serve(command, program, *options):
    return Running("serve", command, "--account", command.split(".", maxsplit=1)[0], *options, "--", sys.executable, "-c",
                   program).await_text("ready")


def test_serve_answers_by_a_program():
    for name in ("weather", "trial"):
        stack.run("account", "add", name, "--role", "service")
    running = serve("weather.today", "import json,sys,os; asked = json.load(sys.stdin);"
                    "print(json.dumps({'at': asked['place'], 'caller': os.environ['MNS_CALLER'],"
                    " 'command': os.environ['MNS_COMMAND'], 'sky': ['clear', None, True, -3]}))")
    answer = stack.json("req", "weather.today", json.dumps({"place": VILLAGE, "deep": {"n": [1, 2]}}))
    check(answer == [{"at": VILLAGE, "caller": "local", "command": "weather.today", "sky": ["clear", None, True, -3]}],
          f"{answer}")
    stack.refused("req", "weather.today", '{"share": 0.5}', words=["fraction"])
    running.stop()
    stack.refused("req", "weather.today", "{}", "--timeout", "1", words=["not there now"])


def test_serve_turns_a_failing_program_into_an_error():
    running = serve("trial.fail", "import json,sys; how = json.load(sys.stdin)['how'];\n"
                    "if how == 'word': print(json.dumps({'error': 'not_found', 'detail': 'no such hill'})); sys.exit(1)\n"
                    "if how == 'junk': print('no json')\n"
                    "if how == 'code': sys.exit('it broke')\n"
                    "if how == 'long':\n import time\n time.sleep(60)\n"
                    "if how == 'huge': sys.stdout.write('x' * 10000000)\n", "--limit", "1", "--workers", "2")
    expected = {"word": ["no such hill"], "junk": ["no JSON"], "code": ["ended with 1", "it broke"],
                "huge": ["larger than"]}
    for how, words in expected.items():
        stack.refused("req", "trial.fail", json.dumps({"how": how}), words=words)
    stack.refused("req", "trial.fail", '{"how": "long"}', "--timeout", "2", words=["killed"])
    check(stack.json("req", "trial.fail", '{"how": "fine"}') == [], "nothing printed is an empty answer")
    running.stop(signal.SIGTERM)


def test_serve_refuses_what_makes_no_sense():
    stack.refused("serve", "weather.today", code=2, words=["--"])
    stack.refused("serve", "weather.today", "--", code=2, words=["PROGRAM"])
    stack.refused("serve", "weather", "--", "true", code=2, words=["COMMAND"])
    stack.refused("serve", "weather.today", "--workers", "0", "--", "true", code=2, words=["--workers"])
    stack.refused("serve", "weather.today", "--account", "local", "--", "true", words=["right"])
    missing = Running("serve", "trial.missing", "--account", "trial", "--", "/no/such/program").await_text("ready")
    stack.refused("req", "trial.missing", "{}", words=["/no/such/program"])
    missing.stop()


if __name__ == "__main__":
    with stack:
        load()
        main([value for name, value in list(globals().items()) if name.startswith("test_")])
