"""The words of `/quota` that people type, in English and Russian, and what they mean."""

from bot.quota.said import Verb
from bot.quota.whose import Whose
from bot.reading.phrases import phrases
from bot.reading.text import words_of

HELP = phrases({True: "help, ?, помощь, справка, помоги"})

VERBS = phrases(
    {
        Verb.SET: "set, change, assign, give, задать, задай, установить, установи, поставить, поставь, назначить, "
        "назначь, изменить",
        Verb.WHAT_IF: "what-if, what if, whatif, if, что если, что-если, что, если, а если, а что если",
        Verb.SUGGEST: "suggest, suggestion, suggestions, propose, proposal, предложи, предложить, предложение, "
        "подскажи, посоветуй",
        Verb.FIGURES: "figures, figure, kpi, kpis, scorecard, показатели, показатель, карта показателей, цифры",
        Verb.STATEMENT: "statement, statements, расчёт, расчет, выписка",
        Verb.PLAN: "plan, plans, commission plan, схема, схему, схемы, схема вознаграждения",
        Verb.DISPUTE: "dispute, оспорить, оспариваю, спор",
    }
)

GROUPS = phrases(
    {
        Whose.TEAM: "team, teams, my team, команда, команды, команде, команду, моя команда, отдел",
        Whose.TERRITORY: "territory, territories, terr, region, территория, территории, территорию, регион, региона",
    }
)

SOURCE = phrases({True: "source, src, lead source, from source, источник, источника, из источника"})
"""In front of a source's name, where figures are asked for."""

BY_SOURCE = phrases({True: "sources, by source, by sources, lead sources, источники, источникам, по источникам"})

WHOLE = phrases(
    {True: "all, everybody, everyone, company, whole company, workspace, все, всех, вся компания, компания, итого"}
)

MINE = phrases({True: "me, mine, my, show, i, я, мне, мой, мои, моя, моё, покажи, показать, где я"})

AS_OF = phrases({True: "as of, as at, asof, as-of, at, на, на дату, по состоянию на, по состоянию, состояние на"})

NONE = phrases({True: "none, nothing, remove, off, clear, no target, нет, убрать, снять, без плана, никакой"})
"""A target that is taken back."""

FILLERS = words_of(
    "a the for to of by in at is = : , and target quota quotas numbers period "
    "для за до по в на с к и план плана планы план: квота квоту цель период"
)
"""Words that say nothing between the parts of a line."""

OWN_WORDS = frozenset(
    word for table in (HELP, VERBS, GROUPS, MINE, AS_OF, NONE) for phrase in table for word in phrase.split()
).union(FILLERS)
"""Words that a name is put in quotes for when Baton writes it."""
