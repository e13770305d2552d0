"""The forms of a lead: a new one, and one that is known, to be added to."""

from collections.abc import Sequence

from bot.leads.changes import NewLead
from bot.leads.vocabulary import Source
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Block, field_of, modal, option, select, text_input

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""


def new_form(words: Words, lead: NewLead, metadata: str) -> Block:
    """The fields of a new lead, filled with what is known of it."""
    texts = {"company": lead.company, "person": lead.person, "email": lead.email, "phone": lead.phone}
    fields = [_text(words, name, text, optional=name != "company") for name, text in texts.items()]
    sources = {str(each): option(source_name(words, each), each) for each in Source if each is not Source.IMPORT}
    initial = sources.get(lead.source) if lead.source != Source.UNKNOWN else None
    chooser = select(VALUE, list(sources.values()), initial, words("form.choose"))
    fields.append(field_of("source", words("leads.form.source"), chooser))
    fields.append(field_of("said", words("leads.form.said"), text_input(VALUE, lead.said, multiline=True)))
    fields.append(_text(words, "title", lead.title))
    fields.append(_text(words, "employees", str(lead.employees) if lead.employees else None))
    fields.append(_text(words, "country", lead.country))
    return modal(
        ids.LEAD_FORM,
        words("leads.form.new"),
        fields,
        submit=words("leads.form.save"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def known_form(words: Words, blocks: Sequence[Block], said: str | None, metadata: str) -> Block:
    """In the place of that form, when the lead is known: its card, and the way to add to it."""
    more = field_of("said", words("leads.form.said"), text_input(VALUE, said, multiline=True))
    return modal(
        ids.LEAD_ADD_FORM,
        words("leads.form.known"),
        [*(block for block in blocks if block["type"] != "actions"), more],
        submit=words("leads.button.add"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def source_name(words: Words, source: str) -> str:
    """Where a lead comes from, in the reader's words."""
    return words(f"handoffs.source.{source}") if source in set(Source) else source


def _text(words: Words, name: str, initial: str | None, *, optional: bool = True) -> Block:
    return field_of(name, words(f"leads.form.{name}"), text_input(VALUE, initial), optional=optional)
