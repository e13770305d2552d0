"""How a role looks: what it is for, how it is measured and paid, and who holds it."""

from collections.abc import Mapping
from datetime import datetime

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.team.queries import RoleCard
from bot.words import LANGUAGES, Words, words_for
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    escape,
    field_of,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    number_input,
    section,
    text_input,
)
from handlers.ui.team import SEPARATOR, away

VALUE = "value"
HOLDERS_SHOWN = 25


def role_card(words: Words, found: RoleCard, reader: Actor, now: datetime) -> Message:
    """One role, with the ways to the others."""
    title = f"{found.role}{SEPARATOR}{words(f'role.{found.role}')}"
    lines = [Mrkdwn(f"• {escape(line.strip())}") for line in text_of(words, found).splitlines() if line.strip()]
    figures = [
        md(words, "team.role.measures", measures=words(f"card.measures.{found.role}")),
        pay_mix(words, found.base_share),
    ]
    others = [
        button(role, f"{ids.TEAM_ROLE}.{n}", ids.pack(r=role)) for n, role in enumerate(Role) if role is not found.role
    ]
    edit = [button(words("button.edit"), ids.TEAM_ROLE_EDIT, ids.pack(r=found.role))] if found.may_edit else []
    blocks = [header(title), *map(section, in_sections(lines)), *map(section, in_sections(figures))]
    blocks += [section(text) for text in in_sections(_holders(words, found, reader, now))]
    return Message("\n".join([title, *lines, *figures]), [*blocks, actions(*others, *edit)])


def roles(words: Words, holders: Mapping[Role, int]) -> Message:
    """All nine, each with its card."""
    title = words("team.roles.title")
    lines = [
        md(words, "team.roles.line", role=role, name=words(f"role.{role}"), people=words.plural("team.people", count))
        for role, count in holders.items()
    ]
    buttons = [button(role, f"{ids.TEAM_ROLE}.{n}", ids.pack(r=role)) for n, role in enumerate(Role)]
    return Message("\n".join([title, *lines]), [header(title), *map(section, in_sections(lines)), actions(*buttons)])


def reworded(words: Words, card: Message) -> Message:
    """The card as it reads now."""
    saved = md(words, "team.role.saved")
    return Message(f"{saved}\n{card.text}", [section(saved), *card.blocks])


def role_form(words: Words, found: RoleCard, metadata: str) -> Block:
    """The card's words in every language, and the base share of its pay."""
    texts = [
        field_of(
            f"text_{language}",
            words(f"team.role.text_{language}"),
            text_input(VALUE, text_of(words_for(language), found), multiline=True),
            hint=words("team.role.text_hint"),
        )
        for language in LANGUAGES
    ]
    share = number_input(VALUE, found.base_share, least=0, most=100)
    return modal(
        ids.TEAM_ROLE_FORM,
        words("team.role.form", role=found.role),
        [*texts, field_of("share", words("team.role.share"), share, hint=words("team.role.share_hint"))],
        submit=words("form.save"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def standard_text(language: str, role: str) -> str:
    """What the product says of a role."""
    return words_for(language)(f"card.{role}")


def text_of(words: Words, found: RoleCard) -> str:
    """The workspace's own words where it has some in this language."""
    return found.card.texts.get(words.language) or standard_text(words.language, found.role)


def pay_mix(words: Words, base: int) -> Mrkdwn:
    """`60 % base, 40 % variable`."""
    return md(words, "team.role.pay", base=base, variable=100 - base) if base < 100 else md(words, "team.role.pay_base")


def _holders(words: Words, found: RoleCard, reader: Actor, now: datetime) -> list[Mrkdwn]:
    members = found.holders.members
    if not members:
        return [md(words, "team.role.nobody")]
    lines = [md_plural(words, "team.role.holders", len(members))]
    for member in members[:HOLDERS_SHOWN]:
        marks = away(words, member, found.holders, reader, now)
        lines.append(Mrkdwn(SEPARATOR.join([f"• {escape(member.name)}", *marks])))
    if len(members) > HOLDERS_SHOWN:
        lines.append(md_plural(words, "team.role.more", len(members) - HOLDERS_SHOWN))
    return lines
