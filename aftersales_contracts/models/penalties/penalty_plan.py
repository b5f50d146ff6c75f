"""Which documents penalties become, before anything is made: what holds each of them, what goes on one document, and
what the document says. Nothing here writes."""

from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...engine.approval import may_act
from .penalty_accounts import Lookups

ENDED = ("expired", "terminated")


class Document(NamedTuple):
    """Penalties that go on one credit note or invoice, and their `Booking`s in the same order."""

    penalties: Any
    bookings: tuple

    @property
    def day(self):
        return max(booking.day for booking in self.bookings)


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    # --- what holds it -------------------------------------------------------------------------------------------

    def _not_ready(self):
        """Why these penalties cannot be put on a document of their own now: {penalty: phrases}, only those with any."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        drafts = self._on_drafts()
        found = {}
        for penalty in self:
            waits = [self.env._("it waits for %s", gap) for gap in penalty._posting_gaps()]
            if penalty.state != "approved":
                gaps = waits or [self.env._("it is %s", labels[penalty.state].lower())]
            else:
                gaps = [*waits, *penalty._duty_gaps()]
                if penalty in drafts:
                    gaps.append(self.env._("it is on the draft %s", drafts[penalty].display_name))
                elif penalty._waits_for_invoice():
                    gaps.append(self.env._("it is deducted from the next invoice of the contract"))
            if gaps:
                found[penalty] = list(dict.fromkeys(gaps))
        return found

    def _on_drafts(self):
        """{penalty: the draft document on which it stands already}."""
        lines = self.env["account.move.line"].sudo().search(  # others' drafts count as well
            [("aftersales_penalty_id", "in", self.ids), ("parent_state", "=", "draft")])
        return {line.aftersales_penalty_id: line.move_id for line in lines}

    def _waits_for_invoice(self):
        """Whether the contract's next invoice deducts it. One that has ended has none, and a dealer's is ours to him:
        there is nothing of his on it to deduct from."""
        self.ensure_one()
        return (self.settle_by == "next_invoice" and not self.credit_instead and self.kind != "dealer"
                and self.contract_id.state not in ENDED)

    def _duty_gaps(self):
        """Who approved or wrote the contract does not settle it: one phrase, or none. The system is nobody."""
        contract = self.contract_id
        if self.env.su or may_act("settler", self.env.uid, contract._acted()).allowed:
            return []
        return [contract._separation_sentence("settler", None)]

    # --- what goes together -------------------------------------------------------------------------------------

    def _plan(self, day=None):
        """(list of `Document`, {penalty: phrases} of those that cannot be posted). Writes nothing."""
        refused = self._not_ready()
        documents = []
        self._add(documents, day, refused)
        return documents, refused

    def _siblings(self):
        """Approved penalties of the same contracts and periods, less these: they belong on the same document."""
        keys = {(p.contract_id.id, p.period_start, p.period_end) for p in self}
        near = self.search(
            Domain("contract_id", "in", self.contract_id.ids) & Domain("state", "=", "approved")
            & Domain("id", "not in", self.ids)) if self else self
        near = near.filtered(lambda p: (p.contract_id.id, p.period_start, p.period_end) in keys)
        return near.try_lock_for_update(allow_referencing=True)

    def _join(self, documents, day):
        """Put those of ``self`` that can be posted on ``documents`` that there are; no new ones."""
        refused = self._not_ready()
        joined = []
        self._add(joined, day, refused)
        keys = {self._document_key(document): at for at, document in enumerate(documents)}
        for document in joined:
            at = keys.get(self._document_key(document))
            if at is not None:
                first = documents[at]
                documents[at] = Document(
                    first.penalties | document.penalties, first.bookings + document.bookings)

    def _add(self, documents, day, refused):
        """Plan documents for those of ``self`` that nothing holds; whatever their booking lacks goes to ``refused``."""
        groups, known, lookups = defaultdict(list), {}, Lookups()
        for penalty in self.sorted(lambda p: (p.contract_id.id, p.period_start, p.id)):
            if penalty in refused:
                continue
            alike = (penalty.contract_id, penalty.clause_id, penalty.partner_id, penalty.currency_id)
            if alike not in known:
                booking = penalty._booking(day, lookups)
                known[alike] = booking, penalty._booking_gaps(booking, lookups)
            booking, gaps = known[alike]
            if gaps:
                refused[penalty] = gaps
            else:
                groups[penalty._group_key(booking)].append((penalty, booking))
        documents += [
            Document(self.browse([penalty.id for penalty, _booking in rows]), tuple(booking for _p, booking in rows))
            for rows in groups.values()]

    def _group_key(self, booking):
        self.ensure_one()
        return (self.contract_id, self.period_start, self.period_end, self.currency_id, booking.partner,
                booking.journal, booking.fiscal_position)

    @api.model
    def _document_key(self, document):
        return document.penalties[0]._group_key(document.bookings[0])

    # --- what a document says -----------------------------------------------------------------------------------

    @api.model
    def _document_values(self, document):
        """Values of the account.move of ``document``: a refund, or an invoice where bonuses prevail."""
        first, booking = document.penalties[0], document.bookings[0]
        lang = booking.partner.lang or self.env.lang
        penalties = document.penalties.with_context(lang=lang)
        refund = sum(penalty._money(penalty.amount) for penalty in penalties) >= 0
        direction = "out" if first._is_sale() else "in"
        return {
            "move_type": f"{direction}_{'refund' if refund else 'invoice'}",
            "company_id": first.company_id.id, "journal_id": booking.journal.id, "currency_id": first.currency_id.id,
            "partner_id": booking.partner.id, "fiscal_position_id": booking.fiscal_position.id,
            "invoice_date": document.day, "invoice_origin": first.contract_id.name,
            "ref": penalties[0]._document_ref(penalties),
            "invoice_line_ids": [
                Command.create(penalty._line_values(one, refund))
                for penalty, one in zip(penalties, document.bookings, strict=True)],
        }

    @api.model
    def _document_label(self, document):
        """What is made of ``document``, in a word or two."""
        first = document.penalties[0]
        refund = sum(penalty._money(penalty.amount) for penalty in document.penalties) >= 0
        if first._is_sale():
            return self.env._("Credit Note") if refund else self.env._("Customer Invoice")
        return self.env._("Vendor Refund") if refund else self.env._("Vendor Bill")

    def _document_ref(self, penalties):
        return self.env._("%(contract)s, %(period)s: %(numbers)s", contract=self.contract_id.name,
                          period=self.period_text, numbers=", ".join(penalties.mapped("name")))

    def _line_values(self, booking, refund):
        """Values of the invoice line of this penalty, on a refund or (then with the sign turned) on an invoice."""
        self.ensure_one()
        return {
            "name": self._line_name(), "quantity": 1.0, "price_unit": self.amount if refund else -self.amount,
            "product_id": False, "account_id": booking.account.id, "tax_ids": [Command.set(booking.taxes.ids)],
            "analytic_distribution": self.clause_id.analytic_distribution or False,
            "aftersales_penalty_id": self.id}

    def _line_name(self):
        """What the line says: the penalty, its clause as it was agreed, and the period that it is for."""
        _ = self.env._
        span = _("%(first)s to %(last)s", first=format_date(self.env, self.period_start),
                 last=format_date(self.env, self.period_end))
        clause = self.clause_id.display_name
        rows = [_("Bonus %(number)s: %(clause)s", number=self.name, clause=clause) if self.amount < 0
                else _("Penalty %(number)s: %(clause)s", number=self.name, clause=clause), _("Period %s", span)]
        if self.origin_id:
            rows.append(_("Corrects %(number)s of %(period)s", number=self.origin_id.name,
                          period=self.origin_id.period_text))
        return "\n".join(rows)
