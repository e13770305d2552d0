"""Processes that start in no time, for tests that kill many: forked from one that has imported everything already."""

import importlib
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any


class Nursery:
    """A process that imports a module once, and forks one that runs its `main` whenever it is asked to.

    Args:
        module: the name of the module; `main` takes the options of a command line.
    """

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-m", "tests.wire.nursery", module]
        self._mother = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fork(self, options: Sequence[str], log: Path) -> int:
        """Start one; returns its process id. What it says is added to `log`."""
        return int(self._ask(options=list(options), log=str(log)))

    def code(self, pid: int, within: float) -> int | None:
        """The exit code of one, negative for a signal; None when it has not ended in time. Asked for once."""
        code: int | None = self._ask(pid=pid, within=within)
        return code

    def close(self) -> None:
        """Fork no more; the living have been ended before."""
        self._mother.communicate()

    def _ask(self, **order: Any) -> Any:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        return json.loads(self._mother.stdout.readline())


def main() -> None:
    """Obey the orders of the standard input, one a line, until it ends."""
    module = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        answer = _code(**order) if "pid" in order else _fork(module, **order)
        print(json.dumps(answer), flush=True)


def _fork(module: ModuleType, options: list[str], log: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _speak_into(log)
        module.main(options)
        code = 0
    except BaseException:  # noqa: BLE001 - told, and the process ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _speak_into(log: str) -> None:
    """Leave the mother's ears and mouth to her."""
    with Path(os.devnull).open("rb") as nothing, Path(log).open("ab") as file:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())


def _code(pid: int, within: float) -> int | None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    return None


if __name__ == "__main__":
    main()
