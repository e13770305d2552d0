"""The table of people: what a row changes, what is refused with its line, and that nothing is ever half done."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.audit import service as audit
from bot.audit.service import COMMAND_LINE
from bot.people import queries
from bot.people import service as people
from bot.people.rules import Member
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.transfer import service, table
from bot.transfer.form import Outcome
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from bot.words import words_for
from bot.workspace.model import WorkspaceSetting
from tests.factories import NOW, TODAY, a_profile

HERE = "T0BATON"
TEAM = ("ana", "bo", "cy", "di")


@pytest.fixture
def team(store: Store) -> Store:
    """Four who can work, a guest, and one who has left."""
    profiles = [a_profile(id=f"U0{name.upper()}", name=name.title(), email=f"{name}@x.example") for name in TEAM]
    guest = a_profile(id="U0KIM", name="Kim", email="kim@x.example", is_guest=True)
    gone = a_profile(id="U0JO", name="Jo", email="jo@x.example", is_active=False)
    people.remember_all(store, HERE, [*profiles, guest, gone], NOW)
    return store


def bring(store: Store, text: str, **more: Any) -> Outcome:
    """Import people; `@` alone stands for the address of everybody here."""
    data = text.replace("@", "@x.example").encode()
    return service.bring_in(store, HERE, Kind.PEOPLE, service.read(Kind.PEOPLE, data), NOW, **more)


def on(store: Store, day: date, name: str = "ana") -> Member:
    """Somebody as they stand on a day."""
    with store.read() as tx:
        found = queries.member(tx, HERE, f"U0{name.upper()}", day)
    assert found is not None
    return found


def everything(store: Store) -> dict[str, list[Any]]:
    """All rows that an import could touch."""
    with store.read() as tx:
        tables = (queries.person, queries.assignment, queries.placement, audit.entry)
        return {each.name: sorted(map(str, tx.execute(select(each)))) for each in tables}


def refused(store: Store, text: str) -> list[str]:
    """What is wrong with a file, which changes nothing."""
    before = everything(store)
    with pytest.raises(BadFile) as bad:
        bring(store, text)
    assert everything(store) == before
    return [str(problem) for problem in bad.value.problems]


def test_a_row_says_all_of_somebody(team: Store) -> None:
    header = "Segment,From,Phone,Roles,territory,email,Manager Email,Team"
    outcome = bring(team, f"{header}\nSMB|50+,2026-12-01,'+49 30,sdr + AE,EMEA,ANA@,bo@,Inbound\n")
    assert on(team, TODAY).roles == ()
    then = on(team, date(2026, 12, 1))
    assert then.roles == ("SDR", "AE")
    assert (then.standing.team, then.standing.manager) == ("Inbound", "U0BO")
    assert (then.standing.territories, then.standing.segments) == (("EMEA",), ("SMB", "50+"))
    assert then.standing.notes == {"Phone": "+49 30"}
    assert outcome.changed[0].said == (
        "SDR from 2026-12-01",
        "AE from 2026-12-01",
        "team Inbound",
        "manager_email bo@x.example",
        "territory EMEA",
        "segment SMB|50+",
        "Phone +49 30",
    )


def test_who_imported_is_the_command_line(team: Store) -> None:
    bring(team, "email,roles,team\nana@,SDR,Inbound\n")
    with team.read() as tx:
        changes = audit.changes(tx, HERE)
    assert {(each.what, each.by) for each in changes} == {("team", COMMAND_LINE), ("role.SDR", COMMAND_LINE)}


def test_roles_that_are_not_listed_end_the_day_before(team: Store) -> None:
    bring(team, "email,roles,from\nana@,SDR+AE,2026-10-01\n")
    outcome = bring(team, "email,roles,from\nana@,AE+OPS,2026-11-10\n")
    assert outcome.changed[0].said == ("SDR until 2026-11-09", "OPS from 2026-11-10")
    assert on(team, date(2026, 11, 9)).roles == ("SDR", "AE")
    assert on(team, date(2026, 11, 10)).roles == ("AE", "OPS")
    assert min(stint.start for stint in on(team, TODAY).stints) == date(2026, 10, 1)


def test_a_role_that_began_on_the_very_day_is_taken_back(team: Store) -> None:
    bring(team, "email,roles\nana@,SDR\n")
    assert bring(team, "email,roles\nana@,AE\n").changed[0].said == ("SDR taken back", "AE from 2026-11-18")
    with team.read() as tx:
        assert [stint.role for stint in queries.stints_of(tx, HERE, ["U0ANA"])] == ["AE"]


def test_what_begins_later_stays(team: Store) -> None:
    bring(team, "email,roles,from\nana@,OPS,2026-12-01\n")
    bring(team, "email,roles\nana@,SDR\n")
    assert on(team, TODAY).roles == ("SDR",)
    assert on(team, date(2026, 12, 1)).roles == ("SDR", "OPS")


def test_an_empty_cell_leaves_things_as_they_are(team: Store) -> None:
    header = "email,roles,team,manager_email,territory,segment,Phone,Desk"
    bring(team, f"{header}\nana@,SDR,Inbound,bo@,EMEA,SMB,1,2\n")
    before = on(team, TODAY)
    outcome = bring(team, f"{header}\nana@,,,,,,,3\n")
    after = on(team, TODAY)
    assert outcome.changed[0].said == ("Desk 3 (was 2)",)
    assert after.standing.notes == {"Phone": "1", "Desk": "3"}
    assert (after.stints, after.standing.team, after.standing.manager) == (
        before.stints,
        before.standing.team,
        before.standing.manager,
    )


def test_the_same_file_again_changes_nothing(team: Store) -> None:
    text = "email,roles,team,manager_email\nana@,SDR,Inbound,bo@\nbo@,MANAGER,,\n"
    assert bring(team, text).unchanged == 0
    before = everything(team)
    outcome = bring(team, text)
    assert (outcome.changed, outcome.unchanged) == ((), 2)
    assert everything(team) == before


def test_the_day_is_that_of_the_workspace(team: Store) -> None:
    setting = {"workspace_id": HERE, "name": "zone", "version": 1, "value": "Pacific/Auckland"}
    with team.write() as tx:
        tx.execute(table_of(WorkspaceSetting).insert().values(**setting, recorded_at=NOW, recorded_by="U0ANA"))
    bring(team, "email,roles\nana@,SDR\n")
    assert on(team, TODAY).roles == ()
    assert on(team, TODAY + timedelta(days=1)).roles == ("SDR",)


@pytest.mark.parametrize("order", [1, -1], ids=["from above", "from below"])
def test_the_order_of_rows_does_not_matter(team: Store, order: int) -> None:
    bring(team, "email,roles,manager_email\nana@,SDR,bo@\nbo@,AE,cy@\ncy@,MANAGER,\n")
    rows = ["cy@,bo@", "bo@,ana@", "ana@,di@"][::order]
    bring(team, "\n".join(["email,manager_email", *rows]))
    assert [on(team, TODAY, name).standing.manager for name in ("cy", "bo", "ana")] == ["U0BO", "U0ANA", "U0DI"]


UNKNOWN = "belongs to nobody whom Baton knows"
NINE = "SDR, MRR, AE, SPECIALIST, CSM, MANAGER, OPS, ADMIN, MARKETING"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("email,roles\n,SDR\n", ["line 2: there is no e-mail"], id="no e-mail"),
        pytest.param("email\nwho@\n", [f"line 2: email: who@x.example {UNKNOWN}"], id="unknown e-mail"),
        pytest.param("email,roles\nana@,qa\n", [f"line 2: qa is no role; there are {NINE}"], id="unknown role"),
        pytest.param("email,roles\nana@,QA+SDR+CEO\n", [f"line 2: QA, CEO are no roles; there are {NINE}"], id="two"),
        pytest.param("email,team\nana@,A\nANA@,B\n", ["line 3: ANA@x.example stands in line 2 already"], id="twice"),
        pytest.param(
            "email,manager_email\nana@,who@\n", [f"line 2: manager_email: who@x.example {UNKNOWN}"], id="no manager"
        ),
        pytest.param(
            "email,from\nana@,31.12.2026\n",
            ["line 2: from: 31.12.2026 is no date; write it as 2026-12-31"],
            id="a day in another form",
        ),
        pytest.param(
            "email,from\nana@,2026-02-30\n",
            ["line 2: from: 2026-02-30 is no date; write it as 2026-12-31"],
            id="a day that does not exist",
        ),
        pytest.param(
            "email,roles,manager_email,from\n\nwho@,QA,who@,soon\nbo@,CEO,,\n",
            [
                f"line 3: email: who@x.example {UNKNOWN}",
                f"line 3: manager_email: who@x.example {UNKNOWN}",
                "line 3: from: soon is no date; write it as 2026-12-31",
                f"line 3: QA is no role; there are {NINE}",
                f"line 4: CEO is no role; there are {NINE}",
            ],
            id="everything at once",
        ),
    ],
)
def test_every_row_that_makes_no_sense_is_named(team: Store, text: str, said: list[str]) -> None:
    assert refused(team, text) == said


@pytest.mark.parametrize(
    ("row", "key", "params"),
    [
        pytest.param("kim@,SDR,,", "guest", {"name": "Kim"}, id="a guest"),
        pytest.param("jo@,SDR,,", "deactivated", {"name": "Jo"}, id="an account that has ended"),
        pytest.param("ana@,,jo@,", "deactivated", {"name": "Jo"}, id="a manager who has left"),
        pytest.param("ana@,,ana@,", "own_manager", {"name": "Ana"}, id="one's own manager"),
        pytest.param("ana@,SDR,,1999-01-01", "too_far", {"day": date(1999, 1, 1)}, id="too long ago"),
        pytest.param("bo@,SDR,,1999-01-01", "too_far", {"day": date(1999, 1, 1)}, id="too long ago for a held role"),
        pytest.param(
            "bo@,AE,,2026-11-01",
            "overlap",
            {"name": "Bo", "role": "AE", "start": date(2026, 11, 10), "end": None},
            id="a role that begins again before it began",
        ),
        pytest.param(
            "bo@,AE+OPS,,2026-11-01",
            "overlap",
            {"name": "Bo", "role": "AE", "start": date(2026, 11, 10), "end": None},
            id="the same beside another role",
        ),
        pytest.param(
            "bo@,SDR,,2026-10-20",
            "overlap_until",
            {"name": "Bo", "role": "SDR", "start": date(2026, 10, 1), "end": date(2026, 11, 9)},
            id="a role that is over since",
        ),
    ],
)
def test_what_the_team_cannot_be_is_refused_as_in_slack(team: Store, row: str, key: str, params: Any) -> None:
    bring(team, "email,roles,from\nbo@,SDR,2026-10-01\n")
    bring(team, "email,roles,from\nbo@,AE,2026-11-10\n")
    expected = words_for("en")(f"team.problem.{key}", **params)
    assert refused(team, f"email,roles,manager_email,from\n{row}\n") == [f"line 2: {expected}"]


@pytest.mark.parametrize("names", [("ana", "bo"), ("ana", "bo", "cy"), ("di", "cy", "bo", "ana")], ids=str)
def test_managers_in_a_circle_are_refused(team: Store, names: tuple[str, ...]) -> None:
    rows = [f"{name}@,{manager}@" for name, manager in zip(names, [*names[1:], names[0]], strict=True)]
    closing = words_for("en")("team.problem.circle", name=names[-1].title(), manager=names[0].title())
    assert refused(team, "\n".join(["email,manager_email", *rows])) == [f"line {len(names) + 1}: {closing}"]


def test_a_failure_in_the_last_row_leaves_nothing_of_the_others(team: Store) -> None:
    assert len(refused(team, "email,roles,team\nana@,SDR,A\nbo@,AE,B\ncy@,OPS,C\nkim@,SDR,D\n")) == 1


def test_a_dry_run_says_the_same_and_changes_nothing(team: Store) -> None:
    text = "email,roles,team\nana@,SDR,A\nnew@,AE,B\n"
    newcomers = [a_profile(id="U0NEW", name="New", email="new@x.example")]
    before = everything(team)
    rehearsed = bring(team, text, newcomers=newcomers, dry_run=True)
    assert everything(team) == before
    assert bring(team, text, newcomers=newcomers) == rehearsed
    assert on(team, TODAY, "new").roles == ("AE",)


def test_newcomers_of_a_bad_file_are_not_remembered(team: Store) -> None:
    before = everything(team)
    with pytest.raises(BadFile):
        bring(team, "email,roles\nnew@,QA\n", newcomers=[a_profile(id="U0NEW", email="new@x.example")])
    assert everything(team) == before


@pytest.mark.usefixtures("unwalled")
def test_strangers_are_those_whom_nobody_has_met(team: Store) -> None:
    rows = service.read(Kind.PEOPLE, b"email,manager_email\nNEW@x.example,ana@x.example\nbo@x.example,boss@x.example\n")
    assert service.strangers(team, HERE, Kind.PEOPLE, rows) == {"new@x.example", "boss@x.example"}
    assert service.strangers(team, "T0OTHER", Kind.PEOPLE, rows) >= {"ana@x.example", "bo@x.example"}


def test_of_two_with_one_address_the_living_account_is_meant(team: Store) -> None:
    people.remember(team, HERE, a_profile(id="U0OLD", name="Old", email="Ana@X.example", is_active=False), NOW)
    bring(team, "email,roles\nana@,SDR\n")
    assert on(team, TODAY).roles == ("SDR",)
    assert on(team, TODAY, "old").roles == ()


def test_an_export_has_a_row_for_each_role_held_now_or_later(team: Store) -> None:
    bring(
        team, "email,roles,team,manager_email,from,Phone\nana@,SDR+AE,In,bo@,2026-10-01,1\nbo@,MANAGER,,,2026-09-01,\n"
    )
    bring(team, "email,roles,territory,from\nana@,AE,A|B,2026-11-02\ncy@,OPS,,2026-12-01\n")
    people.remember(team, HERE, a_profile(id="U0DI", name="Di", email="di@x.example"), NOW)
    sheet = service.take_out(team, HERE, Kind.PEOPLE, NOW)
    assert sheet.header == ("email", "roles", "team", "manager_email", "territory", "segment", "from", "Phone")
    assert sheet.rows == (
        ("ana@x.example", "AE", "In", "bo@x.example", "A|B", "", "2026-11-02", "1"),
        ("bo@x.example", "MANAGER", "", "", "", "", "2026-09-01", ""),
        ("cy@x.example", "OPS", "", "", "", "", "2026-12-01", ""),
    )
    assert sheet.left_out == ()


def test_whoever_has_no_address_is_left_out_by_name(team: Store) -> None:
    bring(team, "email,roles\nana@,SDR\nbo@,AE\n")
    with team.write() as tx:
        tx.execute(queries.person.update().where(queries.person.c.id == "U0ANA").values(email=None))
    sheet = service.take_out(team, HERE, Kind.PEOPLE, NOW)
    assert ([row[0] for row in sheet.rows], sheet.left_out) == (["bo@x.example"], ("Ana",))


def test_an_export_of_nobody_can_be_imported(team: Store) -> None:
    sheet = service.take_out(team, HERE, Kind.PEOPLE, NOW)
    read = service.read(Kind.PEOPLE, table.write(sheet.header, sheet.rows))
    assert service.bring_in(team, HERE, Kind.PEOPLE, read, NOW) == Outcome((), 0)
