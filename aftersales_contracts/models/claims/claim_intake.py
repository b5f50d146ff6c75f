"""Intake: the one door for claims, whoever brings them: portal, e-mail, dealer, agent, recall or repair order."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from .claim import CHANNELS
from .claim_step import ENDED

# What a claim may be taken in with, besides its lines and files.
INTAKE = (
    "asset_id", "serial", "product_id", "company_id", "partner_id", "dealer_id", "failure_on", "reported_on",
    "cause_id", "symptom", "diagnosis", "place", "request_id", "duplicate_reason",
)
LINE = (
    "kind", "product_id", "name", "quantity", "unit_price", "cost", "causal", "labour_standard_id", "hours",
    "over_reason", "supplier_id", "cause_id", "component_id", "faulty_serial", "replacement_serial",
    "return_required", "sequence",
)
REQUEST_CHANNELS = {"portal": "portal", "email": "email", "phone": "phone", "repair": "on_site"}


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    @api.model
    def _intake(self, values, channel):
        """Take a claim in; returns it. What is wrong raises UserError naming it, and nothing is written.

        ``values``: fields of INTAKE (ids; days as ``date`` or "YYYY-MM-DD"), where "cause" may give the code of a
        cause; "lines": [{fields of LINE, or "labour_standard": its code}]; "attachments": [(file name, bytes)].
        Either ``asset_id`` or ``serial`` names the machine. ``channel``: of CHANNELS. Whoever is logged in is the
        claimant, so a door for the portal checks what its user may see and then calls this as superuser.

        Refused: an unknown serial, one of another company, one that two machines have; a failure before the delivery
        or in the future; an archived customer; what another claim says already, unless ``duplicate_reason`` says why.
        A failure after the end of all covers is taken in: the verdict says so.
        """
        values = dict(values)
        lines, files = values.pop("lines", None) or [], values.pop("attachments", None) or []
        self._refuse_unknown(values, INTAKE + ("cause",), self._description)
        if channel not in dict(CHANNELS):
            raise UserError(self.env._("%s is not a channel of claims.", channel))
        code = values.pop("cause", None)
        if code:
            values["cause_id"] = self._by_code("aftersales.cause", code).id
        values["line_ids"] = [fields.Command.create(self._line_values(line)) for line in lines]
        with self.env.cr.savepoint():
            claim = self.create([{**values, "channel": channel}])
            claim._attach(files)
            claim.flush_recordset()
        return claim

    @api.model
    def intake(self, values, channel="agent"):
        """Take a claim in, for remote calls; returns its id. ``values``, errors: see ``_intake``; files in base64."""
        self.check_access("create")
        files = [(name, base64.b64decode(data)) for name, data in values.get("attachments") or []]
        return self._intake({**values, "attachments": files}, channel).id

    @api.model
    def _line_values(self, line):
        line = dict(line)
        self._refuse_unknown(line, LINE + ("labour_standard",), self.env["aftersales.warranty.claim.line"]._description)
        code = line.pop("labour_standard", None)
        if code:
            line["labour_standard_id"] = self._by_code("aftersales.labour.standard", code).id
        return line

    @api.model
    def _refuse_unknown(self, values, known, what):
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise UserError(self.env._("%(what)s: there is no %(names)s to take in.", what=what,
                                       names=", ".join(unknown)))

    @api.model
    def _by_code(self, model, code):
        found = self.env[model].search([("code", "=", code)], limit=1)
        if not found:
            raise UserError(self.env._(
                "%(model)s: there is no code “%(code)s”.", model=self.env[model]._description, code=code))
        return found

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever creates a claim takes it in."""
        claims = super().create([self._with_machine(vals) for vals in vals_list])
        claims._taken_in()
        return claims

    @api.model
    def _with_machine(self, vals):
        """``vals`` with the asset that the serial means. Only a message may come without one: somebody looks at it."""
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        product = self.env["product.product"].browse(vals.get("product_id"))
        asset = self.env["aftersales.asset"].browse(vals.get("asset_id"))
        if not asset and vals.get("channel") != "email":
            if not (vals.get("serial") or "").strip():
                raise UserError(self.env._("Claim: name the machine by its serial number."))
            asset = asset._find_serial(vals["serial"], company, product or None)
        if asset:
            company = asset.company_id
            if not asset.active:
                raise UserError(self.env._("Claim: asset %s is archived.", asset.display_name))
        for name in ("partner_id", "dealer_id"):
            partner = self.env["res.partner"].browse(vals.get(name) or (asset[name].id if name == "partner_id" else []))
            if partner and not partner.sudo().active:
                raise UserError(self.env._(
                    "Claim on %(machine)s: %(field)s %(name)s is archived.", machine=asset.display_name,
                    field=self._fields[name]._description_string(self.env), name=partner.sudo().display_name))
        return {"serial": asset.name, **vals, "asset_id": asset.id, "company_id": company.id}

    def _taken_in(self):
        """Number new claims, look for duplicates, join their requests and hand them to the owner of the first step."""
        now = fields.Datetime.now()
        self._give_numbers()
        for claim in self:
            claim._write_guarded({"claimant_id": claim.claimant_id.id or self.env.uid, "entered_at": now})
        self._find_duplicates()
        self._join_requests()
        self._log_move(False, {claim: "" for claim in self})
        self._hand_over()
        self._entered("intake")

    def _attach(self, files):
        """Keep ``files``, [(name, bytes)], with the claim: photos of the failure, invoices, reports."""
        self.ensure_one()
        if files:
            self.env["ir.attachment"].create([
                {"name": name, "raw": content, "res_model": self._name, "res_id": self.id} for name, content in files])

    # --- the service request whose clocks it runs under ---------------------------------------------------------------

    def _join_requests(self):
        """Every claim has a service request: the one it came with, an open one on the same machine, or a new one."""
        alone = self.filtered(lambda claim: not claim.request_id)
        Request, taken = self.env["aftersales.request"], self.browse()
        opened = Request.search([
            ("asset_id", "in", alone.asset_id.ids), ("kind", "not in", ("done", "cancelled"))], order="id")
        taken = self.search([("request_id", "in", opened.ids), ("state", "not in", ENDED)]).request_id
        free = (opened - taken).grouped("asset_id")
        new = self.browse()
        for claim in alone:
            known = free.get(claim.asset_id, Request).filtered(
                lambda request, claim=claim: request.partner_id.commercial_partner_id
                == claim.partner_id.commercial_partner_id)[:1]
            if known:
                free[claim.asset_id] -= known
                claim._write_guarded({"request_id": known.id})
            else:
                new += claim
        requests = Request.create([claim._request_values() for claim in new])
        for claim, request in zip(new, requests, strict=True):
            claim._write_guarded({"request_id": request.id})

    def _request_values(self):
        self.ensure_one()
        machine = self.asset_id.name or self.serial or self.env._("Unknown Machine")
        return {
            "title": self.env._("Warranty claim %(claim)s: %(machine)s", claim=self.name, machine=machine),
            "description": self.symptom or False, "partner_id": self.partner_id.id, "asset_id": self.asset_id.id,
            "product_id": self.product_id.id, "company_id": self.company_id.id, "user_id": self.owner_id.id,
            "type_id": self.env.ref("aftersales_contracts.type_incident").id,
            "country_id": (self.partner_id.country_id or self.partner_id.commercial_partner_id.country_id).id,
            "channel": REQUEST_CHANNELS.get(self.channel, False)}
