"""The days of a machine: delivered, installed, put to use. From these warranties count; without one they wait."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.warranty_terms import ACTIVATION, DELIVERY, FIRST_USE, INSTALLATION, INVOICE, RECEIPT

DAYS = {  # trigger of the engine: field
    DELIVERY: "delivered_on", INSTALLATION: "installed_on", ACTIVATION: "activated_on", INVOICE: "invoiced_on",
    FIRST_USE: "first_used_on", RECEIPT: "received_on",
}
FACTS = (*DAYS.values(), "name", "product_id", "batch", "parent_id", "supplier_id", "active", "company_id")
SOURCES = [
    ("manual", "By Hand"), ("registration", "Registration"), ("portal", "Portal"), ("import", "File"),
    ("delivery", "Delivery"), ("sale", "Sale"), ("repair", "Repair"), ("claim", "Claim"),
]
STAFF = "base.group_user"


class Asset(models.Model):
    """Each day is that of the first sale; those of a resale stand with its owner (see `asset_owner`)."""

    _inherit = "aftersales.asset"

    delivered_on = fields.Date(string="Delivered", tracking=True, copy=False, help="Handed to the first owner.")
    installed_on = fields.Date(string="Installed", tracking=True, copy=False)
    activated_on = fields.Date(string="Activated", tracking=True, copy=False, help="Put online or unlocked.")
    invoiced_on = fields.Date(string="Invoiced", tracking=True, copy=False)
    first_used_on = fields.Date(string="First Used", tracking=True, copy=False)
    received_on = fields.Date(
        string="Received from Supplier", tracking=True, copy=False, groups=STAFF,
        help="From this day a supplier's warranty counts.")
    returned_on = fields.Date(string="Returned", readonly=True, copy=False, help="It came back, and nobody has it now.")
    scrapped_on = fields.Date(string="Scrapped", tracking=True, copy=False)
    batch = fields.Char(string="Supplier Batch", tracking=True, groups=STAFF)
    supplier_id = fields.Many2one("res.partner", tracking=True, index="btree_not_null", groups=STAFF)
    dealer_id = fields.Many2one("res.partner", string="Sold by", tracking=True, index="btree_not_null")
    source = fields.Selection(SOURCES, default="manual", readonly=True, copy=False, groups=STAFF)
    day_note = fields.Char(string="Odd Days", compute="_compute_day_note", help="Days that contradict one another.")

    @api.depends("delivered_on", "installed_on", "activated_on", "first_used_on")
    def _compute_day_note(self):
        for asset in self:
            asset.day_note = asset._odd_days()

    def _odd_days(self):
        """What is odd about the days, in words, or False. It is a warning: machines are installed before papers."""
        delivered = self.delivered_on
        for name in ("installed_on", "activated_on", "first_used_on"):
            if delivered and self[name] and self[name] < delivered:
                return self.env._(
                    "%(field)s %(day)s comes before the delivery on %(delivered)s.",
                    field=self._fields[name]._description_string(self.env), day=self[name], delivered=delivered)
        return False

    @api.constrains(*DAYS.values(), "scrapped_on")
    def _check_days(self):
        for asset in self.sudo():  # days of the supplier too
            today = asset._asset_today()
            for name in (*DAYS.values(), "scrapped_on"):
                if asset[name] and asset[name] > today:
                    raise ValidationError(self.env._(
                        "Asset %(asset)s: %(field)s %(day)s lies in the future.", asset=asset.display_name,
                        field=self._fields[name]._description_string(self.env), day=asset[name]))

    def _asset_today(self):
        """The day it is for the machine: in the zone of its company's working schedule."""
        company = self[:1].company_id or self.env.company
        zone = company.sudo().resource_calendar_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def write(self, vals):
        result = super().write(vals)
        if any(name in vals for name in FACTS):
            self._facts_changed()
        return result

    def _set_day(self, trigger, day):
        """Write the day of ``trigger`` ("delivery", "installation", …) and let covers follow. After a resale it is one
        of that sale. Raises UserError for a trigger or a day that is none, and for one in the future."""
        if trigger not in DAYS:
            raise UserError(self.env._(
                "“%(trigger)s” is no day of an asset: %(known)s are.", trigger=trigger, known=", ".join(DAYS)))
        try:
            day = fields.Date.to_date(day)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%s” is no day: YYYY-MM-DD is needed.", day)) from error
        for asset in self:
            sale = asset.sudo().owner_ids.filtered("resold").sorted("id")[-1:]
            if sale and day and day >= sale.day and DAYS[trigger] in sale._fields:
                if day > asset._asset_today():
                    raise UserError(self.env._(
                        "Asset %(asset)s: %(day)s lies in the future.", asset=asset.display_name, day=day))
                sale._set_resale_day(DAYS[trigger], day)
                asset._facts_changed()
            else:
                asset.write({DAYS[trigger]: day})

    def set_day(self, trigger, day):
        """`_set_day` for whoever may change the assets. Callable by RPC; ``day``: "YYYY-MM-DD" or False."""
        self.check_access("write")
        self._set_day(trigger, day)
        return True

    # --- what follows the facts; rooms extend both -------------------------------------------------------------------

    def _facts_changed(self):
        """Days, owners, readings, repairs or replacements of these assets changed: what is reckoned from them follows.
        Missing covers are begun as well, as a day may have become known."""
        if self:
            self.sudo()._start_covers("registration")  # results follow the facts, whoever brings them in

    def _start_covers(self, source):
        """Begin the warranty covers that these assets have none of yet. Rooms that know covers do."""
