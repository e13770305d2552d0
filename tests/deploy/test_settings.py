"""Every setting stands where whoever deploys looks for it."""

import re

import pytest

from bot.settings import Settings
from tests.deploy.places import DEPLOY, REPOSITORY, read_yaml

NAMES = {name.upper() for name in Settings.model_fields}


def test_the_example_has_every_setting_and_no_other() -> None:
    example = (DEPLOY / "env.example").read_text()
    assert sorted(re.findall(r"^(?:# ?)?([A-Z][A-Z_]+)=", example, re.MULTILINE)) == sorted(NAMES)


def test_the_example_can_be_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    found = Settings(_env_file=DEPLOY / "env.example")  # type: ignore[call-arg]  # of pydantic-settings
    assert found.mode() == "socket"
    assert found.database_url == "sqlite:///baton.db"


def test_the_readme_explains_every_setting() -> None:
    page = (REPOSITORY / "README.md").read_text()
    assert {name for name in NAMES if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("file", ["docker/Dockerfile", "docker/compose.yaml", "systemd/baton.service"])
def test_what_is_set_is_a_setting(file: str) -> None:
    text = (DEPLOY / file).read_text()
    assert set(re.findall(r"\b((?:BATON|SLACK|LOG|DATABASE)_[A-Z_]+)\b", text)) <= NAMES


def test_the_chart_sets_settings() -> None:
    assert read_yaml("kubernetes", "baton", "values.yaml")["settings"].keys() <= NAMES
