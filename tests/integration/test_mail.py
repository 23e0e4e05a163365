#!/usr/bin/python3
"""Mail through a real SMTP server: what it says, what happens when the server refuses for now, refuses for good or is away,
and that neither a kill, a restart nor a replay of the whole log sends anything twice: an effect outside the store, behind
the commit, is tried again until it is done (docs/faults.md row 33)."""
import email
import email.policy
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Stack, check, free_port, main, until  # noqa: E402

from aiosmtpd.controller import Controller  # noqa: E402

VILLAGE = "510322102203"
PERSONS = """户籍地区划代码,姓名,性别,出生日期,公民身份号码,户口性质,起算日期
"""


class Inbox:
    """A mail server that can be told what to answer next."""

    def __init__(self):
        self.mails, self.answers = [], []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server, _session, envelope):
        text = envelope.content
        self.mails.append((envelope.rcpt_tos, text, email.message_from_bytes(text, policy=email.policy.default)))
        return "250 OK"


inbox, port = Inbox(), free_port()
servers = []
stack = Stack(environment={"MNS_SMTP_URL": f"smtp://127.0.0.1:{port}", "MNS_SMTP_FROM": "minsheng@county.example",
                           "MNS_LANGUAGE": "zh"})


def serve():
    servers.append(Controller(inbox, hostname="127.0.0.1", port=port))
    servers[-1].start()


def number_of(serial):
    body = f"51032219500101{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def entitle(count):
    """Old people with one child and an entitlement each."""
    persons = "\n".join(f"{VILLAGE},王{i},female,1950-01-01,{number_of(i)},rural,2025-01-01"
                        for i in range(100, 100 + count))
    rows = "\n".join(f"rural-reward,national,{number_of(i)},王{i},yes,2026-01-01,1,0,0" for i in range(100, 100 + count))
    (stack.data / "persons.csv").write_text(PERSONS + persons + "\n")
    (stack.data / "recipients.csv").write_text("scheme,tier,citizen_number,name,opening,from_day,children_living,"
                                               "sons_living,children_deceased\n" + rows + "\n")
    stack.run("import", stack.data / "places.csv")
    stack.run("import", stack.data / "persons.csv")
    until("the recipients are taken", 10,
          lambda: stack.run("import", stack.data / "recipients.csv", code=None).returncode == 0, 0.2)


def die(serial):
    stack.run("event", "death", "--place", VILLAGE, "--occurred", "2026-07-01", "--citizen-number", number_of(serial),
              "--name", f"王{serial}")


def message(number):
    rows = stack.json("notify", "show", number)
    return rows[0] if rows else {"state": "none"}


def a_death_arrives_as_mail():
    serve()
    stack.start()
    (stack.data / "places.csv").write_text(
        "code,name,level,parent,registration\n510000000000,四川省,1,,\n510300000000,自贡市,2,510000000000,\n"
        "510322000000,富顺县,3,510300000000,\n510322102000,琵琶镇,4,510322000000,\n"
        f"{VILLAGE},石桥村,5,510322102000,rural\n")
    entitle(8)
    die(100)
    until("the mail", 10, lambda: inbox.mails)
    receivers, raw, mail = inbox.mails[0]
    check(receivers == ["office@localhost"], receivers)
    check(mail["From"] == "Minsheng <minsheng@county.example>", mail["From"])
    check("受益人死亡" in mail["Subject"] and "石桥村" in mail["Subject"], mail["Subject"])
    check(mail["Message-ID"].endswith("@county.example>") and mail["Auto-Submitted"] == "auto-generated", str(mail.items()))
    body = mail.get_content()
    check("王100" in body and VILLAGE in body and number_of(100) not in body, body)
    check(all(len(line) <= 998 and max(line, default=0) < 128 for line in raw.split(b"\r\n")), "not 7bit")
    check(mail["Date"].startswith("Wed, 01 Jul 2026") or mail["Date"].startswith("Wed, 1 Jul 2026"), mail["Date"])
    until("it is marked", 5, lambda: message(1)["state"] == "sent")


def a_refusal_for_now_is_tried_again():
    inbox.answers = ["451 greylisted"]
    before = len(inbox.mails)
    die(101)
    until("the first attempt", 10, lambda: message(2).get("attempts") == 1)
    check(message(2)["state"] == "waiting" and "451" in message(2)["error"], message(2))
    check(len(inbox.mails) == before, "a refused mail arrived")
    stack.run("notify", "retry", 2)
    until("the second attempt", 10, lambda: message(2)["state"] == "sent")
    check(len(inbox.mails) == before + 1, "not exactly one")


def a_refusal_for_good_is_a_dead_letter():
    inbox.answers = ["550 no such office"]
    die(102)
    until("it is dead", 10, lambda: message(3)["state"] == "dead")
    check("550" in message(3)["error"] and message(3)["attempts"] == 1, message(3))
    check(stack.json("notify", "retry")[0]["messages"] == 1, "not retried")
    until("it went", 10, lambda: message(3)["state"] == "sent")


def a_server_that_is_away_holds_nothing_up():
    servers.pop().stop()
    before = len(inbox.mails)
    die(103)
    until("the attempt failed", 15, lambda: message(4).get("attempts", 0) >= 1)
    check(message(4)["state"] == "waiting", message(4))
    serve()
    stack.run("notify", "retry", 4)
    until("it went", 10, lambda: message(4)["state"] == "sent")
    check(len(inbox.mails) == before + 1, "not exactly one")


def a_kill_and_a_restart_send_nothing_again():
    inbox.answers = ["451 later"]
    die(104)
    until("it waits", 10, lambda: message(5).get("attempts") == 1)
    before = len(inbox.mails)
    stack.kill()
    stack.start()
    stack.run("notify", "retry", 5)
    until("it went", 10, lambda: message(5)["state"] == "sent")
    check(len(inbox.mails) == before + 1, f"{len(inbox.mails) - before} mails")
    ids = [mail["Message-ID"] for _, _, mail in inbox.mails]
    check(len(set(ids)) == len(ids), "a Message-ID came twice")


def a_replay_into_an_empty_store_sends_nothing():
    before = len(inbox.mails)
    stack.stop()
    for file in (stack.data / "notifications").glob("notifications.db*"):
        file.unlink()
    stack.start()
    until("the replay is over", 30, lambda: len(stack.json("notify", "list")) == 5)
    check({row["state"] for row in stack.json("notify", "list")} == {"history"}, stack.run("notify", "list"))
    die(105)
    until("a new death arrives", 10, lambda: len(inbox.mails) > before)
    check(len(inbox.mails) == before + 1 and "王105" in inbox.mails[-1][2].get_content(), "an old one was sent")
    until("it is noted", 10, lambda: message(6)["state"] == "sent")  # else it is sent again after the next start


def nothing_personal_is_logged():
    log = stack.log()
    for serial in range(100, 108):
        check(number_of(serial) not in log and f"王{serial}" not in log, f"person {serial} is in the log")


def without_a_server_mails_are_spooled():
    stack.stop()
    del stack.environment["MNS_SMTP_URL"]
    settings = stack.data / "mns.yaml"
    settings.write_text("".join(line for line in settings.read_text().splitlines(True) if "smtp_url" not in line))
    stack.start()
    die(106)

    def text(path):
        return email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_content()

    file = until("the file", 10, lambda: [f for f in (stack.data / "spool").glob("*.eml") if "王106" in text(f)])[0]
    check(file.stat().st_mode & 0o777 == 0o600, "others may read it")


try:
    main([a_death_arrives_as_mail, a_refusal_for_now_is_tried_again, a_refusal_for_good_is_a_dead_letter,
          a_server_that_is_away_holds_nothing_up, a_kill_and_a_restart_send_nothing_again,
          a_replay_into_an_empty_store_sends_nothing, nothing_personal_is_logged, without_a_server_mails_are_spooled])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
finally:
    while servers:
        servers.pop().stop()
stack.__exit__(None, None, None)
