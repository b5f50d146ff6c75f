"""The warranty certificate of a machine: its owner, and which covers hold with their terms, drawn on request.

It tells what the maker's and the owner's covers promise. What suppliers guarantee to us, and goodwill on single claims,
stand between us and others and are not on it.
"""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...report.warranty_certificate_pdf import render_warranty_certificate
from ...report.warranty_labels import CERTIFICATE_LABELS
from ...report.warranty_values import BenefitRow, CoverRow, WarrantyValues
from ..statements.statement_snapshot import known
from .sealed_letter import FORMAT, common_values, days_in

DAYS = (("Delivered", "delivered_on"), ("Installed", "installed_on"), ("Activated", "activated_on"),
        ("Invoiced", "invoiced_on"), ("First used", "first_used_on"))


class WarrantyCertificate(models.Model):
    _name = "aftersales.warranty.certificate"
    _inherit = ["aftersales.sealed.letter"]
    _description = "Warranty Certificate"
    _number_code = "aftersales.warranty.certificate"
    _report_name = "aftersales_contracts.report_warranty_certificate"

    asset_id = fields.Many2one("aftersales.asset", required=True, readonly=True, index=True, ondelete="restrict")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two certificates of a company cannot have the same number.")

    def _compute_access_url(self):
        super()._compute_access_url()
        for certificate in self:
            certificate.access_url = f"/my/certificates/{certificate.id}"

    # --- the snapshot --------------------------------------------------------------------------------------------

    def _snapshot(self):
        self.ensure_one()
        local = self.with_context(lang=self._language())
        presentation = local._presentation(CERTIFICATE_LABELS, local.env._("Warranty Certificate"))
        return {"format": FORMAT, **local._sides(), "presentation": presentation,
                "letter": local._letter(days_in(presentation))}

    def _letter(self, day):
        _ = self.env._
        asset = self.asset_id
        covers = asset._owners_covers().with_context(lang=self.env.lang)
        last = max((cover.last_day for cover in covers if cover.state in ("running", "waiting") and cover.last_day),
                   default=None)
        running = covers.filtered(lambda cover: cover.state == "running")
        waiting = covers.filtered(lambda cover: cover.state == "waiting")
        if running and last:
            result = _("This machine is under warranty until %s.", day(last))
        elif running:
            result = _("This machine is under warranty.")
        elif waiting:
            result = _("The warranty of this machine has not begun yet.")
        else:
            result = _("No warranty of this machine is in force.")
        return known(
            issued=self.issued_on.isoformat(), machine=asset.display_name, result=result,
            more=[text for text, some in ((_("Covers in force: %s.", len(running)), running),
                                          (_("Covers that begin later: %s.", len(waiting)), waiting)) if some],
            facts=self._facts(day), covers=[cover._certificate_row(day) for cover in covers],
            components=[component.display_name for component in asset.component_ids],
            notes=[_("What the covers say on the day of a failure decides. This certificate tells what was known when "
                     "it was issued, and its days by date only: use counted by a meter may end a cover earlier.")])

    def _facts(self, day):
        asset = self.asset_id
        facts = [("Product", asset.product_id.display_name or ""), ("Serial number", asset.name),
                 ("Place", asset.place or ""), *((caption, day(asset[name])) for caption, name in DAYS),
                 ("Sold by", asset.dealer_id.display_name or ""), ("Part of", asset.parent_id.display_name or "")]
        return [[caption, text] for caption, text in facts if text]

    def _draw_snapshot(self, snapshot, logo):
        letter = snapshot["letter"]
        return render_warranty_certificate(WarrantyValues(
            **common_values(snapshot, logo), machine=letter["machine"],
            covers=tuple(_cover(row) for row in letter.get("covers", ())),
            components=tuple(letter.get("components", ()))), fonts=self.company_id._statement_fonts())


def _cover(row):
    benefits = tuple(BenefitRow(**{**one, "limits": tuple(one.get("limits", ()))}) for one in row.get("benefits", ()))
    told = {name: tuple(row.get(name, ())) for name in ("sentences", "exclusions", "voids")}
    return CoverRow(**{**row, **told, "benefits": benefits})


class Asset(models.Model):
    _inherit = "aftersales.asset"

    certificate_ids = fields.One2many("aftersales.warranty.certificate", "asset_id", readonly=True)

    def _issue_certificate(self):
        """The certificate of these machines' owners, as it is today; one that says the same is not issued again."""
        for asset in self:
            if not asset.active:
                raise UserError(self.env._("Machine %s is archived: it gets no certificate.", asset.display_name))
        return self.env["aftersales.warranty.certificate"]._issue([
            {"asset_id": asset.id, "company_id": asset.company_id.id, "partner_id": asset.partner_id.id}
            for asset in self])

    def action_certificate(self):
        """Issue the warranty certificate, and show it."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Certificates are issued by the office, or in the portal by the owner."))
        self.ensure_one()
        self.check_access("read")
        certificate = self._issue_certificate()
        return {"type": "ir.actions.act_window", "res_model": certificate._name, "res_id": certificate.id,
                "view_mode": "form", "views": [(False, "form")], "name": self.env._("Warranty Certificate")}
