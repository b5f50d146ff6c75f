"""A month to close: contracts with a fee and penalties, in a company whose history is somebody else's."""

from odoo.fields import Command
from odoo.tools import SQL

from ..models.closing.period_items import COVERED
from .penalty_case import PenaltyCase

BILLING = "account.group_account_invoice"


class ClosingCase(PenaltyCase):
    """2026-05-20: April is the month to close, with March before it. felix may invoice; invoices are posted at once.
    What the database holds besides the records of the tests is moved to other books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.company.aftersales_billing_post = "posted"
        (cls.felix | cls.boss).group_ids = [Command.link(cls.env.ref(BILLING).id)]
        cls._move_history()

    @classmethod
    def _move_history(cls):
        contracts = cls.env["aftersales.contract"].with_context(active_test=False)
        others = contracts.search([("id", "not in", cls.contract.ids), ("company_id", "=", cls.company.id)])
        elsewhere = cls.env["res.company"].create({"name": "Other Books"})
        cls.env.flush_all()
        for table in ("contract", "statement", "penalty", "billed", "breach"):
            column = "id" if table == "contract" else "contract_id"
            cls.env.cr.execute(SQL(
                "UPDATE %s SET company_id = %s WHERE %s = ANY(%s)", SQL.identifier(f"aftersales_{table}"),
                elsewhere.id, SQL.identifier(column), others.ids))
        for table in ("period_close", "period_fact"):
            cls.env.cr.execute(SQL(
                "UPDATE %s SET company_id = %s", SQL.identifier(f"aftersales_{table}"), elsewhere.id))
        cls.env.cr.execute(SQL("DELETE FROM aftersales_nightly_problem"))
        cls.env.cr.execute(SQL("UPDATE account_move SET state = 'cancel' WHERE state = 'draft'"))
        cls.env.invalidate_all()

    def month(self, user=None):
        """The page as finance opens it."""
        Close = self.env["aftersales.period.close"].with_user(user or self.felix)
        return Close.browse(Close.action_this_month()["res_id"])

    def run_month(self, close=None, user=None):
        """Press the button; returns the close with nothing cached."""
        close = (close or self.month()).with_user(user or self.felix)
        close.action_run()
        self.env.invalidate_all()
        return close

    def step(self, close, key):
        self.env.flush_all()
        self.env.invalidate_all()
        return close.step_ids.filtered(lambda row: row._key() == key)

    def items(self, close, kind=None):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("close_id", "=", close.id)] + ([("kind", "=", kind)] if kind else [])
        return self.env["aftersales.period.item"].with_user(self.felix).search(domain)

    def a_problem(self, contract, sentence="No price for May"):
        step = next(step for step in sorted(self.env["aftersales.nightly"]._steps()) if step.key not in COVERED)
        self.env["aftersales.nightly.problem"]._report(step, contract, ValueError(sentence))

    def april(self, breaches=2, **values):
        """So many missed resolutions in April."""
        for day in range(1, breaches + 1):
            self.breach(f"2026-04-{day:02} 08:00", f"2026-04-{day:02} 09:00", f"2026-04-{day + 6:02} 12:00", **values)

    def whole_month(self):
        """April closed with two penalties credited and four invoices posted."""
        self.april()
        close = self.run_month()
        self.env["aftersales.penalty"].search([("state", "=", "draft"), ("contract_id", "=", self.contract.id)]
                                              ).with_user(self.anna).action_review()
        close = self.run_month(close)
        close.action_close()
        return close

    def day(self, text):
        return self.env["aftersales.period.close"]._fields["date_start"].to_date(text)
