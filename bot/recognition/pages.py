"""What is shown of recognition."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.attainment.pages import When
from bot.figures.scorecard import Card
from bot.quota.periods import Period
from bot.recognition.rules import Standing


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A week's leaderboard: who is on it, by place, and what is weighed.

    `without_score` were at work and have a target for less than 60 % of the weight. `language` is the one that most of
    those shown read. `is_out`: its reader is left out; `mine` is their card; both None in a channel.
    """

    week: Period
    when: When
    weights: Mapping[str, int]
    standings: tuple[Standing, ...]
    without_score: int
    language: str
    is_out: bool | None = None
    mine: Card | None = None

    @property
    def is_running(self) -> bool:
        """Whether the week is not over."""
        return self.when.today in self.week

    @property
    def has_places(self) -> bool:
        """Whether anybody is told apart from anybody."""
        return any(each.place for each in self.standings)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone as it stands: of a person, or of a `team`; `wins` is how many, 0 for the target of a `period`."""

    name: str
    is_team: bool
    wins: int
    period: str | None
    is_undone: bool
    language: str
