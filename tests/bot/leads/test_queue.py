"""The queue: who is shown what comes, who takes it, what it takes to give it back; on both databases."""

from datetime import date

import pytest

from bot.accounts import service as accounts
from bot.errors import Refused
from bot.leads import notices, pages, queries, service
from bot.leads.changes import NewLead
from bot.leads.states import Happening, LeadState
from bot.ops.causes import Workers
from bot.store.engine import Store
from tests.bot.leads.desk import HERE, Desk, origin
from tests.factories import a_member


def test_what_comes_is_shown_to_those_who_work_and_stands_in_the_queue(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    a_member(store, "U0EVE", "MRR", hours={str(day): ["22:00", "23:00"] for day in range(5)})
    row = desk.comes()
    assert desk.told(notices.INBOUND) == ["ANA", "BEN"]
    found = pages.queue(store, desk.who("ANA"), desk.now)
    assert [each.row.id for each in found.leads] == [row.id]
    assert (found.can_claim, found.servers) == (True, ("Ana", "Ben", "Eve"))


def test_the_same_delivery_twice_tells_once(store: Store) -> None:
    desk = Desk(store, "ANA")
    for _ in range(2):
        service.take_in(store, HERE, NewLead("Acme"), origin="one", now=desk.now)
    assert desk.told(notices.INBOUND) == ["ANA"]


def test_a_list_comes_quietly(store: Store) -> None:
    desk = Desk(store, "ANA")
    desk.comes(quietly=True)
    assert desk.told(notices.INBOUND) == []


def test_who_claims_has_it_and_the_other_is_told_who_did(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.comes()
    taken = desk.claims("ANA", row)
    assert (taken.state, taken.owner_id, taken.claimed_at) == (LeadState.WORKING, "U0ANA", desk.now)
    with pytest.raises(Refused) as refused:
        desk.claims("BEN", row)
    assert (refused.value.key, refused.value.params) == ("leads.taken", {"company": "Acme", "who": "Ana"})
    assert desk.claims("ANA", row).owner_id == "U0ANA"
    assert desk.happened(row) == [Happening.RECEIVED, Happening.CLAIMED]


def test_of_eight_who_press_at_once_one_has_it(store: Store) -> None:
    names = [f"N{n}" for n in range(8)]
    desk = Desk(store, *names)
    row = desk.comes()

    def press(name: str) -> str:
        try:
            return desk.claims(name, row).owner_id or ""
        except Refused as refused:
            return f"{refused.key} {refused.params['who']}"

    with Workers(8) as threads:
        said = list(threads.map(press, names))
    owner = desk.row(row.id).owner_id or ""
    assert sorted(said) == sorted([owner, *[f"leads.taken {owner[2:].title()}"] * 7])
    assert desk.happened(row) == [Happening.RECEIVED, Happening.CLAIMED]


def test_managers_and_operations_claim_and_others_hear_who_can(store: Store) -> None:
    desk = Desk(store, "ANA")
    assert desk.claims("MARIA", desk.comes()).owner_id == "U0MARIA"
    assert desk.claims("SAM", desk.comes(NewLead("Globex"))).owner_id == "U0SAM"
    third = desk.comes(NewLead("Initech"))
    with pytest.raises(Refused) as refused:
        desk.claims("SID", third)
    assert (refused.value.key, refused.value.params) == ("leads.claim_not_yours", {"can": "Ana"})


def test_a_claim_changes_every_card(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.comes()
    before = [each.version for each in desk.rows(notices.INBOUND)]
    desk.claims("ANA", row)
    assert [each.version for each in desk.rows(notices.INBOUND)] == [version + 1 for version in before]


def test_nobody_works_it_goes_to_the_first_who_begins(store: Store) -> None:
    desk = Desk(store, "ANA")
    a_member(store, "U0BEN", "MRR", hours={str(day): ["08:00", "12:00"] for day in range(5)})
    desk.comes(at="11-20 18:20")  # a Friday
    assert desk.told(notices.INBOUND) == []
    desk.at("11-23 07:59")
    assert desk.told(notices.INBOUND) == []
    desk.at("11-23 08:00")
    assert desk.told(notices.INBOUND) == ["BEN"]


def test_a_queue_that_nobody_serves_is_told_to_operations_once_a_day(store: Store) -> None:
    desk = Desk(store)
    desk.comes()
    desk.tick()
    desk.comes(NewLead("Globex"))
    desk.tick()
    assert desk.told(notices.UNSERVED) == ["SAM"]
    desk.at("11-19 03:00")  # Sam sleeps
    assert desk.told(notices.UNSERVED) == ["SAM"]
    desk.at("11-19 10:00")
    desk.at("11-19 11:00")
    assert desk.told(notices.UNSERVED) == ["SAM", "SAM"]
    a_member(store, "U0ANA", "MRR")
    desk.at("11-19 12:00")
    assert desk.told(notices.UNSERVED) == ["SAM", "SAM"]
    assert desk.told(notices.INBOUND) == ["ANA", "ANA"]


def test_what_is_given_back_is_shown_anew(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.claims("ANA", desk.comes())
    back = service.release(store, desk.who("ANA"), row.id, origin=origin(), now=desk.now)
    assert (back.state, back.owner_id) == (LeadState.QUEUED, None)
    assert desk.told(notices.INBOUND) == ["ANA", "BEN", "BEN"]
    assert desk.claims("BEN", row).owner_id == "U0BEN"


def test_who_may_change_a_lead(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.claims("ANA", desk.comes())
    with pytest.raises(Refused) as refused:
        service.release(store, desk.who("BEN"), row.id, origin=origin(), now=desk.now)
    assert refused.value.key == "leads.not_yours"
    assert refused.value.params["can"] == "Ana, Maria, Sam"
    assert service.release(store, desk.maria, row.id, origin=origin(), now=desk.now).owner_id is None


def test_points_by_hand_stand_in_the_score_once(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes(NewLead("Acme", source="unknown"))
    for _ in range(2):
        service.add_points(store, desk.who("ANA"), row.id, 10, "asked for a quote", origin="p", now=desk.now)
    found = pages.card(store, desk.who("ANA"), row.id, desk.now)
    assert found is not None
    assert (found.facts.points, found.facts.grade) == (10, "D")
    assert [(each.what, each.detail, each.by) for each in found.score.lines] == [
        ("manual", "asked for a quote", "U0ANA")
    ]


def test_kept_warm_until_a_day_and_then_back(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.claims("ANA", desk.comes())
    warm = service.nurture(
        store, desk.who("ANA"), row.id, date(2026, 11, 25), "budget in December", origin="n", now=desk.now
    )
    assert (warm.state, warm.nurture_until, warm.owner_id) == (LeadState.NURTURE, date(2026, 11, 25), "U0ANA")
    desk.at("11-25 08:59")
    assert desk.row(row.id).state is LeadState.NURTURE
    desk.at("11-25 09:00")
    assert (desk.row(row.id).state, desk.told(notices.BACK)) == (LeadState.WORKING, ["ANA"])
    assert desk.happened(row)[-2:] == [Happening.NURTURED, Happening.RETURNED]
    assert [desk.told(notices.REMIND), desk.told(notices.LATE)] == [[], []]


def test_what_was_nobodys_comes_back_to_the_queue(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes()
    service.nurture(store, desk.who("ANA"), row.id, date(2026, 11, 25), None, origin="n", now=desk.now)
    assert pages.queue(store, desk.who("ANA"), desk.now).count == 0
    desk.at("11-25 09:00")
    assert desk.row(row.id).state is LeadState.QUEUED
    assert desk.told(notices.INBOUND) == ["ANA", "ANA"]


def test_two_become_one_with_both_timelines_and_both_addresses(store: Store) -> None:
    desk = Desk(store, "ANA")
    one = desk.comes(NewLead("Acme", email="jane@acme.example", employees=80))
    other = desk.comes(NewLead("Acme GmbH", email="j@acme.de", source="webinar"))
    desk.calls("ANA", "Acme")
    for _ in range(2):
        after = service.merge(store, desk.who("ANA"), one.id, other.id, origin="m", now=desk.now)
    assert (after.id, after.employees, after.source) == (other.id, 80, "webinar")
    assert desk.row(one.id).state is LeadState.MERGED
    assert sorted(desk.happened(other)) == [Happening.MERGED, Happening.RECEIVED, Happening.RECEIVED]
    with store.read() as tx:
        assert queries.known_by(tx, HERE, [("email", "jane@acme.example")]) == other.id
    card = pages.card(store, desk.who("ANA"), one.id, desk.now)
    assert card is not None
    assert (card.row.id, card.facts.last_touch is not None, len(card.timeline)) == (other.id, True, 4)


def test_who_types_it_in_has_it_or_the_queue_does(store: Store) -> None:
    desk = Desk(store, "ANA")
    cases = {"SID": ("working", "U0SID", "outbound"), "ANA": ("queued", None, "inbound")}
    cases |= {"MARK": ("queued", None, "inbound"), "SAM": ("queued", None, "inbound")}
    for name, said in cases.items():
        made = service.new(store, desk.who(name), NewLead(f"Of {name}"), origin=origin(), now=desk.now)
        assert (made.row.state, made.row.owner_id, made.row.direction) == said
    web = service.new(store, desk.sid, NewLead("Web", source="website"), origin=origin(), now=desk.now)
    assert (web.row.owner_id, web.row.direction) == ("U0SID", "inbound")


def test_a_manager_gives_a_lead_to_a_report_and_others_do_not(store: Store) -> None:
    desk = Desk(store, "ANA")
    given = service.new(store, desk.maria, NewLead("Acme", owner_id="U0ANA"), origin=origin(), now=desk.now)
    assert (given.row.owner_id, desk.told(notices.GIVEN)) == ("U0ANA", ["ANA"])
    with pytest.raises(Refused) as refused:
        service.new(store, desk.sid, NewLead("Globex", owner_id="U0ANA"), origin=origin(), now=desk.now)
    assert refused.value.key == "leads.not_given"


def test_who_is_known_is_shown_and_can_be_added_to(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes()
    again = NewLead("Acme Inc", person="John Poe", email="john@acme.example", title="CTO", said="called us")
    made = service.new(store, desk.sid, again, origin="x", now=desk.now)
    assert (made.row.id, made.is_new, desk.happened(row)) == (row.id, False, [Happening.RECEIVED])
    for _ in range(2):
        after = service.add_to(store, desk.sid, row.id, again, origin="y", now=desk.now)
    assert (after.title, after.said) == ("CTO", "wants a demo")
    assert desk.happened(row) == [Happening.RECEIVED, Happening.CAME_AGAIN]


def test_who_writes_again_is_told_to_the_one_who_has_it(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.claims("ANA", desk.comes())
    for _ in range(2):
        service.take_in(store, HERE, NewLead("Acme", email="j@acme.example"), origin="again", now=desk.now)
    assert desk.told(notices.AGAIN) == ["ANA"]
    assert desk.row(row.id).owner_id == "U0ANA"


def test_who_writes_again_is_kept_warm_no_longer(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.claims("ANA", desk.comes())
    service.nurture(store, desk.who("ANA"), row.id, date(2026, 12, 25), None, origin="n", now=desk.now)
    desk.comes(NewLead("Acme", email="j@acme.example"))
    assert (desk.row(row.id).state, desk.told(notices.BACK)) == (LeadState.WORKING, ["ANA"])
    desk.at("12-25 09:00")
    assert desk.happened(row).count(Happening.RETURNED) == 1


def test_the_same_line_twice_makes_one(store: Store) -> None:
    desk = Desk(store)
    made = [service.new(store, desk.sid, NewLead("Acme"), origin="x", now=desk.now) for _ in range(2)]
    assert made[0] == made[1]


def test_a_name_is_taken_when_known_and_asked_about_when_close(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes()
    assert service.meant(store, desk.sid, "acme", None).lead == row
    assert service.meant(store, desk.sid, "Jane Roe", None).lead == row
    close = service.meant(store, desk.sid, "Acmee", None)
    assert (close.lead, close.near) == (None, (row,))
    desk.calls("SID", "Acme")
    with store.write() as tx:
        accounts.ensure_account(tx, HERE, "Globex", by="U0SID", now=desk.now)
    assert service.meant(store, desk.sid, "globex", None).company == "Globex"
    nobody = service.meant(store, desk.sid, "Zzyzx", None)
    assert (nobody.lead, nobody.near, nobody.company) == (None, (), None)
