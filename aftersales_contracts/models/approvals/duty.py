"""Duties: who was author, approver, signer and settler of a contract, and who was refused. Appended, never changed.

Author, approver and settler of one contract are different people, whichever way they come in: the engine says so
(``engine.approval``), this log is what it reads, and the report over it is the proof.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ...engine.approval import SEPARATE, may_act
from ..common.frozen import is_uninstalling

DUTIES = [("author", "Author"), ("approver", "Approver"), ("signer", "Signer"), ("settler", "Settler")]


class Duty(models.Model):
    _name = "aftersales.duty"
    _description = "Duty on a Contract"
    _order = "at desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    duty = fields.Selection(DUTIES, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Person", required=True, readonly=True, index=True, ondelete="restrict")
    for_user_id = fields.Many2one("res.users", string="Acting for", readonly=True, ondelete="restrict")
    at = fields.Datetime(string="When", required=True, readonly=True)
    round = fields.Integer(string="Review Round", readonly=True, help="Counts how often the contract was submitted.")
    refused = fields.Boolean(readonly=True, help="The attempt was refused.")
    what = fields.Char(readonly=True, help="What was done, or why it was refused.")

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("What somebody did on a contract is a fact and does not change."))

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("What somebody did on a contract is a fact and is not deleted."))


class Contract(models.Model):
    _inherit = "aftersales.contract"

    duty_ids = fields.One2many("aftersales.duty", "contract_id", string="Duties", copy=False)
    review_round = fields.Integer(readonly=True, copy=False)

    def _acted(self):
        """(duty, user id) pairs done on this contract, a substitute counting as both; the database ids of users.

        Approvals of an earlier round are void: who gave them may be the author of the next one.
        """
        self.ensure_one()
        pairs = []
        for row in self.sudo().duty_ids.filtered(lambda row: not row.refused):
            if row.duty == "approver" and row.round != self.review_round:
                continue
            pairs += [(row.duty, user.id) for user in row.user_id | row.for_user_id]
        return pairs

    def _duty(self, duty, what="", acts_for=None):
        """Let the current user take on ``duty`` on these contracts, and log it; else raise UserError, and log that.

        The scheduled actions are nobody: they take on no duty. ``acts_for``: the user somebody stands in for.
        """
        if self.env.uid == SUPERUSER_ID:
            return
        for contract in self:
            verdict = may_act(duty, self.env.uid, contract._acted(), acts_for.id if acts_for else None)
            if not verdict.allowed:
                contract._refuse_duty(duty, contract._separation_sentence(duty, acts_for))
            contract._log_duty(duty, what, acts_for)

    def _separation_sentence(self, duty, acts_for):
        labels = dict(self.env["aftersales.duty"]._fields["duty"]._description_selection(self.env))
        people = self.env.user | (acts_for or self.env["res.users"])
        acted = set(self._acted())
        for other, user_id in sorted(acted):
            if user_id in people.ids and ((duty, other) in SEPARATE or (other, duty) in SEPARATE):
                return self.env._(
                    "%(person)s is the %(other)s of contract %(contract)s and cannot be its %(duty)s too. "
                    "Ask a colleague.", person=self.env["res.users"].browse(user_id).sudo().name,
                    other=labels[other].lower(), contract=self.display_name, duty=labels[duty].lower())
        return self.env._("You cannot be the %(duty)s of contract %(contract)s.",
                          duty=labels[duty].lower(), contract=self.display_name)

    def _log_duty(self, duty, what, acts_for=None):
        self.env["aftersales.duty"].sudo().create({  # the log is written by the system, read by people
            "contract_id": self.id, "duty": duty, "user_id": self.env.uid, "round": self.review_round,
            "for_user_id": acts_for.id if acts_for else False, "at": fields.Datetime.now(), "what": what})

    def _refuse_duty(self, duty, reason):
        """Raise UserError with ``reason``; the attempt is logged although the transaction is undone."""
        values = (self.id, self.company_id.id, duty, self.env.uid, self.review_round, reason)
        database = self.env.cr.dbname

        @self.env.cr.postrollback.add
        def log_refusal():
            with Registry(database).cursor() as cr:
                cr.execute(SQL(
                    """INSERT INTO aftersales_duty (contract_id, company_id, duty, user_id, round, what, refused, at)
                       SELECT %s, %s, %s, %s, %s, %s, true, now() AT TIME ZONE 'UTC'
                        WHERE EXISTS (SELECT 1 FROM aftersales_contract WHERE id = %s)""", *values, self.id))
        raise UserError(reason)


class Separation(models.Model):
    """The report that proves the separation of duties: each contract with the people of each duty."""

    _name = "aftersales.separation"
    _description = "Separation of Duties"
    _auto = False
    _order = "breaches desc, refused desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    partner_id = fields.Many2one(related="contract_id.partner_id")
    state = fields.Selection(related="contract_id.state")
    company_id = fields.Many2one("res.company", readonly=True)
    authors = fields.Char(readonly=True)
    approvers = fields.Char(readonly=True)
    signers = fields.Char(readonly=True)
    settlers = fields.Char(readonly=True)
    refused = fields.Integer(string="Refused Attempts", readonly=True)
    breaches = fields.Integer(
        string="Duties in One Hand", readonly=True, help="People with two duties that must be apart. Always zero.")

    @property
    def _table_query(self):
        names = SQL(", ").join(
            SQL("string_agg(DISTINCT name, ', ' ORDER BY name) FILTER (WHERE duty = %s) AS %s",
                duty, SQL.identifier(f"{duty}s")) for duty, _label in DUTIES)
        apart = SQL(" OR ").join(
            SQL("(bool_or(duty = %s) AND bool_or(duty = %s))", first, second) for first, second in SEPARATE)
        return SQL(
            """WITH done AS (
                    SELECT d.contract_id, d.company_id, d.duty, u.person, p.name
                      FROM aftersales_duty d
                      JOIN aftersales_contract c ON c.id = d.contract_id
                CROSS JOIN LATERAL (VALUES (d.user_id), (d.for_user_id)) u (person)
                      JOIN res_users r ON r.id = u.person
                      JOIN res_partner p ON p.id = r.partner_id
                     WHERE NOT coalesce(d.refused, false) AND (d.duty <> 'approver' OR d.round = c.review_round)),
                 apart AS (
                    SELECT contract_id, count(*) AS breaches FROM (
                        SELECT contract_id, person FROM done GROUP BY contract_id, person HAVING %s) one
                     GROUP BY contract_id),
                 refused AS (
                    SELECT contract_id, count(*) AS refused FROM aftersales_duty WHERE refused GROUP BY contract_id)
               SELECT c.id, c.id AS contract_id, c.company_id, people.authors, people.approvers, people.signers,
                      people.settlers, coalesce(r.refused, 0) AS refused, coalesce(a.breaches, 0) AS breaches
                 FROM aftersales_contract c
                 JOIN (SELECT contract_id, %s FROM done GROUP BY contract_id) people ON people.contract_id = c.id
            LEFT JOIN apart a ON a.contract_id = c.id
            LEFT JOIN refused r ON r.contract_id = c.id""", apart, names)

    @api.model
    def _breaches(self):
        """The rows that break the separation; empty is the proof."""
        return self.search([("breaches", ">", 0)])
