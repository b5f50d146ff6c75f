"""One mail an owner and night lists all assets whose warranty ends; a to-do for whoever offers them something."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .expiry_run import CATCH_UP


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_expiry_ids = fields.One2many(
        "aftersales.expiry.notice", "partner_id", string="Warranties That End",
        groups="aftersales_contracts.group_user")
    aftersales_expiry_dealer_ids = fields.One2many(
        "aftersales.expiry.notice", "dealer_id", string="Warranties of Its Customers That End",
        groups="aftersales_contracts.group_user")

    @api.model
    def _nightly_expiry_tell_domain(self, today):
        """Whoever has an address and something to be told; an end long past is not told any more."""
        since = Domain("last_day", ">=", (today or fields.Date.today()) - timedelta(days=CATCH_UP))
        owners = since & Domain("sent_at", "=", False)
        dealers = since & Domain("dealer_sent_at", "=", False) & Domain(
            "company_id.aftersales_expiry_tell_dealer", "=", True)
        return Domain("email", "not in", (False, "")) & (
            Domain("aftersales_expiry_ids", "any", owners) | Domain("aftersales_expiry_dealer_ids", "any", dealers))

    def _nightly_expiry_tell(self, today):
        """Send the mails of these owners and dealers. Returns [(partner, sentence)]."""
        since = (today or fields.Date.today()) - timedelta(days=CATCH_UP)
        Notice, done = self.env["aftersales.expiry.notice"], []
        waiting = Domain("last_day", ">=", since)
        owners = Notice.search(waiting & Domain("sent_at", "=", False) & Domain("partner_id", "in", self.ids))
        dealers = Notice.search(
            waiting & Domain("dealer_sent_at", "=", False) & Domain("dealer_id", "in", self.ids)
            & Domain("company_id.aftersales_expiry_tell_dealer", "=", True))
        for notices, who, when, template in (
                (owners, "partner_id", "sent_at", "mail_template_expiry"),
                (dealers, "dealer_id", "dealer_sent_at", "mail_template_expiry_dealer")):
            done += notices._tell(who, when, self.env.ref(f"aftersales_contracts.{template}"))
        owners._remind_offers()
        return done


class ExpiryNotice(models.Model):
    _inherit = "aftersales.expiry.notice"

    def _tell(self, who, when, template):
        """Mail each partner of the field ``who`` once a company; ``when``: field of the moment."""
        if not self:
            return []
        self._write_guarded({when: fields.Datetime.now()})
        letters = self.grouped(lambda notice: (notice[who], notice.company_id))
        first = self.browse(notices[0].id for notices in letters.values())
        template.send_mail_batch(first.ids)
        return [(partner, self.env._("told of %s warranties that end", len(notices)))
                for (partner, _company), notices in letters.items()]

    def _remind_offers(self):
        """A to-do on each owner to whom something is to be offered, unless one stands there."""
        todo = self.env.ref("aftersales_contracts.activity_expiry")
        offers = self.filtered(lambda notice: notice.offer_state == "open" and notice.user_id)
        known = self.env["mail.activity"].search([
            ("activity_type_id", "=", todo.id), ("res_model", "=", "res.partner"),
            ("res_id", "in", offers.partner_id.ids)])
        done = set(known.mapped("res_id"))
        model, vals_list = self.env["ir.model"]._get_id("res.partner"), []
        for (partner, user), notices in offers.grouped(lambda notice: (notice.partner_id, notice.user_id)).items():
            if partner.id in done:
                continue
            vals_list.append({
                "activity_type_id": todo.id, "res_model_id": model, "res_id": partner.id, "user_id": user.id,
                "automated": True, "date_deadline": min(notices.mapped("last_day")),
                "summary": self.env._("Offer extended warranties for %s assets", len(notices))})
        self.env["mail.activity"].create(vals_list)
