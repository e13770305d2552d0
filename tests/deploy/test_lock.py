"""The locks have everything that is asked for, in versions that are allowed, and a hash for every one."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.places import DEPLOY, REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
LOCKS = {"requirements.lock": ("demo", "build", "traces"), "requirements-dev.lock": ("dev", "demo", "build", "traces")}

BOTH = pytest.mark.parametrize("lock", LOCKS)


def pinned(lock: str) -> dict[str, tuple[str, str]]:
    """Every name with its version and the lines of its hashes."""
    text = (DEPLOY / lock).read_text()
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)((?:.*\n)(?:    .*\n?)*)", text, re.MULTILINE)
    return {canonicalize_name(name): (version, rest) for name, version, rest in found}


@BOTH
def test_everything_that_is_asked_for_is_pinned_within_its_bounds(lock: str) -> None:
    there = pinned(lock)
    extras = [each for name in LOCKS[lock] for each in PROJECT["optional-dependencies"][name]]
    for line in [*PROJECT["dependencies"], *extras]:
        wanted = Requirement(line)
        if wanted.name == "baton":
            continue
        assert canonicalize_name(wanted.name) in there, line
        version, _ = there[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), line


@BOTH
def test_every_pin_has_a_hash_and_comes_from_nowhere_in_particular(lock: str) -> None:
    for name, (_, rest) in pinned(lock).items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", rest), name
    text = (DEPLOY / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in line for line in starts)


def test_what_runs_is_pinned_alike_for_those_who_develop() -> None:
    run, develop = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: version for name, (version, _) in run.items()}.items() <= {
        name: version for name, (version, _) in develop.items()
    }.items()
