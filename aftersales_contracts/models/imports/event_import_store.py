"""Storing what an import staged: missing requests first, then the facts; by sets, a few statements for each batch."""

from collections import Counter

from odoo import models
from odoo.tools import SQL

REQUESTS = 2000  # requests stored with all their facts, then committed by the scheduled action
FIRST = ("reference", "occurred_at", "tier_id", "type_id", "product_id", "country_id", "partner_id", "title")


class EventImportRun(models.Model):
    _inherit = "aftersales.event.import.run"

    def _store(self, commit):
        """Store the staged rows from where the last commit left off; False when the time is up first.

        A staged fact comes in once; of doubled ones the last of the file counts. Facts of one instant keep the order
        of the file.
        """
        self.env["aftersales.request"].check_access("create")
        self.env["aftersales.request.event"].check_access("create")
        self.env.cr.execute("ANALYZE (SKIP_LOCKED) aftersales_event_import_row")
        figures = Counter()
        while bounds := self._next_bounds():
            figures += self._store_batch(*bounds)
            values = {name: self[name] + count for name, count in figures.items()}
            if commit:
                figures.clear()
                self.write({**values, "stored_until": bounds[1]})
                if not self.env["ir.cron"]._commit_progress(REQUESTS, remaining=1):
                    return False
            else:
                self.stored_until = bounds[1]
        self.write({name: self[name] + count for name, count in figures.items()})
        return True

    def _next_bounds(self):
        """(first, last) reference of the next batch, or None."""
        [bounds] = self.env.execute_query(SQL(
            """SELECT min(reference), max(reference) FROM (
                   SELECT DISTINCT reference FROM aftersales_event_import_row
                    WHERE run_id = %s AND reference > %s ORDER BY reference LIMIT %s) AS batch""",
            self.id, self.stored_until or "", REQUESTS))
        return bounds if bounds[0] else None

    def _store_batch(self, first, last):
        """Store the facts of the requests from ``first`` to ``last``; a Counter of figures."""
        staged = SQL("FROM aftersales_event_import_row WHERE run_id = %s AND reference BETWEEN %s AND %s",
                     self.id, first, last)
        figures = self._make_requests(staged)
        facts = self.env["aftersales.request.event"]._append_query(self._facts(staged))
        figures["events_new"] = len(facts)
        return figures

    def _facts(self, staged):
        """SQL of the staged facts in the columns of an event; of equal ones the last, those of one instant in order."""
        return SQL(
            """SELECT r.id, f.occurred_at, f.status_id, %(source)s, f.source_state, f.impact, f.priority, f.tier_id,
                      f.type_id, NULL::int, f.team_id, NULL, NULL::int
                 FROM (SELECT DISTINCT ON (reference, occurred_at, source_state) * %(staged)s
                        ORDER BY reference, occurred_at, source_state, line DESC) AS f
                 JOIN aftersales_request r
                   ON r.company_id = %(company)s AND r.source = %(source)s AND r.external_ref = f.reference
                ORDER BY r.id, f.occurred_at, f.line""",
            staged=staged, source=self.profile_id.source, company=self.company_id.id)

    # --- requests --------------------------------------------------------------------------------------------

    def _make_requests(self, staged):
        """Create the requests that are missing, from their first row; follow a first row that is earlier than known."""
        self.env["aftersales.request"].flush_model()
        columns = SQL(", ").join(SQL.identifier("f", name) for name in FIRST)
        firsts = self.env.execute_query(SQL(
            """SELECT r.id, %(columns)s
                 FROM (SELECT DISTINCT ON (reference) * %(staged)s ORDER BY reference, occurred_at, line) AS f
                 LEFT JOIN aftersales_request r
                   ON r.company_id = %(company)s AND r.source = %(source)s AND r.external_ref = f.reference
                WHERE r.id IS NULL OR (f.occurred_at < r.opened_at AND f.country_id <> r.country_id)
                ORDER BY f.occurred_at, f.line""",
            columns=columns, staged=staged, source=self.profile_id.source, company=self.company_id.id))
        for request_id, *first in firsts:
            if request_id:
                country_id = first[FIRST.index("country_id")]
                self.env["aftersales.request"].browse(request_id).write({"country_id": country_id})
        requests = self._insert_requests([first for request_id, *first in firsts if not request_id])
        if not self.profile_id.contract_id:
            requests._assign_contracts()
        without = len(requests) - len(requests.filtered("contract_id"))
        return Counter(requests_new=len(requests), requests_without_contract=without)

    def _insert_requests(self, firsts):
        """Insert requests by one statement: no log note or follower for each of a hundred thousand old requests."""
        Request = self.env["aftersales.request"]
        if not firsts:
            return Request
        values = {**self._same_values(Request), **self._own_values(Request, firsts)}
        columns = SQL(", ").join(SQL.identifier(name) for name in values)
        arrays = SQL(", ").join(
            SQL("%s::%s[]", value if isinstance(value, list) else [value] * len(firsts),
                SQL(Request._fields[name].column_type[0])) for name, value in values.items())
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_request (%(columns)s, create_uid, create_date, write_uid, write_date)
               SELECT %(columns)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                 FROM unnest(%(arrays)s) AS new(%(columns)s)
               ON CONFLICT (company_id, source, external_ref) WHERE external_ref IS NOT NULL DO NOTHING
               RETURNING id""", columns=columns, arrays=arrays, uid=self.env.uid))
        requests = Request.browse([row[0] for row in self.env.cr.fetchall()])
        requests.invalidate_model()
        return requests

    def _same_values(self, Request):
        """{column: value} that all new requests share: the model's defaults, and what the profile says."""
        profile, contract = self.profile_id, self.profile_id.contract_id
        defaults = Request._add_missing_default_values({})
        values = {
            name: Request._fields[name].convert_to_column(value, Request)
            for name, value in defaults.items()
            if value not in (False, None) and Request._fields[name].store and Request._fields[name].column_type}
        return {**values, "company_id": self.company_id.id, "source": profile.source,
                "contract_id": contract.id or None, "policy_id": contract.sudo().policy_id.id or None}

    def _own_values(self, Request, firsts):
        """{column: list of values}, one for each new request."""
        profile, contract = self.profile_id, self.profile_id.contract_id
        columns = dict(zip(FIRST, map(list, zip(*firsts, strict=True)), strict=True))
        partner = (contract.partner_id or profile.partner_id).id or None
        references, instants = columns.pop("reference"), columns.pop("occurred_at")
        calendars = self._calendars(set(columns["country_id"]))
        return {
            **columns,
            "external_ref": references,
            "opened_at": instants,
            "name": self._numbers(len(references)),
            "title": [title or reference for title, reference in zip(columns["title"], references, strict=True)],
            "type_id": [type_id or profile.type_id.id or None for type_id in columns["type_id"]],
            "partner_id": [partner if contract else own or partner for own in columns["partner_id"]],
            "calendar_id": [calendars.get(country_id) for country_id in columns["country_id"]],
        }

    def _calendars(self, country_ids):
        """{country id: calendar id} under the profile's contract; empty where contracts are still to be found."""
        contract = self.profile_id.contract_id.sudo()
        Country = self.env["res.country"]
        return {country_id: contract._terms_calendar(Country.browse(country_id or ())).id or None
                for country_id in country_ids} if contract else {}

    def _numbers(self, count):
        """``count`` numbers of requests; by one query where the sequence allows it."""
        Sequence = self.env["ir.sequence"].with_company(self.company_id).sudo()
        sequence = Sequence.search(
            [("code", "=", "aftersales.request"), ("company_id", "in", [self.company_id.id, False])],
            order="company_id", limit=1)
        if not sequence:
            return ["/"] * count
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _each in range(count)]
        prefix, suffix = sequence._get_prefix_suffix()
        rows = self.env.execute_query(SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", count))
        return [f"{prefix}{value:0{sequence.padding}d}{suffix}" for (value,) in rows]
