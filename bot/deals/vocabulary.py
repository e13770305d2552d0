"""The words of `/deal` that people type, in English and Russian, and what they mean."""

from enum import StrEnum

from bot.deals.states import Stage
from bot.reading.phrases import phrases
from bot.reading.text import words_of


class Verb(StrEnum):
    """What a line of `/deal` asks for besides a change."""

    WON = "won"
    LOST = "lost"
    REOPEN = "reopen"
    RENEWED = "renewed"
    CHURNED = "churned"
    UPSELL = "upsell"


HELP = phrases({True: "help, ?, помощь, справка, помоги"})
LIST = phrases({True: "list, mine, my, my deals, pipeline, show, список, мои, мои сделки, воронка, покажи"})

VERBS = phrases(
    {
        Verb.WON: "won, win, closed won, we won, выиграна, выиграно, выиграли, выиграл, выиграла, выигрыш, победа, "
        "закрыта успешно",
        Verb.LOST: "lost, lose, closed lost, we lost, проиграна, проиграно, проиграли, проиграл, проиграла, проигрыш, "
        "потеряна, потеряли",
        Verb.REOPEN: "reopen, reopened, re-open, re-opened, вернуть, верни, открыть снова, открыть заново, "
        "снова открыта, "
        "вернулась, переоткрыть",
        Verb.RENEWED: "renewed, renew, продлена, продлён, продлено, продлили, продлил, продлила, продлить",
        Verb.CHURNED: "churned, churn, cancelled, canceled, ушли, ушёл, ушла, отток, отказались, не продлили, "
        "не продлён, "
        "не продлена",
        Verb.UPSELL: "upsell, upsold, cross-sell, crosssell, expansion, расширение, допродажа, апселл, апсел, "
        "кросс-продажа",
    }
)

STAGES = phrases(
    {
        Stage.REQUALIFY: "requalify, re-qualify, requalification, re-qualification, requalified, повторная "
        "квалификация, "
        "перепроверка, переквалификация",
        Stage.NEEDS: "needs, needs assessment, assess needs, need, потребности, выявление потребностей, потребность",
        Stage.DEMO: "demo, demonstration, демо, демонстрация, показ",
        Stage.CONCERNS: "concerns, concern, objections, objection, возражения, возражение, вопросы",
        Stage.NEGOTIATION: "negotiation, negotiations, negotiating, negotiate, переговоры, торг, согласование условий",
        Stage.WON: "won, closed won, выиграна, выиграли",
        Stage.LOST: "lost, closed lost, проиграна, проиграли",
    }
)

LIKELY = phrases(
    {
        Stage.NEGOTIATION: "closing, close, closed, contract, contracting, legal, pricing, proposal, quote, "
        "offer, signing, "
        "procurement, закрытие, договор, контракт, кп, предложение, согласование, подписание, оплата",
        Stage.NEEDS: "discovery, analysis, анализ, аудит, qualified, бриф",
        Stage.REQUALIFY: "qualification, new, lead, open, prospecting, квалификация, новая, новый, лид",
        Stage.DEMO: "presentation, trial, pilot, poc, meeting, презентация, пилот, тест, встреча",
        Stage.CONCERNS: "evaluation, blocked, security, оценка, безопасность, сомнения",
    }
)
"""Other houses' names of stages: what is shown first when somebody types one."""

REASONS = phrases(
    {
        "price": "price, pricing, too expensive, expensive, cost, costs, too pricey, цена, дорого, слишком дорого, "
        "стоимость, из-за цены, по цене",
        "competitor": "competitor, competition, a competitor, went with, конкурент, конкуренту, конкуренты, "
        "конкурента, "
        "ушли к конкуренту, ушли к конкурентам, выбрали конкурента, к конкуренту, к конкурентам",
        "no-decision": "no decision, no-decision, nodecision, undecided, нет решения, не решили, решение не принято, "
        "без решения",
        "timing": "timing, bad timing, put off, postponed, not now, later, отложено, отложили, не сейчас, "
        "сроки, позже, "
        "перенесли",
        "feature": "feature, features, missing feature, функция, функции, нет функции, не хватает функции, функционал",
        "budget": "budget, no budget, budget gone, бюджет, нет бюджета, бюджет сняли, нет денег",
        "silent": "silent, no answer, no reply, ghosted, stopped answering, silence, молчат, пропали, перестали "
        "отвечать, "
        "не отвечают, тишина",
        "legal": "legal, security, compliance, юристы, безопасность, иб, юридические, комплаенс",
        "duplicate": "duplicate, dup, double, дубль, дубликат, дублирование",
        "other": "other, другое, другая, иное, прочее",
    }
)

HINTS = {
    "competitor": words_of(
        "competitor competitors rival rivals went chose chosen switched picked конкурент конкурента конкуренту "
        "конкурентам выбрали ушли перешли"
    ),
    "price": words_of(
        "price prices pricing cheap cheaper expensive cost costs discount цена цены цене дорого дороже дешевле "
        "дешевый скидка скидку скидки"
    ),
    "budget": words_of("budget budgets бюджет бюджета бюджете денег"),
    "timing": words_of("postponed delayed later quarter year отложили отложено позже перенесли год"),
    "silent": words_of("ghosted silent silence молчат пропали"),
    "legal": words_of("legal security gdpr compliance юристы безопасность"),
    "feature": words_of("feature features integration api функции функция интеграции интеграция"),
    "no-decision": words_of("undecided decision решили решения"),
}
"""Words of a note that suggest a reason; it is asked, never taken."""

CLOSE = words_of("close closes closing закрытие закрыть закроем закроется закрываем closed")
STAGE = words_of("stage этап этапе стадия стадии")
NEXT = words_of("next nxt далее след потом затем")
OWNER = words_of("owner кому ответственный ответственная")
ALSO_OWNER = words_of("to for для на")
SPLIT = phrases(
    {
        True: "split, shared, share, shares, разделить, раздели, разделим, разделена, поделить, делим, делить, доля, "
        "доли, сплит"
    }
)
NOT_SPLIT = phrases(
    {True: "none, off, nobody, no one, alone, нет, никто, никому, никем, ни с кем, снять, убрать, отменить"}
)
"""Behind it: the deal is its owner's alone."""
BETWEEN = words_of("with between among to for : = с со между для на")
AND = words_of(", ; + & and и")
PERCENT = words_of("% percent pct процент процента процентов проц")
RENEWS = words_of("renews renewal renewing продление продлевается")
FOR = words_of("for на over")
MONTHS = words_of("month months mo mos месяц месяца месяцев мес")
YEARS = words_of("year years yr yrs год года лет")
AMOUNT = words_of("amount value worth for at сумма сумму сумме на за стоимость price")
"""Words in front of an amount that say nothing."""
FILLERS = words_of("is a the it in on of by as date day to дата день в на с по за , = :")
"""Words that say nothing between the parts of a line."""

_ENDS = {
    "quarter": "eoq, end of quarter, end of the quarter, quarter end, конец квартала, конца квартала, концу квартала, "
    "конце квартала",
    "month": "eom, end of month, end of the month, month end, конец месяца, конца месяца, концу месяца, конце месяца",
    "year": "eoy, end of year, end of the year, year end, конец года, конца года, концу года, конце года",
}
ENDS = phrases(_ENDS)
"""The last day of the quarter, month or year that runs; of the fiscal ones."""

OWN_WORDS = frozenset(
    word
    for table in (HELP, LIST, VERBS, STAGES, REASONS, ENDS, SPLIT, NOT_SPLIT)
    for phrase in table
    for word in phrase.split()
).union(CLOSE, STAGE, NEXT, OWNER, ALSO_OWNER, RENEWS, FOR, MONTHS, YEARS, AMOUNT, FILLERS)
"""Words that a name is put in quotes for when Baton writes it."""
