"""The words of `/lead` that people type, in English and Russian, and what they mean."""

from enum import StrEnum

from bot.reading.phrases import phrases
from bot.reading.text import words_of


class Source(StrEnum):
    """Where a lead comes from."""

    WEBSITE = "website"
    WEBINAR = "webinar"
    WHITEPAPER = "whitepaper"
    NEWSLETTER = "newsletter"
    EVENT = "event"
    REFERRAL = "referral"
    PARTNER = "partner"
    ADS = "ads"
    SOCIAL = "social"
    OUTBOUND = "outbound"
    CUSTOMER = "customer"
    IMPORT = "import"
    UNKNOWN = "unknown"


class Verb(StrEnum):
    """What a line of `/lead` asks for."""

    NEW = "new"
    SHOW = "show"
    QUEUE = "queue"
    HELP = "help"
    RULES = "rules"
    SOURCES = "sources"
    WHY = "why"
    SCORE = "score"
    NURTURE = "nurture"
    CLAIM = "claim"
    RELEASE = "release"
    MERGE = "merge"


class Field(StrEnum):
    """What can stand in a new lead behind a word that names it."""

    COMPANY = "company"
    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    SOURCE = "source"
    TITLE = "title"
    EMPLOYEES = "employees"
    COUNTRY = "country"
    NOTE = "note"
    OWNER = "owner"


VERBS = phrases(
    {
        Verb.NEW: "new, add, create, new lead, add lead, новый, новая, новое, новый лид, добавь, добавить, "
        "добавь лид, добавить лид, создать, создай, создать лид",
        Verb.SHOW: "show, card, show lead, показать, покажи, карточка, карточка лида",
        Verb.QUEUE: "queue, the queue, lead queue, unclaimed, очередь, очередь лидов",
        Verb.HELP: "help, ?, помощь, справка, помоги",
        Verb.RULES: "rules, the rules, score rules, scoring, scoring rules, lead rules, правила, правила баллов, "
        "правила оценки, скоринг, правила скоринга",
        Verb.SOURCES: "sources, source quality, lead sources, quality, источники, качество, качество лидов, "
        "по источникам",
        Verb.WHY: "why, почему, почему не",
        Verb.SCORE: "score, points, балл, баллы, баллов, оценка, оценить, оцени",
        Verb.NURTURE: "nurture, park, прогрев, прогревать, прогреть, прогревай, в прогрев, на прогрев",
        Verb.CLAIM: "claim, take, взять, возьму, беру, взял, взяла, забрать, забираю",
        Verb.RELEASE: "release, unclaim, give back, put back, вернуть, верни, возвращаю, отпустить, отпусти, отпускаю",
        Verb.MERGE: "merge, объединить, объедини, объединяю, слить, слей, соединить",
    }
)

SOURCES = phrases(
    {
        Source.WEBSITE: "website, web site, site, web, landing page, contact form, сайт, сайта, сайте, веб-сайт, "
        "лендинг, форма на сайте",
        Source.WEBINAR: "webinar, webinars, webcast, вебинар, вебинара, вебинаре, вебинары",
        Source.WHITEPAPER: "whitepaper, white paper, white-paper, ebook, e-book, download, материал, материала, "
        "материалы, скачивание",
        Source.NEWSLETTER: "newsletter, newsletters, mailing, рассылка, рассылки, рассылку, рассылке",
        Source.EVENT: "event, events, conference, trade show, fair, expo, мероприятие, мероприятия, мероприятии, "
        "конференция, конференции, выставка, выставки, выставке",
        Source.REFERRAL: "referral, referrals, referred, recommendation, word of mouth, рекомендация, рекомендации, "
        "рекомендацию, по рекомендации, сарафан, сарафанное радио",
        Source.PARTNER: "partner, partners, reseller, партнёр, партнёра, партнёру, партнёры, партнёров",
        Source.ADS: "ads, ad, advert, advertising, adwords, google ads, ppc, реклама, рекламы, рекламу, рекламе",
        Source.SOCIAL: "social, social media, linkedin, facebook, twitter, соцсети, соцсетей, соцсетях, "
        "соцсеть, социальные сети",
        Source.OUTBOUND: "outbound, prospecting, cold, cold call, cold outreach, исходящий поиск, исходящий, "
        "исходящие, исходящего поиска, холодный поиск, холодный",
        Source.CUSTOMER: "customer, existing customer, upsell, действующий клиент, действующего клиента, клиент, "
        "клиента",
        Source.IMPORT: "import, imported, csv, импорт, импорта, импорте",
        Source.UNKNOWN: "unknown, not known, other, неизвестно, неизвестный, неизвестен, другое",
    }
)

LABELS = phrases(
    {
        Field.COMPANY: "company, account, компания, фирма, организация",
        Field.PERSON: "person, contact, contact person, контакт, контактное лицо, имя, фио",
        Field.EMAIL: "email, e-mail, mail, почта, имейл, емейл, эл. почта, мейл",
        Field.PHONE: "phone, tel, telephone, mobile, cell, тел, телефон, моб, мобильный",
        Field.SOURCE: "source, src, lead source, источник",
        Field.TITLE: "title, job title, job, position, должность, позиция",
        Field.EMPLOYEES: "employees, size, headcount, staff, company size, сотрудники, сотрудников, штат, размер",
        Field.COUNTRY: "country, страна",
        Field.NOTE: "note, notes, comment, заметка, комментарий, примечание",
        Field.OWNER: "owner, assigned to, assign to, ответственный, ответственная, владелец",
    }
)
"""Words in front of a value."""

FROM = words_of("from via through с со из от по через")
"""Words in front of a source: `from webinar`, `с вебинара`."""

BEFORE_OWNER = words_of("to for owner для на ответственный")

EMPLOYEES = words_of(
    "employees employee people persons staff heads ppl сотрудник сотрудника сотрудников человек человека чел работников"
)
"""Units of a company's size."""

THOUSANDS = words_of("k к тыс тысяч тысячи")

TITLES = words_of(
    "ceo cto cfo coo cmo cro cio ciso cpo vp svp evp avp md chief officer head director manager president "
    "chairman owner founder co-founder cofounder lead leader executive vice senior junior principal general "
    "managing engineer architect analyst consultant assistant secretary buyer purchaser procurement purchasing "
    "sales marketing finance it hr директор гендиректор генеральный исполнительный коммерческий технический "
    "финансовый руководитель начальник глава заместитель зам менеджер управляющий владелец основатель "
    "сооснователь президент вице-президент инженер архитектор аналитик консультант помощник ассистент секретарь "
    "закупщик специалист главный старший ведущий бухгалтер"
)
"""Words that a job's title begins with."""

ALSO_FIRST_NAMES = words_of("chad georgia jordan")
"""Countries that people are called like."""

POINTS = words_of("point points pt pts балл балла баллов баллы очко очка очков")
BECAUSE = words_of("because since for reason why за так потому что как поскольку причина ибо")
INTO = words_of("into in to with -> => > → в во с со к")
AND = words_of("and и & +")

OWN_WORDS = frozenset(
    word for table in (VERBS, SOURCES, LABELS) for phrase in table for word in phrase.split()
) | TITLES.union(
    FROM,
    BEFORE_OWNER,
    EMPLOYEES,
    THOUSANDS,
    POINTS,
    BECAUSE,
    INTO,
    AND,
    ALSO_FIRST_NAMES,
    words_of("until untill till by до к ко по queue help"),
)
"""Words that a name is put in quotes for when Baton writes it."""
