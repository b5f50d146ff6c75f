"""What the import tests start from: a profile of anna's, and logs written as text."""

import base64
import gzip
import io

from odoo.fields import Command

from .common import AftersalesCase

HEADER = "request,at,status,sub,impact,country"
ROWS = (
    "A1,2024-03-04T08:00:00+00:00,New,,High,se",
    "A1,2024-03-04T09:00:00+00:00,Work,In Progress,High,se",
    "A1,2024-03-04T10:00:00+00:00,Wait,User,High,se",
    "A1,2024-03-05T10:00:00+00:00,Done,Closed,High,se",
    "B2,2024-03-04T12:00:00+00:00,New,,Low,SE",
    "B2,2024-03-05T12:00:00+00:00,Done,Cancelled,Low,SE",
)


def a_log(*rows, header=HEADER, end="\n", encoding="utf-8"):
    """Bytes of a log; the standard rows when none are given."""
    return end.join((header, *(rows or ROWS), "")).encode(encoding)


class ImportCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old_contract = cls.a_contract(date_start="2024-01-01", date_end="2025-12-31", title="Earlier Care")
        cls.profile = cls.a_profile(cls.env(user=cls.anna))
        cls.Request = cls.env["aftersales.request"]

    @classmethod
    def a_profile(cls, env, **values):
        status = {code: cls.env.ref(f"aftersales_contracts.status_{code}").id for code in (
            "new", "in_progress", "waiting_customer", "resolved", "cancelled")}
        columns = (("reference", "request"), ("occurred_at", "at"), ("state", "status"), ("state", "sub"),
                   ("impact", "impact"), ("country_id", "country"))
        states = (("New", "new"), ("Work/*", "in_progress"), ("Wait/User", "waiting_customer"),
                  ("Done/*", "resolved"), ("Done/Cancelled", "cancelled"))
        return env["aftersales.import.profile"].create({
            "name": "Dealer log", "source": "dealer", "tz": "Europe/Berlin", "partner_id": cls.customer.id,
            "column_ids": [Command.create({"field": field, "column": column, "sequence": index})
                           for index, (field, column) in enumerate(columns)],
            "state_ids": [Command.create({"pattern": pattern, "status_id": status[code]}) for pattern, code in states],
            **values})

    def bring(self, content, mode="good", profile=None):
        """Import bytes through the public method; its figures."""
        encoded = base64.b64encode(content).decode()
        return (profile or self.profile).import_events(encoded, mode)

    def events(self, source="dealer"):
        return self.env["aftersales.request.event"].search([("source", "=", source)]).sorted(
            lambda event: (event.request_id.external_ref, event.occurred_at, event.id))

    def facts(self, source="dealer"):
        """[(external reference, instant, state of the source, code of our status)]."""
        return [(event.request_id.external_ref, str(event.occurred_at), event.source_state, event.status_id.code)
                for event in self.events(source)]

    def wrong(self, figures):
        """[(line, column, value)] of the errors."""
        return [(error["line"], error["column"], error["value"]) for error in figures["errors"]]

    def written(self):
        """How many records an import may write there are: to show that nothing was written."""
        models = ("aftersales.request", "aftersales.request.event", "aftersales.service.status",
                  "aftersales.evaluation.queue", "aftersales.event.import.row")
        self.env.flush_all()
        counts = []
        for model in models:
            self.env.cr.execute(f"SELECT count(*) FROM {self.env[model]._table}")  # pylint: disable=sql-injection
            counts.append(self.env.cr.fetchone()[0])
        return counts


def zipped(content):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(content)
    return packed.getvalue()
