"""Run by path as `warm_child.py FD`: a process that has loaded the libraries, and forks for each file to be judged.

It reads no file itself, so nothing hostile ever reaches it; who judges has limits of time and memory and is gone
afterwards. It ends with its parent. It imports nothing of the application; the parent's side is judging.py.

A request on the socket FD: a JSON object (kind, seconds, megabytes, options) with two descriptors, the file and where to
answer; one byte comes back when it has been taken. The answer: a JSON pair (verdict, detail), a line feed, bytes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import jpeg_child
import pdf_child

JUDGES: dict[str, Callable[..., tuple[str, Any, bytes]]] = {"jpeg": jpeg_child.judge, "pdf": pdf_child.judge}
NICE = {"jpeg": 0, "pdf": 10}  # a picture takes a twentieth of a second, a document up to many
REQUEST_MAX = 4096
TIME_SIGNALS = (signal.SIGKILL, signal.SIGXCPU, signal.SIGALRM)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's terminal; the parent decides
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    requests = socket.socket(fileno=int(sys.argv[1]))
    while True:
        text, descriptors, _flags, _address = socket.recv_fds(requests, REQUEST_MAX, 2)
        if not text:
            return
        if os.fork() == 0:
            requests.close()
            keep(json.loads(text), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        requests.send(b".")


def keep(request: dict[str, Any], file: int, answer: int) -> None:
    """Forks the judge, and answers in its place when it was killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    judge = os.fork()
    if judge == 0:
        run(request, file, answer)
    _, status = os.waitpid(judge, 0)
    if os.WIFSIGNALED(status):
        why = "time" if os.WTERMSIG(status) in TIME_SIGNALS else "memory"  # or a crash for want of it
        write(answer, ("heavy", why, b""))
    elif os.WEXITSTATUS(status):
        write(answer, ("broken", f"exit {os.WEXITSTATUS(status)}", b""))
    os._exit(0)


def run(request: dict[str, Any], file: int, answer: int) -> None:
    limit(request["seconds"], request["megabytes"])
    os.nice(NICE[request["kind"]])
    try:
        with os.fdopen(file, "rb") as opened:
            opened.seek(0)  # the parent has looked at the head
            verdict = JUDGES[request["kind"]](opened, **request["options"])
    except (MemoryError, RecursionError):
        verdict = ("heavy", "memory", b"")
    except BaseException as error:  # said by the keeper
        os._exit(2 if isinstance(error, Exception) else 3)
    write(answer, verdict)
    os._exit(0)  # no time for taking a million objects apart


def limit(seconds: int, megabytes: int) -> None:
    """Hard limits of this process: memory, time of the processor and of the clock, no file written."""
    for what, value in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def write(answer: int, verdict: tuple[str, Any, bytes]) -> None:
    word, detail, content = verdict
    with os.fdopen(answer, "wb") as out:
        out.write(json.dumps((word, detail)).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
