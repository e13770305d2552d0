"""`baton import` and `baton export` at a terminal: whose data, who is asked, what is said, and where."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import NotReady, SlackUnavailable
from bot.people import service as people
from bot.people.rules import Profile
from bot.store.engine import Store
from bot.store.sql import one_at_a_time
from bot.store.walls import within
from bot.transfer import console
from bot.transfer.console import Slack
from bot.transfer.kinds import Kind
from tests.factories import NOW, a_profile

HERE, ELSEWHERE = "T0BATON", "T0OTHER"
NEW = a_profile(id="U0NEW", name="New", email="New@x.example")

Said = tuple[bool, str, str]
Import = Callable[..., Said]


@pytest.fixture
def imports(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    """Import a text; returns whether it went well, and what was written to stdout and stderr."""

    def run(text: str, slack: Slack | None = None, workspace: str | None = None, *, dry_run: bool = False) -> Said:
        path = tmp_path / "team.csv"
        path.write_text(text)
        done = console.bring_in(store, slack, Kind.PEOPLE, path, workspace, NOW, dry_run=dry_run)
        said = capsys.readouterr()
        return done, said.out, said.err.replace(f"{tmp_path}/", "")

    return run


def a_slack(*pages: list[Profile], team_id: str = HERE) -> Slack:
    """A Slack that lists these pages of people."""

    def everyone(workspace_id: str) -> Iterator[list[Profile]]:
        assert workspace_id == team_id
        yield from pages

    return Slack(lambda: team_id, everyone)


def a_silent_slack(error: Exception) -> Slack:
    """A Slack that does not say whose token it is."""

    def silent() -> str:
        raise error

    return Slack(silent, lambda _: iter(()))


def an_interrupted_slack() -> Slack:
    """A Slack that stops in the middle of its list."""

    def everyone(_: str) -> Iterator[list[Profile]]:
        yield [NEW]
        raise SlackUnavailable from ConnectionError("cut off")

    return Slack(lambda: HERE, everyone)


def meet(store: Store, *workspaces: str) -> None:
    """Let Baton know Ana in these workspaces."""
    for workspace in workspaces:
        with within(workspace):
            people.remember(store, workspace, a_profile(email="ana@x.example"), NOW)


def test_an_import_says_how_much_it_changed(store: Store, imports: Import) -> None:
    meet(store, HERE)
    text = "email,roles,Phone,Desk\nana@x.example,SDR,1,2\n"
    would = "line 2: ana@x.example: SDR from 2026-11-18, Phone 1, Desk 2\n1 row would change something, 0 nothing.\n"
    notes = "Columns kept as notes: Phone, Desk.\n"
    assert imports(text, dry_run=True) == (True, would + notes, "")
    assert imports(text) == (True, f"1 row changed something, 0 nothing.\n{notes}", "")
    assert imports(text) == (True, f"0 rows changed something, 1 nothing.\n{notes}", "")


def test_what_is_wrong_stands_on_stderr_line_by_line(store: Store, imports: Import) -> None:
    meet(store, HERE)
    done, out, err = imports("email,from\nana@x.example,soon\n[b]x,later\n", a_slack())
    assert (done, out) == (False, "")
    assert err == (
        "line 2: from: soon is no date; write it as 2026-12-31\n"
        "line 3: email: [b]x belongs to nobody whom Baton knows\n"
        "line 3: from: later is no date; write it as 2026-12-31\n"
        "Slack was asked, too. Nothing was changed: team.csv has errors in 2 lines.\n"
    )


def test_a_file_that_cannot_be_taken_at_all_is_told(store: Store, imports: Import) -> None:
    meet(store, HERE)
    assert imports("") == (False, "", "the file is empty\nNothing was changed: team.csv has errors.\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [pytest.param("none.csv", "No such file or directory", id="none"), pytest.param("", "Is a directory", id="folder")],
)
def test_a_file_that_is_not_there_is_told(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    path = tmp_path / name
    assert not console.bring_in(store, None, Kind.PEOPLE, path, None, NOW, dry_run=False)
    said = f"the file cannot be read: {reason}\nNothing was changed: {path} has errors.\n"
    assert capsys.readouterr().err == said


def test_slack_is_asked_for_those_whom_baton_has_not_met(store: Store, imports: Import) -> None:
    meet(store, HERE)
    slack = a_slack([a_profile(id="U0X", email="x@x.example")], [NEW])
    assert imports("email,roles\nnew@X.example,SDR\n", slack) == (True, "1 row changed something, 0 nothing.\n", "")
    assert people.is_known(store, HERE, "U0NEW")
    assert not people.is_known(store, HERE, "U0X")


def test_slack_is_left_in_peace_when_everybody_is_known(store: Store, imports: Import) -> None:
    meet(store, HERE)
    assert imports("email,roles\nana@x.example,SDR\n", a_silent_slack(AssertionError()))[0]


def test_the_first_import_takes_the_workspace_of_the_token(store: Store, imports: Import) -> None:
    assert imports("email,roles\nnew@x.example,SDR\n", a_slack([NEW], team_id=ELSEWHERE))[0]
    with within(ELSEWHERE):
        assert people.is_known(store, ELSEWHERE, "U0NEW")


ONLY = "Only people whom Baton has met were looked for:"


@pytest.mark.parametrize(
    ("slack", "said"),
    [
        pytest.param(None, f"{ONLY} SLACK_BOT_TOKEN is not set.", id="no token"),
        pytest.param(
            a_slack(team_id=ELSEWHERE), f"{ONLY} SLACK_BOT_TOKEN is of the workspace T0OTHER.", id="another workspace"
        ),
        pytest.param(a_silent_slack(OSError("no route")), f"{ONLY} Slack did not answer (no route).", id="no network"),
        pytest.param(a_silent_slack(NotReady("wrong.")), f"{ONLY} Slack did not answer (wrong).", id="a wrong token"),
        pytest.param(an_interrupted_slack(), f"{ONLY} Slack did not answer (cut off).", id="half of the list"),
        pytest.param(a_slack([NEW]), "Slack was asked, too.", id="asked"),
    ],
)
def test_where_people_were_looked_for_is_told(store: Store, imports: Import, slack: Slack | None, said: str) -> None:
    meet(store, HERE)
    assert imports("email,roles\nwho@x.example,SDR\n", slack) == (
        False,
        "",
        "line 2: email: who@x.example belongs to nobody whom Baton knows\n"
        f"{said} Nothing was changed: team.csv has errors in 1 line.\n",
    )


@pytest.mark.parametrize(
    ("met", "wanted", "slack", "said"),
    [
        pytest.param(
            [HERE, ELSEWHERE],
            None,
            None,
            "The database has several workspaces; say which: --workspace T0BATON or T0OTHER.",
            id="several",
        ),
        pytest.param([HERE], "T0X", None, "The database has no workspace T0X; it has T0BATON.", id="another"),
        pytest.param([], "T0X", a_slack(), "The database has no workspace T0X; it has none.", id="not the token's"),
        pytest.param(
            [],
            None,
            None,
            "The database has no workspace yet: start `baton run` once, or set SLACK_BOT_TOKEN; where many workspaces "
            "are served, install Baton in one.",
            id="none, and no token",
        ),
        pytest.param(
            [],
            None,
            a_silent_slack(OSError("no route")),
            "The database does not know this workspace, and Slack cannot be reached (no route).",
            id="none, and no Slack",
        ),
    ],
)
def test_a_workspace_that_is_not_clear_is_told_in_one_line(
    store: Store, imports: Import, met: list[str], wanted: str | None, slack: Slack | None, said: str
) -> None:
    meet(store, *met)
    with pytest.raises(NotReady) as refused:
        imports("email\nana@x.example\n", slack, wanted)
    assert str(refused.value) == said


def test_the_workspace_that_is_named_is_changed(store: Store, imports: Import, tmp_path: Path) -> None:
    meet(store, HERE, ELSEWHERE)
    assert imports("email,roles\nana@x.example,SDR\n", workspace=ELSEWHERE)[0]
    path = tmp_path / "out.csv"
    for workspace, lines in ((HERE, 1), (ELSEWHERE, 2)):
        assert console.take_out(store, Kind.PEOPLE, path, workspace, NOW)
        assert len(path.read_text().splitlines()) == lines


def test_an_export_says_where_it_is_and_whom_it_lacks(
    store: Store, imports: Import, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meet(store, HERE)
    imports("email,roles\nana@x.example,SDR\n")
    people.remember(store, HERE, a_profile(id="U0TWIN", name="Twin", email="ANA@x.example"), NOW)
    people.remember(store, HERE, a_profile(name="Ana", email="ana@x.example", is_active=False), NOW)
    path = tmp_path / "out.csv"
    assert console.take_out(store, Kind.PEOPLE, path, None, NOW)
    said = capsys.readouterr()
    assert said.out == f"0 rows written to {path}.\n"
    assert said.err == "Left out, for Slack tells no e-mail of their own: Ana.\n"


def test_an_export_that_cannot_be_written_is_told(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meet(store, HERE)
    assert not console.take_out(store, Kind.PEOPLE, tmp_path / "no" / "out.csv", None, NOW)
    assert capsys.readouterr().err.endswith("out.csv cannot be written: No such file or directory.\n")


def test_an_export_that_is_not_made_leaves_the_file_before_it(store: Store, tmp_path: Path) -> None:
    meet(store, HERE)
    path = tmp_path / "out.csv"
    path.write_text("of the last quarter")
    for kind in (Kind.STATEMENTS, Kind.ACTIVITIES):
        with pytest.raises(NotReady, match="2026-Q9"):
            console.take_out(store, kind, path, None, NOW, "2026-Q9")
    assert path.read_text() == "of the last quarter"


def test_an_export_may_go_to_the_standard_output(store: Store, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    meet(store, HERE)
    assert console.take_out(store, Kind.PEOPLE, Path("-"), None, NOW)
    said = capfdbinary.readouterr()
    assert said.out.decode("utf-8-sig").startswith("email,roles")
    assert b"rows written" in said.err


def test_a_database_that_does_not_answer_is_told_in_one_line(store: Store, imports: Import) -> None:
    meet(store, HERE)
    other = Store(store.url.render_as_string(hide_password=False))
    with other.write() as tx:
        one_at_a_time(tx, f"people:{HERE}")
        with pytest.raises(NotReady) as refused:
            imports("email,roles\nana@x.example,SDR\n")
    other.close()
    assert str(refused.value) == "The database does not answer, and nothing was changed. Try again when it does."
