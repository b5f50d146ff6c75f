"""The billing run: what is due of many contracts becomes facts, invoices and vendor bills, by a few calls for all.

A contract is billed under a lock on its row; facts, invoices and the days billed are written together, so a run that
is killed leaves nothing half done, and two at once bill nothing twice: the facts are unique besides.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.errors import EngineError
from .billing_gaps import Books

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True}


class Bill(NamedTuple):
    """An invoice or vendor bill (not ``sale``) to make: ``items`` of ``contracts``, a list of records, to ``payer``."""

    company: Any
    sale: bool
    payer: Any
    currency: Any
    contracts: list
    items: list
    day: date
    journal: Any
    position: Any

    @property
    def amount(self):
        return sum((item.amount for item in self.items), Decimal(0))


class Plan(NamedTuple):
    """``bills``: [`Bill`]; ``items``: {contract: [`Item`]}, with those that make no invoice; ``until``: {line: last day
    billed}; ``blocked``: {contract: sentence}; ``days`` of the run and ``payers``: by contract; ``books``: {company:
    `Books`}."""

    bills: list
    items: dict
    until: dict
    blocked: dict
    days: dict
    payers: dict
    books: dict


class Contract(models.Model):
    _inherit = "aftersales.contract"

    # --- the plan: nothing is written --------------------------------------------------------------------------------

    def _billing_plan(self, today=None):
        """The `Plan` of what these contracts are billed on ``today`` (a date; empty: each one's own local day)."""
        days = {contract: today or contract._local_today() for contract in self}
        books = {company: Books(company) for company in self.company_id}
        plan = Plan([], {}, {}, {}, days, self._payers(days), books)
        late = defaultdict(list)
        for row in self.line_ids._late_usage():
            late[row["line"].contract_id].append(row)
        for contract in self.sorted("id"):
            day, payer = days[contract], plan.payers[contract]
            gaps = contract._billing_gaps(day, books[contract.company_id], payer)
            if not gaps:
                try:
                    reader = contract._in_language_of(payer)
                    plan.items[contract], until = reader._billing_items(day, late[contract])
                    plan.until.update(until)
                    continue
                except EngineError as error:
                    gaps = [str(error)]
            plan.blocked[contract] = contract._gaps_sentence(gaps)
        plan.bills.extend(self._planned_bills(plan))
        return plan

    def _payers(self, days):
        """{contract: who is billed on its day}, as records that are read together."""
        ids = {contract: contract._bill_to(days[contract]).id for contract in self}
        known = {partner.id: partner for partner in self.env["res.partner"].browse(filter(None, set(ids.values())))}
        return {contract: known.get(ids[contract], self.env["res.partner"]) for contract in self}

    def _in_language_of(self, payer):
        lang = payer.lang or self.lang
        return self.with_context(lang=lang) if lang and lang != self.env.lang else self

    def _billing_items(self, day, late):
        """([`Item`], {line: last day billed}) of this contract on ``day``; ``late``: rows of usage reported late."""
        paused, items, until = self._paused_days(), [], {}
        for line in self.line_ids:
            dues = line._dues(day, paused) if line.next_bill_on and line.next_bill_on <= day else []
            items += [line._part_item(part) for due in dues for part in due.parts]
            if dues:
                until[line] = line._last_billed(dues, paused)
            items += line._difference_items(day, paused)
        items += [self._late_item(row) for row in late]
        return [*items, *self._correction_items(day), *self._termination_items()], until

    def _planned_bills(self, plan):
        """[`Bill`]: for each contract, or for all contracts of a payer who wants one invoice."""
        groups = defaultdict(list)
        for contract, items in plan.items.items():
            if any(row["amount"] for item in items for row in item.rows):
                own = contract if contract.invoice_group == "contract" else self.browse()
                groups[contract.company_id, contract.kind != "provider", plan.payers[contract],
                       contract.currency_id, contract.payment_days, own].append(contract)
        bills = []
        for (company, sale, payer, currency, _payment, _own), contracts in groups.items():
            book = plan.books[company]
            journal, day = book.journal(sale, currency), max(plan.days[contract] for contract in contracts)
            bills.append(Bill(
                company, sale, payer, currency, contracts, [item for one in contracts for item in plan.items[one]],
                book.open_day(day, journal), journal, book.position(payer)))
        return bills

    # --- the run -----------------------------------------------------------------------------------------------------

    def _bill(self, today=None):
        """Make the invoices of what is due; returns (moves, `Plan`). The caller has locked the contracts."""
        self = self.with_context(**QUIET)
        plan = self._billing_plan(today)
        self._deduct_penalties(plan)
        facts = self._note_billed(plan)
        moves = self._make_invoices(plan, facts)
        self._close_billed(plan)
        moves._post_billed()
        return moves, plan

    def _note_billed(self, plan):
        """{id of an `Item`: its new fact}."""
        vals_list, items = [], []
        for contract, found in plan.items.items():
            items += found
            vals_list += [item.fact_values(plan.payers[contract], plan.days[contract]) for item in found]
        facts = self.env["aftersales.billed"].sudo().create(vals_list)  # facts are the system's to append
        return {id(item): fact for item, fact in zip(items, facts, strict=True)}

    def _close_billed(self, plan):
        """Move on what was billed: the days of lines, corrections, terminations."""
        days = defaultdict(list)
        for line, day in plan.until.items():
            days[day].append(line.id)
        for day, ids in days.items():
            lines = self.env["aftersales.contract.line"].browse(ids)
            lines._write_unlocked({"billed_until": day})
            for line in lines.filtered("reopened"):
                line._close_gap(day)
        sources = [item.source for items in plan.items.values() for item in items if item.source]
        for one in sources:
            if one._name == "aftersales.contract.correction":
                one.sudo()._write_billed()
        billed = self.browse([contract.id for contract in plan.items])
        for contract in billed.filtered("termination_ids"):
            contract._terminations_to_bill().sudo().billed_on = plan.days[contract]
        billed._reckon_next_bill()

    def _deduct_penalties(self, plan):
        """Put penalties that wait for the next invoice on the `Bill`s that have room for them."""
        if not plan.bills:
            return
        contracts = self.browse([contract.id for bill in plan.bills for contract in bill.contracts])
        # Penalties are finance's to read; the run settles what was approved.
        waiting = self.env["aftersales.penalty"].sudo()._deductions_for(contracts)
        for bill in plan.bills if waiting else ():
            own = waiting.filtered(lambda one, bill=bill: one.contract_id in bill.contracts)
            for penalty in own._fitting(bill.amount, bill.currency) if bill.amount > 0 else ():
                item = penalty.contract_id._in_language_of(bill.payer)._deduction_item(penalty)
                bill.items.append(item)
                plan.items[penalty.contract_id].append(item)

    # --- taking what is due ------------------------------------------------------------------------------------------

    @api.model
    def _billing_domain(self, day):
        """Contracts with something due on ``day``."""
        return Domain("next_bill_on", "<=", day) & Domain("billing", "=", "automatic")

    def _with_companions(self, today):
        """These contracts, with the due ones of payers who want one invoice: the run of the first of them takes all.

        Locks what it adds, in the order of ids, so two workers wait for one another and never each for the other.
        """
        grouped = self.filtered(lambda one: one.invoice_group == "customer")
        if not grouped:
            return self
        payers = grouped._payers({contract: today or contract._local_today() for contract in grouped})
        commercial = self.env["res.partner"].union(*payers.values()).commercial_partner_id
        day = today or max(contract._local_today() for contract in self)
        theirs = Domain("partner_id", "child_of", commercial.ids) | Domain(
            "party_ids", "any", [("role", "=", "payer"), ("partner_id", "child_of", commercial.ids)])
        others = self.search(
            self._billing_domain(day) & theirs & Domain("company_id", "in", self.company_id.ids)
            & Domain("id", "not in", self.ids), order="id")
        others = others.filtered(
            lambda one: one.invoice_group == "customer" and one.next_bill_on <= (today or one._local_today()))
        first = {}
        for contract in (grouped | others).sorted("id"):
            payer = payers.get(contract) or contract._bill_to(today or contract._local_today())
            payers[contract] = payer
            first.setdefault((contract.company_id, payer), contract)
        left = grouped.filtered(lambda one: first[one.company_id, payers[one]] not in self)
        added = others.filtered(lambda one: first[one.company_id, payers[one]] in self)
        return (self - left) | added._await_lock(today)

    def _await_lock(self, today):
        """Those of ``self`` that are still due once no other transaction works on them."""
        if not self:
            return self
        self.env.cr.execute(SQL(
            "SELECT id FROM aftersales_contract WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids))
        self.invalidate_recordset(["next_bill_on"], flush=False)
        return self.filtered(lambda one: one.next_bill_on and one.next_bill_on <= (today or one._local_today()))

    def _bill_now(self):
        """Bill these contracts today, for a person; returns the moves. Raises UserError naming what is in the way."""
        contracts = self.sudo()  # finance was checked; invoices are made by the system, as in the night
        try:
            contracts.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "These contracts are being worked on by somebody else. Try again in a moment.")) from error
        contracts.invalidate_recordset()
        moves, plan = contracts._with_companions(None)._bill()
        blocked = [sentence for contract, sentence in plan.blocked.items() if contract in self]
        if blocked:
            raise UserError("\n".join(blocked))
        return moves
