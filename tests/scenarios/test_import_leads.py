"""A list of leads moves in by CSV while Baton runs, and out again: the commands, over Slack's wire."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from bot.leads import queries
from tests.lengths import length
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.wire import inlet, processes
from tests.wire.processes import BOT_TOKEN, Ended

HERE = "T0BATON"
FILE = """\
Компания;Имя;Email;Source;Owner_email;Score;Заметка
Ромашка;Иван;ivan@romashka.example;вебинар;;15;ждёт звонка
Globex;;;;ana@northwind.example;;
Ромашка;Ольга;olga@romashka.example;;;;
"""


@pytest.fixture(scope="module", params=CORNERS[: length(1, 2)], ids="-".join)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    mode, database = request.param
    folder = tmp_path_factory.mktemp(mode)
    yield from start_workspace(request, folder, mode, database, BATON_WEBHOOK_SECRET=inlet.SECRET)


def baton(running: Workspace, *words: str) -> Ended:
    """`baton …` run to its end beside the bot."""
    more = {"SLACK_BOT_TOKEN": BOT_TOKEN, "DATABASE_URL": running.database_url}
    more["SLACK_API_URL"] = f"{running.team.address}/api/"
    return processes.quick_baton(running.folder, *words, **more)


def test_a_list_moves_in_and_out_and_nobody_hears_of_it(running: Workspace) -> None:
    (running.folder / "leads.csv").write_bytes(FILE.encode("cp1251"))
    posts = len(httpx.get(f"{running.team.address}/ui/posts").json()["posts"])
    counts = (
        "New leads: 2 (1 in the queue, 1 with an owner). Merged: 0 with leads that were known, 1 with an earlier row."
    )
    said = f"{counts}\nColumns kept as notes: Заметка.\nThe file was read as Windows-1251.\n"
    rehearsed = baton(running, "import", "leads", "leads.csv", "--dry-run")
    assert (rehearsed.code, rehearsed.err) == (0, "")
    assert rehearsed.out.startswith("line 2: ivan@romashka.example: new, Ромашка, in the queue, score 15\n")
    assert rehearsed.out.endswith(f"3 rows would change something, 0 nothing.\n{said}")
    done = baton(running, "import", "leads", "leads.csv")
    assert done == Ended(0, f"3 rows changed something, 0 nothing.\n{said}", "")
    with closing(running.store()) as store, store.read() as tx:
        assert [row.company for row in queries.queue(tx, HERE)] == ["Ромашка"]
        assert [row.company for row in queries.owned_by(tx, HERE, "U0ANA")] == ["Globex"]
    known = inlet.post(running.port, inlet.body_of(email="petr@romashka.example"))
    assert (known.status_code, known.json()["result"]) == (200, "known")
    assert baton(running, "export", "leads", "out.csv") == Ended(0, "2 rows written to out.csv.\n", "")
    assert baton(running, "import", "leads", "out.csv").out.startswith("0 rows changed something, 2 nothing.\n")
    assert len(httpx.get(f"{running.team.address}/ui/posts").json()["posts"]) == posts


def test_every_bad_row_is_named_and_nothing_is_stored(running: Workspace) -> None:
    rows = "company,email,owner_email\nSoylent,,\n,jane,\nUmbrella,,nobody@x.example\n,,ana@northwind.example\n"
    (running.folder / "bad.csv").write_text(rows)
    ended = baton(running, "import", "leads", "bad.csv")
    assert (ended.code, ended.out) == (1, "")
    *lines, last = ended.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["line 3", "line 4", "line 5"]
    assert last == "Slack was asked, too. Nothing was changed: bad.csv has errors in 3 lines."
    again = baton(running, "import", "leads", "bad.csv")
    assert again == ended
