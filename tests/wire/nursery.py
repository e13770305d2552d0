"""Processes that start in no time, for tests that start many: forked from one that has imported everything already.

Most of the second or two in which Python starts goes into imports, and hundreds of starts are minutes of `make test`.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from bot.delivery import claims, gates, service
from bot.schedule import ticker
from bot.words import LANGUAGES, words_for
from tests.wire import moved_clock
from tests.wire.waiting import looks

TICK = 0.1
"""Seconds between two ticks of a bot that starts in no time: stories wait for many of them."""

OWN_TICKS = "DRILL_TICKS"
"""The variable with which it ticks as any other one, for drills under load."""


PACE = timedelta(seconds=0.2)
"""Between two messages to one person: the sandbox takes as many as come, and stories wait for each."""


class Nursery:
    """A process that imports a module once, and forks one that runs its `main` whenever it is asked to.

    Args:
        module: the name of the module; `main` takes the options of a command line.
        ahead: a folder of code that goes before this one's.
    """

    def __init__(self, module: str, ahead: Path | None = None) -> None:
        command = [sys.executable, "-P", "-m", "tests.wire.nursery", module]
        path = os.pathsep.join(map(str, [*([ahead] if ahead else []), Path.cwd()]))
        environment = {**os.environ, "PYTHONPATH": path}
        self._mother = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._asking = Lock()

    def fork(
        self,
        options: Sequence[str],
        out: Path,
        err: Path | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> int:
        """Start one; returns its process id. What it says is added to `out`, its errors to `err` if that is another.

        Without an `environment` and a `folder` it has those of the test run as they were at the beginning.
        """
        place = {
            "out": str(out),
            "err": str(err or out),
            "environment": None if environment is None else dict(environment),
            "folder": str(folder or "."),
        }
        return int(self._ask(options=list(options), **place))

    def code(self, pid: int, within: float) -> int | None:
        """The exit code of one, negative for a signal; None when it has not ended in time. Asked for once."""
        code: int | None = None
        for _ in looks(within):
            code = self._ask(pid=pid)
            if code is not None:
                break
        return code

    def close(self) -> None:
        """Fork no more; the living have been ended before."""
        self._mother.communicate()

    def _ask(self, **order: Any) -> Any:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        with self._asking:
            self._mother.stdin.write(json.dumps(order) + "\n")
            self._mother.stdin.flush()
            return json.loads(self._mother.stdout.readline())


class Forked:
    """A process of a nursery, to be handled like one of `subprocess`."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, when it has ended."""
        if self._code is None:
            self._code = self._nursery.code(self.pid, 0)
        return self._code

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended; raises `TimeoutExpired`."""
        if self._code is None:
            self._code = self._nursery.code(self.pid, timeout)
        if self._code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return self._code

    def send_signal(self, name: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, name)


def main() -> None:
    """Obey the orders of the standard input, one a line, until it ends."""
    module = importlib.import_module(sys.argv[1])
    if module.__package__ == "bot":
        for each in (claims, gates, service):
            each.PACE = PACE  # type: ignore[attr-defined]  # each took it from `rules`
        for language in LANGUAGES:
            words_for(language)
    gc.collect()
    gc.freeze()  # none of the forked ones looks at it again, nor copies it
    for line in sys.stdin:
        order = json.loads(line)
        answer = _code(**order) if "pid" in order else _fork(module, **order)
        print(json.dumps(answer), flush=True)


def _fork(
    module: ModuleType, options: list[str], out: str, err: str, environment: dict[str, str] | None, folder: str
) -> int:
    pid = os.fork()
    if pid:
        return pid
    _speak_into(out, err)
    os.chdir(folder)
    if environment is not None:
        os.environ.clear()
        os.environ.update(environment)
    moved_clock.follow()
    if OWN_TICKS not in os.environ:
        ticker.EVERY = TICK
    sys.argv[:] = [module.__name__, *options]
    module.main(options)
    sys.exit(0)  # out of the mother's loop, and the interpreter ends as any other


def _speak_into(out: str, err: str) -> None:
    """Leave the mother's ears and mouth to her."""
    with Path(os.devnull).open("rb") as nothing, Path(out).open("ab") as said, Path(err).open("ab") as told:
        for own, stream in ((nothing, sys.stdin), (said, sys.stdout), (told, sys.stderr)):
            os.dup2(own.fileno(), stream.fileno())


def _code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    main()
