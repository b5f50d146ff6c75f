"""The one door from a serial number, as somebody told it, to the machine; or the sentence why there is none."""

from odoo import api, models
from odoo.exceptions import UserError


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _find_serial(self, serial, company, product=None):
        """The asset of ``company`` with that serial number, spaces around it and case aside.

        ``product``: of several with one serial, the one of that product. Raises UserError where there is none, where it
        is archived, where several products have it, and where it is one of another company, of which nothing is told.
        """
        serial = (serial or "").strip()
        if not serial:
            raise UserError(self.env._("Name the machine by its serial number."))
        found = self._with_serial(serial, company)
        active = found.filtered("active")
        chosen = active.filtered(lambda asset: asset.product_id == product) if product else active
        if len(chosen) == 1:
            return chosen
        if len(active) > 1 and not chosen:
            chosen = active
        if len(chosen) > 1:
            raise UserError(self.env._(
                "Serial number %(serial)s is that of %(count)s machines: %(products)s. Say which product it is.",
                serial=serial, count=len(chosen), products=", ".join(
                    asset.product_id.display_name or self.env._("without product") for asset in chosen)))
        if active:
            raise UserError(self.env._(
                "Serial number %(serial)s is that of %(known)s, not of %(product)s.", serial=serial,
                known=active.display_name, product=product.display_name))
        if found:
            raise UserError(self.env._("Machine %s is archived. Restore it first.", found[0].display_name))
        raise UserError(self._unknown_serial(serial, company))

    @api.model
    def _with_serial(self, serial, company):
        """Assets of ``company`` with that serial, archived ones too: letter by letter, else whatever the case."""
        here = self.with_context(active_test=False)
        found = here.search([("company_id", "=", company.id), ("name", "=", serial)])
        pattern = serial.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return (found or here.search([("company_id", "=", company.id), ("name", "=ilike", pattern)])).with_env(self.env)

    @api.model
    def _unknown_serial(self, serial, company):
        """Our own people learn that another company has such a machine, and nothing else of it; a customer does not."""
        inside = self.env.su or self.env.user._is_internal()
        others = inside and self.sudo().search_count(  # across companies; nothing of what is found is shown
            [("company_id", "!=", company.id), ("name", "=", serial)], limit=1)
        if others:
            return self.env._(
                "Serial number %(serial)s is not registered in %(company)s, but in another company.", serial=serial,
                company=company.name)
        return self.env._("No machine with the serial number %(serial)s is registered in %(company)s.", serial=serial,
                          company=company.name)
