#!/usr/bin/python3
"""The documents say what is there: links and files resolve, the commands shown exist with their options, both READMEs
show the same commands, and no document speaks of a file of the source that is gone."""
import os
import pathlib
import re
import shlex
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ.get("MNS_SOURCE") or pathlib.Path(__file__).resolve().parents[2])
MNS = str(pathlib.Path(os.environ.get("MNS_BIN") or SOURCE / "build/release/bin") / "mns")
DOCUMENTS = sorted([*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md"), *SOURCE.glob("sample/data/*.md"),
                    *SOURCE.glob("divisions/data/*.md")])
FOLDERS = ("common/", "mns/", "services/", "sample/", "divisions/", "tests/", "compose/", "cmake/", "docs/", "include/")


def read(path):
    return path.read_text(encoding="utf-8")


def blocks(text):
    """The fenced and the indented code of a document, as lines."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    indented = re.findall(r"^ {4}(mns .*)$", text, re.M)
    return [line for block in fenced for line in block.splitlines()] + indented


def commands(text):
    """Each `mns …` of a document's code, as words without comments."""
    for line in blocks(text):
        for part in re.split(r"&&|\||;|<|>|\$\(", line):
            part = part.strip().removeprefix("do ").removeprefix("$ ").strip()
            if part.startswith("mns "):
                try:
                    yield shlex.split(part.rstrip("\\"), comments=True)
                except ValueError:  # the quote belongs to the line around it
                    yield shlex.split(part.rstrip(")\"'\\"), comments=True)


def help_of(words):
    done = subprocess.run([MNS, *words, "--help"], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout if done.returncode == 0 else None


def screen(words):
    """The help of the longest beginning of words that is a command, and what follows it."""
    for size in (3, 2, 1):
        names = words[:size]
        if len(names) == size and not any(name.startswith("-") for name in names):
            text = help_of(names)
            if text is not None and (size > 1 or "\nCommands:" not in text):
                return text, words[size:]
    return None, words


class Documents(unittest.TestCase):
    def test_links_resolve(self):
        for document in DOCUMENTS:
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", read(document)):
                if not re.match(r"[a-z]+:", target):
                    with self.subTest(document=document.name, link=target):
                        self.assertTrue((document.parent / target).exists())

    def test_files_named_exist(self):
        for document in DOCUMENTS:
            for name in re.findall(r"`([\w./*-]+)`", read(document)):
                if name.startswith(FOLDERS) and name not in FOLDERS:
                    with self.subTest(document=document.name, file=name):
                        self.assertTrue(any(SOURCE.glob(name.rstrip("/"))) or any(SOURCE.glob(name + ".[ch]")))

    def test_commands_exist_with_their_options(self):
        seen = 0
        for document in DOCUMENTS:
            for words in commands(read(document)):
                with self.subTest(document=document.name, command=" ".join(words)):
                    text, rest = screen(words[1:])
                    self.assertIsNotNone(text)
                    for option in (word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)):
                        self.assertRegex(text, rf"(?m)^ .*{re.escape(option)}\b")
                    seen += 1
        self.assertGreater(seen, 30)

    def test_both_readmes_show_the_same(self):
        def bare(name):
            return [line.split(" #")[0].rstrip() for line in blocks(read(SOURCE / name))
                    if re.match(r"(mns|export|for|\./|import|while|feed|open|  )", line) and "─" not in line
                    and "│" not in line]
        english, chinese = bare("README.md"), bare("README.zh-CN.md")
        self.assertGreater(len(english), 20)
        self.assertEqual(english, chinese)


if __name__ == "__main__":
    unittest.main()
