"""A workspace as large as an organisation's: made people beside the sample team."""

import itertools
import json
from importlib import resources
from pathlib import Path

from tests.wire.reading import Json

FIRST_NAMES = (
    "Amara Ben Chiara Dmitri Elif Farid Greta Hana Ivo Jonna Kofi Lucia Mateo Nadia Omar Priya Quinn Rosa Sven Tomás "
    "Uma Viktor Wanda Xenia Yusuf Zoe Aisha Bruno Cécile Dario Esther Felipe Gwen Hiro Ingrid Jamal Katya Liam Mei Noor"
).split()
LAST_NAMES = (
    "Abbott Bianchi Castillo Dubois Eriksen Fischer Grant Haddad Ito Jansen Kowalski Lindgren Moreau Nakamura O'Brien "
    "Petrov Quiroga Rossi Schmidt Tanaka Umarov Vargas Weiss Xu Yilmaz Zeller Adeyemi Brandt Costa Diaz"
).split()
ZONES = (
    "America/New_York America/Los_Angeles America/Chicago America/Sao_Paulo Europe/London Europe/Berlin Europe/Moscow "
    "Africa/Lagos Asia/Dubai Asia/Kolkata Asia/Kathmandu Asia/Tokyo Australia/Sydney Pacific/Auckland"
).split()
TITLES = ("Sales Development Rep", "Account Executive", "Sales Manager", "Customer Success Manager", "Engineer")
NAMES = [f"{first} {last}" for last, first in itertools.product(LAST_NAMES, FIRST_NAMES)]


def write_team(path: Path, people: int) -> list[str]:
    """Write a team file with this many people beside the sample team's twelve; returns their ids.

    The same number gives the same people. Names come again with a number behind them; every tenth reads Russian; all
    are in #general.
    """
    team: Json = json.loads((resources.files("sandbox") / "team.json").read_text(encoding="utf-8"))
    made = [_person(number) for number in range(people)]
    ids = [user["id"] for user in made]
    team["users"] += made
    next(channel for channel in team["channels"] if channel["name"] == "general")["members"] += ids
    path.write_text(json.dumps(team, ensure_ascii=False), encoding="utf-8")
    return ids


def person_id(number: int) -> str:
    """The id of one of them, counted from 0."""
    return f"U1{number:06d}"


def _person(number: int) -> Json:
    again, which = divmod(number, len(NAMES))
    real_name = f"{NAMES[which]} {again + 1}" if again else NAMES[which]
    return {
        "id": person_id(number),
        "name": f"person{number}",
        "real_name": real_name,
        "tz": ZONES[number % len(ZONES)],
        "locale": "ru-RU" if number % 10 == 9 else "en-US",
        "profile": {
            "display_name": real_name,
            "title": TITLES[number % len(TITLES)],
            "email": f"person{number}@northwind.example",
        },
    }
