"""Service request: what a customer asked for, which contract covers it, and the way every fact gets in."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..common.frozen import is_uninstalling
from ..sla.sla_target import IMPACTS, PRIORITIES

TERMS = ("impact", "priority", "tier_id", "type_id", "policy_id")  # a change of these is a fact: it makes an event
DERIVED = ("status_id", "kind", "opened_at", "last_event_at")  # follow from the events, so that they cannot disagree
BY_EVENT = object()  # context value: the write only repeats what an event says; remote calls cannot forge an object
CLOCK_TOLERANCE = timedelta(minutes=5)  # two servers' clocks may differ; further ahead is a mistake


class Request(models.Model):
    _name = "aftersales.request"
    _description = "Service Request"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"
    _rec_names_search = ["name", "title", "external_ref"]
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    title = fields.Char(required=True, tracking=True)
    description = fields.Html()
    partner_id = fields.Many2one("res.partner", string="Customer", index=True, tracking=True, check_company=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    contract_id = fields.Many2one(
        "aftersales.contract", index=True, tracking=True, check_company=True, ondelete="restrict")
    contract_reason = fields.Char(string="Why No Contract", readonly=True, copy=False)
    policy_id = fields.Many2one("aftersales.sla.policy", string="SLA Policy", readonly=True, index=True)
    calendar_id = fields.Many2one("resource.calendar", string="Working Schedule", readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Assignee", index=True, tracking=True)
    team_id = fields.Many2one("aftersales.team", index=True, tracking=True, check_company=True)
    tier_id = fields.Many2one("aftersales.support.tier", string="Support Tier", tracking=True)
    type_id = fields.Many2one("aftersales.request.type", string="Request Type", tracking=True)
    impact = fields.Selection(IMPACTS, required=True, default="medium", tracking=True)
    priority = fields.Selection(PRIORITIES, required=True, default="1", tracking=True)
    product_id = fields.Many2one("product.product", tracking=True)
    asset_id = fields.Many2one("aftersales.asset", string="Covered Asset", check_company=True, index=True)
    country_id = fields.Many2one(
        "res.country", help="Where the service is given; decides the working schedule where the policy has several.")
    status_id = fields.Many2one(
        "aftersales.service.status", readonly=True, copy=False, index=True, tracking=True,
        group_expand="_group_expand_status")
    kind = fields.Selection(related="status_id.kind", store=True)
    opened_at = fields.Datetime(
        string="Opened", required=True, default=lambda self: fields.Datetime.now(), copy=False, index=True,
        help="The first event.")
    last_event_at = fields.Datetime(readonly=True, copy=False)
    source = fields.Char(readonly=True, copy=False, help="Where the request came from; empty: entered here.")
    external_ref = fields.Char(string="External Reference", readonly=True, copy=False)
    event_ids = fields.One2many("aftersales.request.event", "request_id", string="Service Events")
    clock_ids = fields.One2many("aftersales.sla.clock", "request_id", string="Clocks")
    active = fields.Boolean(default=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two requests of a company cannot have the same number.")
    _external_uniq = models.UniqueIndex(
        "(company_id, source, external_ref) WHERE external_ref IS NOT NULL",
        "This external request is already recorded.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for request in self:
            named = request.name and request.name != "/"
            request.display_name = f"{request.name} {request.title}" if named else request.title

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/requests/{request.id}"

    @api.model
    def _group_expand_status(self, statuses, domain):
        return statuses.search([("kind", "!=", "note")])

    # --- facts -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(vals.get("company_id") or self.env.company.id)
                vals["name"] = sequence.next_by_code("aftersales.request") or "/"
        requests = super().create(vals_list)
        requests._assign_contracts()
        requests._open()
        return requests

    def _open(self):
        """Append the first event of new requests: opened, with the terms known at that moment."""
        status = self.env.ref("aftersales_contracts.status_new")
        self.env["aftersales.request.event"]._append([
            {"request_id": request.id, "occurred_at": request.opened_at, "status_id": status.id,
             "source": "manual", "source_state": status.code, **request._term_values(TERMS)}
            for request in self])
        self._evaluate()

    def write(self, vals):
        if self.env.context.get("aftersales_origin") is BY_EVENT:
            return super().write(vals)
        self._refuse_derived(vals)
        changed = {request: [n for n in TERMS if n in vals and request._differs(n, vals[n])] for request in self}
        result = super().write(vals)
        rows = [request._term_event(names) for request, names in changed.items() if names]
        self.env["aftersales.request.event"]._append(rows)
        if "contract_id" in vals:
            self._follow_contract()
        elif {"country_id", "calendar_id"} & set(vals):
            self._choose_calendars()
            self._evaluate()
        elif rows:
            self._evaluate()
        return result

    def _refuse_derived(self, vals):
        """What follows from events and from the contract cannot be set past them."""
        for name in DERIVED:
            if name in vals and any(request._differs(name, vals[name]) for request in self):
                raise UserError(self.env._(
                    "%s follows from the service events of a request: record an event instead.",
                    self._fields[name]._description_string(self.env)))
        if "policy_id" in vals and not self.env.su:
            if any(request.contract_id.sudo().policy_id.id != vals["policy_id"] for request in self):
                raise UserError(self.env._("The SLA policy of a request is that of its contract."))

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _term_values(self, names):
        return {name: self[name].id if self._fields[name].relational else self[name] for name in names}

    def _term_event(self, names):
        values = self._term_values(names)
        return {"request_id": self.id, "occurred_at": fields.Datetime.now(), "source": "manual",
                "source_state": "terms:" + ",".join(f"{name}={values[name]}" for name in names), **values}

    def record_event(self, status, occurred_at=None, note=None, **terms):
        """Record one service event on each request, and evaluate its clocks. The way in for buttons and remote calls.

        :param status: code of a service status (``str``), or its id
        :param occurred_at: UTC, ``datetime`` or "YYYY-MM-DD HH:MM:SS"; now when empty
        :param terms: new values of impact, priority, tier_id, type_id
        :return: ids of the events (an event already recorded is not recorded twice)
        :raise UserError: unknown status, an instant in the future, an unknown term
        """
        self.check_access("write")
        unknown = set(terms) - set(TERMS if self.env.su else TERMS[:-1])  # the policy is the contract's
        if unknown:
            raise UserError(self.env._("A service event cannot change %s.", ", ".join(sorted(unknown))))
        status = self._status(status)
        self._refuse_cancelled()
        at = fields.Datetime.to_datetime(occurred_at) or fields.Datetime.now()
        events = self.env["aftersales.request.event"]._append([
            {"request_id": request.id, "occurred_at": at, "status_id": status.id, "source": "manual",
             "source_state": request._source_state(status, at), "note": note, **terms} for request in self])
        self._evaluate()
        return events.ids

    def _source_state(self, status, at):
        """How a fact entered here names its state: the code, so that a click repeated is one fact; but a request that
        left the status and comes back to it within the same second has two."""
        same = self.event_ids.filtered(
            lambda event: event.source == "manual" and event.occurred_at == at and event.status_id == status)
        return f"{status.code} {len(same) + 1}" if same and self.status_id != status else status.code

    def _refuse_cancelled(self):
        cancelled = self.filtered(lambda request: request.kind == "cancelled")
        if cancelled:
            raise UserError(self.env._(
                "Request %s is cancelled: open a new request instead.", cancelled[0].display_name))

    def _status(self, status):
        """The service status of a code or an id; raises UserError naming what was given."""
        Status = self.env["aftersales.service.status"]
        found = Status.browse(status).exists() if isinstance(status, int) else Status.search([("code", "=", status)])
        if not found:
            raise UserError(self.env._("There is no service status %s.", status))
        return found

    # --- contract and terms ----------------------------------------------------------------------------------

    def _assign_contracts(self):
        """Find the contract of every request that has none, take its terms, and keep the reason where none fits."""
        open_ended = self.filtered(lambda request: not request.contract_id and request.partner_id)
        alike = defaultdict(list)  # requests that get the same values: one write for each, not for each request
        for request, (contract, reason) in self.env["aftersales.contract"]._find_for(open_ended).items():
            alike[contract, reason, bool(contract.team_id and not request.team_id)].append(request.id)
        by_event = self.with_context(aftersales_origin=BY_EVENT)
        for (contract, reason, takes_team), ids in alike.items():
            team = {"team_id": contract.team_id.id} if takes_team else {}
            by_event.browse(ids).write({"contract_id": contract.id, "contract_reason": reason or False, **team})
        self._choose_calendars()
        for contract, requests in by_event.grouped("contract_id").items():
            policy = contract.sudo().policy_id
            requests = requests.filtered(lambda request, policy=policy: request.policy_id != policy)
            if policy and requests:
                requests.write({"policy_id": policy.id})

    def action_find_contract(self):
        """Look again, after a contract was activated or the request's data corrected."""
        self.check_access("write")
        self._assign_contracts()
        self._follow_contract()

    def _follow_contract(self):
        """Take the terms of the contract as they are now: a changed policy becomes an event."""
        self._choose_calendars()
        for request in self:
            policy = request.contract_id.sudo().policy_id
            if policy != request.policy_id and request._is_open():
                request.policy_id = policy
            if request.contract_id:
                request.contract_reason = False
        self._evaluate()

    def _choose_calendars(self):
        alike = defaultdict(list)
        for request in self:
            alike[request.contract_id, request.country_id, request.calendar_id].append(request.id)
        for (contract, country, calendar), ids in alike.items():
            chosen = contract.sudo()._terms_calendar(country) if contract else calendar
            if chosen != calendar:
                requests = super(Request, self.browse(ids))
                requests.write({"calendar_id": chosen.id})  # pylint: disable=super-method-mismatch

    @api.onchange("partner_id", "asset_id", "product_id", "type_id", "tier_id", "opened_at")
    def _onchange_cover(self):
        if self.asset_id:
            self.product_id = self.product_id or self.asset_id.product_id
            self.partner_id = self.partner_id or self.asset_id.partner_id
        if self.partner_id and self.opened_at and not self._origin:
            self.contract_id, self.contract_reason = self.env["aftersales.contract"]._find_for(self)[self]

    def _is_open(self):
        return self.kind not in ("done", "cancelled")

    @api.constrains("opened_at")
    def _check_opened_at(self):
        limit = fields.Datetime.now() + CLOCK_TOLERANCE
        for request in self:
            if request.opened_at > limit:
                raise ValidationError(self.env._("Request %s cannot be opened in the future.", request.display_name))

    def unlink(self):
        """Not with service events; not by ``ondelete``, whose exception for uninstalling a remote call can claim."""
        if not is_uninstalling(self.env):
            self.filtered(lambda request: request.sudo().event_ids)._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._(
                "Request %s has service events, which are kept as proof. Archive it instead.", self[0].display_name))

    # --- queue -----------------------------------------------------------------------------------------------

    @api.model
    def _requeue_open(self, domain):
        """Queue the requests of ``domain`` that have an open clock, because terms changed. Decided clocks stay."""
        query = self.sudo().with_context(active_test=False)._search(domain)
        self.env["aftersales.sla.clock"].flush_model(["state", "request_id"])
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_evaluation_queue (request_id, queued_at, cause)
               SELECT DISTINCT request_id, now() AT TIME ZONE 'UTC', 'terms' FROM aftersales_sla_clock
                WHERE is_current AND state IN ('running', 'paused') AND request_id IN %s
               ON CONFLICT (request_id) DO UPDATE SET queued_at = EXCLUDED.queued_at, error = NULL""",
            query.subselect()))
        if self.env.cr.rowcount:
            cron = self.env.ref("aftersales_contracts.cron_clocks", raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()  # whoever edits terms may start the counting
