"""`baton`: everything that whoever runs Baton can ask for."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot import __version__, checks, clock, demo, serving, settings, wiring
from bot.backup import console as backups
from bot.digest import posting
from bot.errors import NotReady, StoreUnavailable, StoreUnsure
from bot.installations import service as installations
from bot.installations.keys import Keyring
from bot.ops import logging
from bot.quota.periods import Period
from bot.store import schema
from bot.store.engine import Store
from bot.store.walls import within
from bot.transfer import console as transfer
from bot.transfer.kinds import Kind
from bot.words import words_for
from handlers.gateway import Gateway
from handlers.manifest import manifest as app_manifest
from handlers.server import new_executor
from handlers.ui import digest as digest_ui
from handlers.ui import digest_details as details_ui
from handlers.ui import digest_text

NOT_READY = 2
"""Exit code when something is missing before Baton can work."""

AWAY = "The database does not answer any more, or others hold it. Try again."
GONE = "The database went away while it stored this, and nobody knows whether it has. Look, then try again."

AnyKind = Annotated[Kind, typer.Argument(metavar="KIND", help=f"What the file is about: {', '.join(Kind)}.")]
AnyFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help="A CSV file.")]
OfWorkspace = Annotated[
    str | None, typer.Option("--workspace", metavar="T…", help="Whose data it is, where there are several.")
]

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Baton keeps a sales team in step, in Slack.",
)


@cli.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Baton keeps a sales team in step, in Slack."""
    if version:
        typer.echo(f"baton {__version__}")
        raise typer.Exit


@cli.command()
def run() -> None:
    """Serve: Socket Mode or HTTP, by what is set."""
    wiring.run(_configured())


@cli.command()
def check() -> None:
    """Look at settings, database, migrations, tokens and scopes; say ok, or what to do."""
    results = checks.all_checks()
    console = Console(soft_wrap=True)
    for result in results:
        sign = "[green]ok[/]  " if result.ok else "[red]no[/]  "
        console.print(f"{sign}[bold]{result.name}[/]  {escape(result.said)}")
    raise typer.Exit(0 if all(result.ok for result in results) else 1)


@cli.command()
def migrate() -> None:
    """Bring the database's schema to its newest version."""
    with closing(Store(_configured().database_url)) as store:
        schema.upgrade(store)
    typer.echo("The schema is at its newest version.")


@cli.command(name="rotate-key")
def rotate_key() -> None:
    """Encrypt all tokens anew with the first key of BATON_ENCRYPTION_KEY; may be begun again at any time."""
    found = _configured()
    if found.baton_encryption_key is None:
        raise NotReady(f"BATON_ENCRYPTION_KEY is not set; {settings.HOW}, and put it before the old one and a comma.")
    keys = Keyring(found.baton_encryption_key)
    changed = lost = 0
    with closing(wiring.open_store(found)) as store:
        for of_page, closed in installations.reseal_all(store, keys):
            changed, lost = changed + of_page, lost + closed
    typer.echo(
        f"{changed} encrypted anew with the first key; the others are not needed any more."
        if not lost
        else f"{changed} encrypted anew. {lost} cannot be opened with any of the keys: set theirs, too, and repeat it."
    )
    raise typer.Exit(1 if lost else 0)


@cli.command()
def manifest(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="For HTTP: the public https address of Baton.")] = None,
) -> None:
    """Print the app manifest to paste into Slack."""
    if socket == (url is not None):
        raise NotReady("Say how Slack will reach Baton: `baton manifest --socket`, or `--url https://…`.")
    if url is not None and not url.startswith("https://"):
        raise NotReady(f"Slack takes https addresses only, not {url}.")
    typer.echo(json.dumps(app_manifest(url), indent=2, ensure_ascii=False))


@cli.command(name="import")
def import_file(
    kind: AnyKind,
    file: AnyFile,
    workspace: OfWorkspace = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Take over a table, all of its rows or none."""
    found = _configured()
    with closing(wiring.open_store(found)) as store:
        slack = _slack(found, store, workspace)
        done = transfer.bring_in(store, slack, kind, file, workspace, clock.utc_now(), dry_run=dry_run)
    raise typer.Exit(0 if done else 1)


@cli.command(name="export")
def export_file(
    kind: AnyKind,
    file: AnyFile,
    workspace: OfWorkspace = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="2026-Q4", help="Only what is of this time.")
    ] = None,
) -> None:
    """Write a table that can be imported again; to the standard output where FILE.csv is -."""
    with closing(wiring.open_store(_configured())) as store:
        done = transfer.take_out(store, kind, file, workspace, clock.utc_now(), period)
    raise typer.Exit(0 if done else 1)


@cli.command()
def digest(
    week: Annotated[
        str | None, typer.Option("--week", metavar="2026-W46", help="Which one; without it the last one that is over.")
    ] = None,
    post: Annotated[bool, typer.Option("--post", help="Send to everybody what is due of it.")] = False,
    workspace: OfWorkspace = None,
) -> None:
    """Print the week of everybody who sells; or have posted what is due and has not been."""
    found = _configured()
    with closing(wiring.open_store(found)) as store:
        whose, now = transfer.workspace(store, workspace), clock.utc_now()
        with within(whose):
            _digest(store, whose, posting.week(store, whose, week, now), now, post=post)


def _digest(store: Store, whose: str, period: Period, now: datetime, *, post: bool) -> None:
    if post:
        names = posting.post(store, whose, period, now)
        typer.echo(f"{period.name}: {len(names)} to be sent" + (f": {', '.join(names)}." if names else "."))
        return
    page = posting.everybody(store, whose, period, now)
    words = words_for("en")
    parts = (digest_ui.team(words, page), details_ui.details(words, page))
    typer.echo("\n\n".join(digest_text.text(each) for each in parts))


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; - for the standard output.")],
) -> None:
    """Write everything that is stored into one file, as it stands at one moment; Baton may run."""
    with closing(_reached(_configured())) as store:
        backups.back_up(store, file, clock.utc_now())


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup; - for the standard input.")],
    replace: Annotated[bool, typer.Option("--replace", help="Throw away what is in the database.")] = False,
) -> None:
    """Put a backup into the database, on SQLite or PostgreSQL: all of it, or nothing."""
    with closing(_reached(_configured())) as store:
        backups.restore(store, file, clock.utc_now(), wiring.catch_up, replace=replace)


@cli.command(name="demo")
def run_demo(
    port: Annotated[int, typer.Option(help="Where the browser finds it; 0 for any free port.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
) -> None:
    """A Slack-like workspace in the browser with a sample team and the real bot in it."""
    demo.run(port, open_browser=open_browser)


def _configured() -> settings.Settings:
    found = settings.load()
    logging.configure(found.log_level, found.log_format)
    return found


def _reached(found: settings.Settings) -> Store:
    """The database, whatever stands in it; NotReady says why it cannot be reached."""
    store = Store(found.database_url)
    schema.standing(store)
    return store


def _slack(found: settings.Settings, store: Store, workspace: str | None) -> transfer.Slack | None:
    """Whom Slack lists, where there is a token to ask it with: of the settings, or of the workspace that is named."""
    if found.slack_bot_token is not None:
        gateway = Gateway(serving.slack_client(found), new_executor(1))
        return transfer.Slack(lambda: str(gateway.identify()["team_id"]), gateway.everyone)
    if workspace is None or found.slack_client_id is None or found.mode() is not settings.Mode.MANY:
        return None
    gateways = serving.Many(found, store, new_executor(1)).gateways
    return transfer.Slack(lambda: workspace, gateways.of(workspace).everyone) if gateways.serves(workspace) else None


def main(arguments: list[str] | None = None) -> None:
    """The entry point: what keeps Baton from working is one line, never a traceback."""
    _told_in_one_line(lambda: cli(arguments))


def _told_in_one_line(work: Callable[[], Any]) -> None:
    try:
        work()
    except NotReady as reason:
        said = str(reason)
    except StoreUnsure:
        said = GONE
    except StoreUnavailable:
        said = AWAY
    else:
        return
    sys.stderr.write(f"baton: {said}\n")
    sys.exit(NOT_READY)


if __name__ == "__main__":
    main()
