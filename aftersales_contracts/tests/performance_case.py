"""What tests of performance start from: a provider who executes requests, and a template to judge by."""

from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import ADDON
from .statement_common import StatementCase


class PerformanceCase(StatementCase):
    """`provider` is a provider contract of the dealer's company, in force since January, judged from March on by
    `template`: resolution against 8 hours (0.5) and satisfied customers between 0 and 100 (0.5), each by one case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.a_template()
        cls.provider = cls.a_provider()

    @classmethod
    def a_template(cls, criteria=None, **values):
        return cls.env["aftersales.scorecard.template"].create({
            "name": "Quality", "criterion_ids": [Command.create(row) for row in criteria or (
                cls.a_criterion(name="Resolution", metric="resolution", direction="lower", scale="benchmark",
                                benchmark=8, dimension="time", weight=0.5),
                cls.a_criterion(weight=0.5))], **values})

    @classmethod
    def a_criterion(cls, **values):
        """Values of a criterion: satisfied customers between 0 and 100, by one case."""
        return {"name": "Happy", "metric": "csat", "direction": "higher", "worst": 0, "best": 100, "weight": 1,
                "dimension": "satisfaction", "minimum_sample": 1, **values}

    @classmethod
    def a_provider(cls, kind="provider", **values):
        with freeze_time("2026-01-05 08:00:00"):
            return cls.a_contract(**{
                "partner_id": cls.dealer.id, "policy_id": False, "statement_start": "2026-03-01",
                "title": "Field Service", "contract_type_id": cls.env.ref(f"{ADDON}.contract_type_{kind}").id,
                "scorecard_template_id": cls.template.id, **values})

    def executed(self, *args, by=None, visits=0, **values):
        """A request that the dealer answered and resolved, with so many visits on site."""
        request = self.met(*args, **values)
        request.executor_id = by or self.dealer
        for number in range(visits):
            day = request.opened_at.date()
            self.event(request, "on_site", f"{day} 09:{10 + 2 * number}:00")
            self.event(request, "in_progress", f"{day} 09:{11 + 2 * number}:00")
        return request

    def said(self, request, given="2026-03-04 08:00:00", channel="portal", **answers):
        """Feedback of the customer, as the portal records it."""
        return self.env["aftersales.feedback"].create({
            "request_id": request.id, "given_at": given, "channel": channel, **answers})

    def judge(self, today="2026-05-20", contracts=None):
        """Judge as the night does; the scorecards of the provider, oldest first."""
        self.env["aftersales.scorecard"]._bring_up_to_date(
            contracts or self.provider, self.env["aftersales.scorecard"]._fields["period_start"].to_date(today))
        return self.cards(contracts)

    def cards(self, contracts=None):
        return self.env["aftersales.scorecard"].search(
            [("contract_id", "in", (contracts or self.provider).ids)], order="contract_id, period_start")

    def line(self, scorecard, key):
        line = scorecard.line_ids.filtered(lambda one: one.key == key)
        self.assertEqual(len(line), 1, key)
        return line

    def stored(self, scorecard, *names):
        """The columns as the database holds them: None is NULL, which a float field would read as 0."""
        self.env.flush_all()
        columns = SQL(", ").join(map(SQL.identifier, names))
        [row] = self.env.execute_query(SQL("SELECT %s FROM %s WHERE id = %s", columns,
                                           SQL.identifier(scorecard._table), scorecard.id))
        return row
