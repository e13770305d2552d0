"""The words of `/digest`, in English and Russian, folded as `bot.reading.text.fold` has them."""

from bot.digest.rules import Digest
from bot.digest.said import Whose
from bot.quota.periods import Kind
from bot.reading.phrases import phrases
from bot.reading.text import words_of

HELP = words_of("help ? помощь справка хелп")
ON = words_of("on вкл включить включи по send шли присылать присылай")
OFF = words_of("off stop mute none выкл выключить выключи отключить отключи стоп")
BOARD = words_of("leaderboard leaderboards ranking рейтинг рейтинга рейтинге рейтингу лидерборд")
WHEN = words_of("when settings schedule когда настройки расписание")

LAST = words_of("last previous past прошлая прошлую прошлой прошлый предыдущая предыдущую")
THIS = words_of("this current now эта эту этой текущая текущую сейчас")

PERIODS = phrases(
    {
        Kind.WEEK: "weekly, еженедельно, еженедельная",
        Kind.MONTH: "monthly, ежемесячно, ежемесячная, помесячно",
        Kind.QUARTER: "quarterly, ежеквартально, поквартально",
        Kind.YEAR: "yearly, annual, ежегодно, годовая",
    }
)

WHOSE = phrases(
    {
        Whose.MINE: "my, mine, me, own, моя, мою, мой, мне, моё, мое",
        Whose.TEAM: "team, my team, reports, команда, команды, команду, моя команда, мою команду, отдел",
        Whose.MARKETING: "marketing, sources, leads, маркетинг, маркетинга, источники, лиды",
        Whose.EVERYBODY: "everybody, everyone, all, company, whole team, все, всех, компания, компании",
    }
)

DIGEST_OF = {
    Whose.MINE: Digest.OWN,
    Whose.TEAM: Digest.TEAM,
    Whose.MARKETING: Digest.MARKETING,
    Whose.EVERYBODY: Digest.MONTH,
}

FILLERS = words_of(
    "the of for at in digest week в на за о об по от с дайджест сводка сводку неделя неделю недели недель"
)
