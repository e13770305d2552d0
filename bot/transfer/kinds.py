"""The kinds of tables that can be imported and exported. Another kind is another line here, and a module of its own."""

from collections.abc import Mapping
from enum import StrEnum

from bot.transfer import activities, deals, leads, people, plans, quotas, statements_out
from bot.transfer.form import Form, LargeForm


class Kind(StrEnum):
    """What a file is about."""

    PEOPLE = "people"
    LEADS = "leads"
    DEALS = "deals"
    QUOTAS = "quotas"
    ACTIVITIES = "activities"
    PLANS = "plans"
    STATEMENTS = "statements"


FORMS: Mapping[Kind, Form] = {
    Kind.PEOPLE: people.FORM,
    Kind.LEADS: leads.FORM,
    Kind.DEALS: deals.FORM,
    Kind.QUOTAS: quotas.FORM,
    Kind.PLANS: plans.FORM,
    Kind.STATEMENTS: statements_out.FORM,
}

LARGE: Mapping[Kind, LargeForm] = {Kind.ACTIVITIES: activities.FORM}
