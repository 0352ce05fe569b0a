"""Kinds of answers that harm, by what they do, and what is to come of each."""

from __future__ import annotations

import ast
import textwrap
from typing import NamedTuple


class Hostile(NamedTuple):
    """What a hostile answer does.

    Args:
        code: statements, at the start of a task's body or of the file.
        state: of its task or, of a whole file, of every task.
        words: that stand in the sentence.
    """

    code: str
    state: str
    words: str = ""


# Statements in the body of one task; `return 0` is wrong in each.
BODIES = {
    "exit": Hostile("import os; os._exit(0)", "crashed", "the process ended with code 0"),
    "abort": Hostile("import os; os.abort()", "crashed", "SIGABRT"),
    "segmentation fault": Hostile("import ctypes; ctypes.string_at(0)", "crashed", "SIGSEGV"),
    "kill itself": Hostile("import os; os.kill(os.getpid(), 9)", "crashed", "SIGKILL"),
    "stop itself": Hostile("import os; os.kill(os.getpid(), 19)", "crashed", "SIGSTOP"),
    "end its group": Hostile("import os; os.killpg(os.getpgrp(), 15)", "crashed", "SIGTERM"),
    "kill who watches": Hostile("import os; os.kill(os.getppid(), 9); return 0", "wrong"),
    "stop who watches": Hostile("import os; os.kill(os.getppid(), 19); return 0", "wrong"),
    "kill everybody": Hostile("import os; os.kill(-1, 9)", "wrong", "No such process"),
    "become another program": Hostile(
        "import os; os.execv('/bin/sleep', ['sleep', '60'])",
        "crashed",
        "it replaced itself by another program",
    ),
    "close all files": Hostile(
        "import os; os.closerange(0, 500)\nreturn 0", "crashed", "it closed files"
    ),
    "leave by SystemExit": Hostile("raise SystemExit(0)", "wrong", "it calls sys.exit()"),
    "interrupt": Hostile("raise KeyboardInterrupt", "wrong", "KeyboardInterrupt"),
    "endless": Hostile("while True: pass", "timeout", "stopped after"),
    "endless sleep": Hostile("import time; time.sleep(1e6)", "timeout", "stopped after"),
    "endless in C": Hostile(
        "import itertools; sum(itertools.repeat(0))", "timeout", "it does not end: stopped after"
    ),
    "endless in spite of all": Hostile(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timeout",
        "it does not end: stopped after",
    ),
    "endless without signals": Hostile(
        """
        import signal
        for n in set(signal.Signals) - {9, 19}: signal.signal(n, signal.SIG_IGN)
        while True: pass
        """,
        "timeout",
        "it does not end: stopped after",
    ),
    "an error whose text has no end": Hostile(
        """
        class Endless(Exception):
            def __str__(self):
                while True: pass
        raise Endless
        """,
        "wrong",
        "Endless",
    ),
    "an error of 100 MB": Hostile("raise ValueError('x' * 10**8)", "wrong", "ValueError: xxx"),
    "an error that drives a terminal": Hostile(
        r"raise ValueError('\x1b[2J\x07\u202e')", "wrong", "ValueError"
    ),
    "an error of half a character": Hostile(r"raise ValueError('\ud800')", "wrong", "ValueError"),
    "memory": Hostile("bytearray(10**11)", "out of memory", "MemoryError"),
    "memory bit by bit": Hostile("a = []\nwhile True: a.append(bytearray(10**8))", "out of memory"),
    "shared memory": Hostile(
        "import mmap; mmap.mmap(-1, 2**33).write(bytes(2**31 - 1))",
        "wrong",
        "OSError: [Errno 12] Cannot allocate memory",
    ),
    "memory of a family": Hostile(
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                a = bytearray(b"x" * (250 * 2**20))
                time.sleep(60)
        time.sleep(60)
        """,
        "out of memory",
        "took more than",
    ),
    "fork bomb": Hostile(
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "crashed",
        "processes",
    ),
    "threads without end": Hostile(
        "from threading import Timer\nwhile True: Timer(99, int).start()",
        "wrong",
        "can't start new thread",
    ),
    "a thread that goes on": Hostile(
        "import threading, time; threading.Thread(target=time.sleep, args=[99]).start(); return 0",
        "wrong",
    ),
    "a program that goes on": Hostile(
        "import subprocess; subprocess.Popen(['sleep', '99']); return 0", "wrong"
    ),
    "a daemon": Hostile(
        "import os\nif os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0: os.execv('/bin/sleep', ['sleep', '99'])\n    os._exit(0)\nreturn 0",
        "wrong",
    ),
    "a loop at its end": Hostile(
        "import atexit, time; atexit.register(time.sleep, 1e6); return 0", "wrong"
    ),
    "recursion": Hostile("def again(): again()\nagain()", "wrong", "RecursionError"),
    "recursion without bound": Hostile(
        "import sys\nsys.setrecursionlimit(10**9)\nclass A: pass\n"
        "def again(*a): return sorted([1, 2], key=again)\nagain()",
        "crashed",
        "SIGSEGV",
    ),
    "output": Hostile("print('x' * 10**7); return 0", "wrong"),
    "output past Python": Hostile(
        "import os\nfor _ in range(99): os.write(1, b'x' * 10**5)\nreturn 0", "wrong"
    ),
    "output without end": Hostile("while True: print('x' * 1000)", "timeout"),
    "no output": Hostile("import sys; sys.stdout.close(); print(1)", "wrong", "ValueError"),
    "questions": Hostile("input()", "wrong"),
    "a debugger": Hostile("breakpoint(); return 0", "wrong"),
    "a full /tmp": Hostile(
        "with open('/tmp/full', 'wb') as f:\n    while True: f.write(bytes(10**6))",
        "wrong",
        "No space left on device",
    ),
    "full shared memory": Hostile(
        "with open('/dev/shm/full', 'wb') as f:\n    while True: f.write(bytes(10**6))",
        "wrong",
        "No space left on device",
    ),
    "a million files": Hostile(
        "for n in range(10**6): open(f'/tmp/{n}', 'w').close()", "wrong", "No space left on device"
    ),
    "open files without end": Hostile(
        "a = []\nwhile True: a.append(open('/dev/null'))",
        "crashed",
        "the process ended with code 1",
    ),
    "folders in folders": Hostile(
        "import os\nos.chdir('/tmp')\nwhile True: os.mkdir('d' * 99); os.chdir('d' * 99)",
        "wrong",
        "OSError",
    ),
    "no answer": Hostile("import os; os.unlink(__file__); return 0", "wrong"),
    "network": Hostile(
        "import socket; socket.create_connection(('192.0.2.1', 53), 1)",
        "wrong",
        "Network is unreachable",
    ),
    "names of hosts": Hostile(
        "import socket; socket.gethostbyname('example.org')", "wrong", "gaierror"
    ),
    "the tests": Hostile(
        "import os; open(os.path.dirname(os.environ['PYTEST_CURRENT_TEST'].split('::')[0]) + "
        "'/x.py', 'w')",
        "wrong",
        "Read-only",
    ),
    "the harness": Hostile(
        "import gradkata; open(gradkata.__file__, 'a')", "wrong", "Read-only file system"
    ),
    "the course": Hostile(
        "import shutil; shutil.rmtree('/gradkata/course')", "wrong", "Read-only file system"
    ),
    "mounts": Hostile(
        "import subprocess; subprocess.run(['mount', '-t', 'tmpfs', 'x', '/gradkata/course'], "
        "check=True, stderr=-3)",
        "wrong",
        "returned non-zero exit status",
    ),
    "users of its own": Hostile(
        "import subprocess; subprocess.run(['unshare', '-U', 'true'], check=True, stderr=-3)",
        "wrong",
        "returned non-zero exit status",
    ),
    "more memory": Hostile(
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))", "wrong", "ValueError"
    ),
    "the memory of who watches": Hostile(
        "import os; open(f'/proc/{os.getppid()}/mem', 'wb')", "wrong", "Error"
    ),
    "the kernel": Hostile("open('/proc/sys/kernel/hostname', 'w')", "wrong", "Error"),
    "passwords": Hostile("open('/etc/shadow')", "wrong", "No such file or directory"),
    "the environment": Hostile(
        "import os; return os.environ['GRADKATA_SECRET']", "wrong", "KeyError"
    ),
    "solutions": Hostile(
        "open('solutions/01_slopes/slopes.py')", "wrong", "No such file or directory"
    ),
}

# Statements at the start of the file, before all else.
FILES = {
    "no Python": Hostile("def (", "error", "SyntaxError"),
    "an exit at the start": Hostile("import os; os._exit(0)", "crashed", "code 0"),
    "SystemExit at the start": Hostile("raise SystemExit(0)", "error", "it calls sys.exit()"),
    "endless at the start": Hostile("while True: pass", "timeout"),
    "memory at the start": Hostile("a = bytearray(10**11)", "out of memory", "MemoryError"),
    "an absent module": Hostile("import torchh", "error", "ModuleNotFoundError"),
    "brackets": Hostile("(" * 10_000, "error", "SyntaxError"),
    "zero bytes": Hostile("\0", "error", ""),
    "a fork at the start": Hostile("import os\nif os.fork() == 0: os._exit(0)", "done"),
}


def with_body(text: str, task: str, code: str) -> str:
    """Return an answer in which the first function of a task begins with these statements.

    Args:
        text: the answer.
        task: a function, or a class with one.
        code: the statements.
    """
    defined = {getattr(node, "name", ""): node for node in ast.parse(text).body}
    inner = ast.walk(defined[task])
    first = next(node for node in inner if isinstance(node, ast.FunctionDef))
    has_doc = ast.get_docstring(first) is not None and len(first.body) > 1
    begin = first.body[int(has_doc)]
    lines = text.split("\n")
    own = textwrap.indent(textwrap.dedent(code).strip("\n"), " " * begin.col_offset)
    return "\n".join([*lines[: begin.lineno - 1], own, *lines[begin.lineno - 1 :]])


def with_start(text: str, code: str) -> str:
    """Return an answer of which these statements come first, after its docstring."""
    body = ast.parse(text).body
    is_doc = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    line = body[0].end_lineno if is_doc else 0
    lines = text.split("\n")
    # What is imported from __future__ has to be the first.
    while line < len(lines) and (not lines[line] or "__future__" in lines[line]):
        line += 1
    return "\n".join([*lines[:line], textwrap.dedent(code), *lines[line:]])
