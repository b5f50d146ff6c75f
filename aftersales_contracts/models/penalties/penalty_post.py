"""Posting: approved penalties become credit notes to customers and refunds claimed from providers.

One document for each contract and period: penalties are lines with a plus, bonuses with a minus; where bonuses prevail
it is an invoice instead. The lines of a document name their penalty, and posting the document is what posts the
penalties on it, whoever made it (see ``account_move``). A penalty is posted as a whole, once.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from .penalty import FINANCE

POSTED = {  # field: its value before posting; only posting and reversing write them
    "move_id": False, "posted_on": False, "posted_by_id": False, "credit_instead": False, "reversal_move_id": False,
    "reversal_reason": False, "reversed_by_id": False,
}
BILLING = "account.group_account_invoice"


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    settle_by = fields.Selection(
        related="clause_id.settle_by", help="By a credit note of its own, or by a deduction on the next invoice.")
    credit_instead = fields.Boolean(
        string="Credit Note Instead", readonly=True, copy=False,
        help="It does not wait for the next invoice, although its clause says so.")
    move_line_ids = fields.One2many(
        "account.move.line", "aftersales_penalty_id", string="Journal Items", readonly=True, copy=False,
        groups="account.group_account_invoice,account.group_account_readonly")
    move_id = fields.Many2one(
        "account.move", string="Posted as", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    move_name = fields.Char(related="move_id.name", string="Number of the Entry", tracking=False)
    move_state = fields.Selection(related="move_id.state", string="State of the Entry", tracking=False)
    payment_state = fields.Selection(related="move_id.payment_state", string="Payment", tracking=False)
    posted_on = fields.Date(string="Posted", readonly=True, copy=False, help="The day of the document.")
    posted_by_id = fields.Many2one("res.users", string="Posted by", readonly=True, copy=False)
    waits_for_invoice = fields.Boolean(
        compute="_compute_waits_for_invoice", help="The next invoice of the contract deducts it.")
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversed by", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    reversal_name = fields.Char(
        related="reversal_move_id.name", string="Number of the Counter-entry", tracking=False)
    reversal_reason = fields.Char(string="Why Reversed", readonly=True, copy=False)
    reversed_by_id = fields.Many2one("res.users", string="Reversed by (Person)", readonly=True, copy=False)

    @api.depends("state", "clause_id.settle_by", "credit_instead", "contract_id.state")
    def _compute_waits_for_invoice(self):
        for penalty in self:
            penalty.waits_for_invoice = penalty.state == "approved" and penalty._waits_for_invoice()

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted(POSTED.keys() & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of %(model)s changes only through its buttons.",
                field=self._fields[name]._description_string(self.env), model=self._description))
        return super()._refuse_guarded(vals)

    # --- who, and once ------------------------------------------------------------------------------------------

    def _check_may_post(self):
        """Raise AccessError unless the current user may post penalties: finance, with the right to invoice."""
        self.check_access("write")
        if self.env.su:
            return
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator posts penalties."))
        if not self.env.user.has_group(BILLING):
            raise AccessError(self.env._(
                "Posting penalties makes credit notes: that takes the access right Billing of Invoicing. Ask an "
                "administrator for it."))

    def _lock_for_posting(self):
        """Nobody else posts or changes these at the same time."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._(
                "Somebody else is posting or changing %s at this moment. Try again.",
                ", ".join(self.mapped("name")))) from error

    # --- the buttons ---------------------------------------------------------------------------------------------

    def action_post(self, day=None):
        """Post these penalties, all or none: UserError names everything that is missing, of every one of them.

        ``day``: of the documents (date or "YYYY-MM-DD"); else today in the contract's zone, or the first open day.
        Approved ones of the same contract and period that can be posted too go on the same document. What is posted
        already stays as it is, so that a second press does nothing. Returns the action that shows the documents.
        """
        self._check_may_post()
        self._lock_for_posting()
        open_ones = self.filtered(lambda penalty: penalty.state != "posted")
        documents, refused = open_ones._plan(fields.Date.to_date(day))
        if refused:
            raise UserError(self._refusals_in_words(refused))
        for contract in open_ones.contract_id:
            contract._duty("settler", self.env._("penalties posted"))
        open_ones._siblings()._join(documents, fields.Date.to_date(day))
        self._post_documents(documents)
        return self._action_documents()

    def _post_batch(self, day=None):
        """Post those that can be posted, each document by itself: {penalty: phrases} of those that could not.

        For the list of a month: what is missing for one contract does not hold the others.
        """
        self._check_may_post()
        mine = self.try_lock_for_update(allow_referencing=True)
        busy = {penalty: [self.env._("somebody else is posting or changing it at this moment")]
                for penalty in self - mine}
        documents, refused = mine.filtered(lambda penalty: penalty.state != "posted")._plan(day)
        for document in documents:
            try:
                with self.env.cr.savepoint():
                    for contract in document.penalties.contract_id:
                        contract._duty("settler", self.env._("penalties posted"))
                    self._post_documents([document])
                    self.env.flush_all()
            except UserError as error:  # Odoo's own refusals, such as those of a country's rules
                self.env.invalidate_all()
                refused.update({penalty: [str(error)] for penalty in document.penalties})
        return {**busy, **refused}

    def action_credit_instead(self):
        """Do not wait for the next invoice: a credit note is made for these, although their clause says otherwise."""
        self._check_may_post()
        self._lock_for_posting()
        for penalty in self:
            if penalty.state != "approved" or not penalty._waits_for_invoice():
                raise UserError(self.env._("%s does not wait for an invoice.", penalty.display_name))
        drafts = self._on_drafts()
        for penalty, move in drafts.items():
            raise UserError(self.env._("%(penalty)s is on the draft %(move)s already.", penalty=penalty.display_name,
                                       move=move.display_name))
        self._write_guarded({"credit_instead": True})
        return self.action_post()

    def action_open_document(self):
        """The credit note or invoice that these penalties were posted by."""
        self.check_access("read")
        return self._action_documents()

    def action_open_reversal(self):
        """The counter-entries that took these penalties back."""
        self.check_access("read")
        return self._action_documents(self.reversal_move_id)

    def _action_documents(self, moves=None):
        moves = self.move_id if moves is None else moves
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Documents")}
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "view_mode": "form", "views": [(False, "form")]}
        return {**action, "view_mode": "list,form", "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", moves.ids)]}

    def _refusals_in_words(self, refused):
        rows = [f"{penalty.display_name}: {'; '.join(gaps)}" for penalty, gaps in refused.items()]
        return "\n".join([self.env._("Nothing was posted."), *rows])

    # --- documents -----------------------------------------------------------------------------------------------

    def _post_documents(self, documents):
        """Create and post the moves of ``documents``, and nothing else: rights were checked."""
        for company, rows in _by_company(documents).items():
            Move = self.env["account.move"].with_company(company)
            moves = Move.create([self._document_values(document) for document in rows])
            for move, document in zip(moves, rows, strict=True):
                move._check_penalty_total(document.penalties)
            moves._post(soft=False)

    # --- what posting a document leaves here -----------------------------------------------------------------------

    def _accept_posting(self, move):
        """``move``, which has lines of these penalties, was posted."""
        self._write_guarded({
            "state": "posted", "move_id": move.id, "posted_on": move.invoice_date or move.date,
            "posted_by_id": self.env.uid})
        self._penalties_posted()

    def _penalties_posted(self):
        """Penalties were posted. Rooms extend it, such as to store the document of what was credited."""


def _by_company(documents):
    found = defaultdict(list)
    for document in documents:
        found[document.penalties.company_id].append(document)
    return found
