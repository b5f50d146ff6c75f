"""Posting: an approved settlement becomes a vendor bill, a refund or a customer invoice; one that pays nothing closes.

Once, and as a whole: all documents of a settlement are made and posted together. Its penalties are lines of them, which
posts the penalties as well. When the documents are paid, so is the settlement.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .settlement import FINANCE
from .settlement_books import FINISHED, ShareBooks

BILLING = "account.group_account_invoice"
READERS = "account.group_account_invoice,account.group_account_readonly"
PAID = ("paid", "in_payment")  # of a document: nothing is left to be done
POSTED = ("posted_on", "posted_by_id", "booked_with_id")


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    state = fields.Selection(compute="_compute_state", store=True, readonly=True)
    move_ids = fields.One2many(
        "account.move", "aftersales_settlement_id", string="Documents", readonly=True, copy=False, groups=READERS)
    posted_on = fields.Date(string="Posted on", readonly=True, copy=False, help="The day of the documents.")
    posted_by_id = fields.Many2one("res.users", string="Posted by", readonly=True, copy=False)
    booked_with_id = fields.Many2one(
        "aftersales.settlement", string="Booked with", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="It left its balance, and is booked with the document of that settlement.")
    booked_ids = fields.One2many("aftersales.settlement", "booked_with_id", string="Books As Well", readonly=True)
    posting_gaps = fields.Json(
        string="Holds Posting", compute="_compute_posting_gaps", groups="aftersales_contracts.group_user",
        help="What must be decided before it can be posted.")

    @api.depends("state", "contract_id", "carry_sources")
    @api.depends_context("lang")
    def _compute_posting_gaps(self):
        for settlement in self:
            settlement.posting_gaps = settlement._posting_gaps()

    @api.depends("move_ids.payment_state", "move_ids.state")
    def _compute_state(self):
        """Paid follows the documents, both ways; every other state is set by its button."""
        for settlement in self:
            state = settlement.state
            documents = settlement._documents() if state in ("posted", "paid") else ()
            if documents:
                state = "paid" if all(move.payment_state in PAID for move in documents) else "posted"
            settlement.state = state

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted(set(POSTED) & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of %(model)s changes only through its buttons.",
                field=self._fields[name]._description_string(self.env), model=self._description))
        return super()._refuse_guarded(vals)

    def _documents(self):
        """The posted documents that stand, as the superuser sees them."""
        return self.sudo().move_ids.filtered(  # whether a settlement is booked is no secret of the accounts
            lambda move: move.state == "posted" and not move.aftersales_settlement_reversed)

    # --- who, and once -------------------------------------------------------------------------------------------

    def _check_may_post(self):
        """Raise AccessError unless the current user may post settlements: finance, with the right to invoice."""
        self.check_access("write")
        if self.env.su:
            return
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator posts settlements."))
        if not self.env.user.has_group(BILLING):
            raise AccessError(self.env._(
                "Posting settlements makes bills: that takes the access right Billing of Invoicing. Ask an "
                "administrator for it."))

    # --- the buttons ---------------------------------------------------------------------------------------------

    def action_post(self, day=None):
        """Post these settlements, all or none: UserError names everything that is missing, of every one of them.

        ``day``: of the documents (date or "YYYY-MM-DD"); else today in the contract's zone, or the first open day.
        What pays nothing is closed with a note. What is posted already stays as it is, so that a second press does
        nothing. Returns the action that shows the documents.
        """
        self._check_may_post()
        self._lock_course()
        day = fields.Date.to_date(day)
        refused = {}
        for settlement in self._to_post():  # a later one books what an earlier one leaves, so one by one
            planned, gaps = settlement._plan(day)
            refused.update(gaps)
            if not gaps:
                settlement._post_documents(planned[settlement])
        if refused:
            raise UserError(self._refusals_in_words(refused))
        return self._action_documents()

    def _post_batch(self, day=None):
        """Post those that can be posted, each by itself: {settlement: phrases} of those that could not.

        What is missing for one dealer does not hold the others.
        """
        self._check_may_post()
        mine = self.try_lock_for_update(allow_referencing=True)
        refused = {settlement: [self.env._("somebody else is posting or changing it at this moment")]
                   for settlement in self - mine}
        for settlement in mine._to_post():
            try:
                with self.env.cr.savepoint():
                    planned, gaps = settlement._plan(day)
                    refused.update(gaps)
                    if not gaps:
                        settlement._post_documents(planned[settlement])
                    self.env.flush_all()
            except UserError as error:  # Odoo's own refusals, such as those of a country's rules
                self.env.invalidate_all()
                refused[settlement] = [str(error)]
        return refused

    def _to_post(self):
        return self.filtered(lambda one: one.state not in FINISHED).sorted(lambda one: (one.period_start, one.id))

    def _refusals_in_words(self, refused):
        rows = [f"{settlement.display_name}: {'; '.join(gaps)}" for settlement, gaps in refused.items()]
        return "\n".join([self.env._("Nothing was posted."), *rows])

    def action_open_documents(self):
        """The bills, refunds and invoices of these settlements."""
        self.check_access("read")
        return self._action_documents()

    def _action_documents(self):
        moves = self.sudo().move_ids | self.sudo().booked_with_id.move_ids  # Accounting checks who may open them
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Documents")}
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "view_mode": "form", "views": [(False, "form")]}
        return {**action, "view_mode": "list,form", "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", moves.ids)], "context": {"create": False}}

    # --- documents -----------------------------------------------------------------------------------------------

    def _post_documents(self, documents):
        """Create and post ``documents`` of this settlement, and nothing else: rights and gaps were checked."""
        self.ensure_one()
        self.contract_id._duty("settler", self.env._("settlement %s posted", self.name))
        if not documents:
            self._close_without_document()
            return
        books = ShareBooks(self.company_id)
        self._unbooked()._write_guarded({"booked_with_id": self.id})
        Move = self.env["account.move"].with_company(self.company_id)
        moves = Move.create([self._document_values(document, books) for document in documents])
        for move, document in zip(moves, documents, strict=True):
            self._check_document(move, document)
        moves.sudo().write({"aftersales_settlement_id": self.id})  # the link is the system's, whoever posts
        moves._post(soft=False)
        self._move("post", posted_on=documents[0].day, posted_by_id=self.env.uid)
        self._follow_payment()
        self._posted(moves)

    def _check_document(self, move, document):
        """Raise UserError unless the document comes to what is paid, before taxes, to the unit of the currency."""
        move._check_penalty_total(document.settlement.env["aftersales.penalty"].union(
            *(row.penalty.sudo() for row, _amount in document.rows if row.penalty)))
        lines = move.invoice_line_ids.filtered(lambda line: not line.aftersales_penalty_id)
        sign = 1 if move.move_type == "in_invoice" else -1
        wanted, total = sum(amount for row, amount in document.rows if not row.penalty), lines.mapped("price_subtotal")
        if self.currency_id.compare_amounts(sign * sum(total), float(wanted)):
            raise UserError(self.env._(
                "%(name)s comes to %(wanted)s, but its document would come to %(total)s. Check the taxes of dealer "
                "shares.", name=self.display_name, wanted=wanted, total=sign * sum(total)))

    def _close_without_document(self):
        left = self._money(self.carried_left) + self._money(self.carry_taken)
        note = self.env._("Nothing is paid: %(amount)s %(currency)s is carried to the next settlement.", amount=left,
                          currency=self.currency_id.name) if left else self.env._("Nothing is paid: it comes to zero.")
        self._move("close", closed_on=self.contract_id._local_today(), closing_note=note)
        self._message_log(body=note)
        self._posted(self.env["account.move"])

    def _follow_payment(self):
        self.env.add_to_compute(self._fields["state"], self)

    def _posted(self, moves):
        """It was posted, as ``moves``, or closed without. Rooms extend it, such as to store what was booked."""
