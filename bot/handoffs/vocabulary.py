"""The words of `/handoff` that people type, in English and Russian, and what they mean."""

from enum import StrEnum

from bot.access.roles import Role
from bot.reading.phrases import phrases
from bot.reading.text import words_of


class Verb(StrEnum):
    """What a line of `/handoff` asks for."""

    GIVE = "give"
    LIST = "list"
    WITHDRAW = "withdraw"
    HELP = "help"


VERBS = phrases(
    {
        Verb.GIVE: "give, hand off, hand over, handoff, pass, offer, передать, передай, передаю, отдать, отдай, отдаю",
        Verb.LIST: "list, mine, my, my list, show, show list, список, мои, мой список, покажи, показать",
        Verb.WITHDRAW: "withdraw, cancel, take back, recall, отозвать, отзови, отзываю, отменить, отмени, забрать",
        Verb.HELP: "help, ?, помощь, справка, помоги",
    }
)

ROLES = phrases(
    {
        Role.AE: "AE, an AE, the AE, AEs, account executive, account exec, closer, менеджер по продажам, "
        "менеджеру по продажам, менеджера по продажам, сейлз, сейлзу",
        Role.SPECIALIST: "SPECIALIST, a specialist, the specialist, sales specialist, a sales specialist, expert, "
        "an expert, эксперт, эксперту, эксперта, эксперт по продажам, эксперту по продажам, эксперта по продажам, "
        "специалист, специалисту, специалиста",
        Role.CSM: "CSM, a CSM, the CSM, customer success, customer success manager, customer success rep, "
        "менеджер по работе с клиентами, менеджеру по работе с клиентами, аккаунт-менеджер, аккаунт-менеджеру",
    }
)
"""Whom a hand-off can go to."""

WRITTEN_ROLES = {Role.AE: "AE", Role.SPECIALIST: "specialist", Role.CSM: "CSM"}

TO = words_of("to кому ->")
"""Words that nothing but a person or a role stands behind."""

ALSO_TO = words_of("for для к ко на в")
"""Words that mean the same in front of a person or a role."""

AND = words_of("and or и или & + / ,")
FROM = words_of("from by у от")
STUCK = phrases({True: "stuck, застрял, застряла, застряло, застряли"})

OWN_WORDS = frozenset(
    word for table in (VERBS, ROLES, STUCK) for phrase in table for word in phrase.split()
) | TO.union(ALSO_TO, AND, FROM)
"""Words that a name is put in quotes for when Baton writes it."""
