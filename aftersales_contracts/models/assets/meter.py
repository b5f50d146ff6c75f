"""Meters: what the use of a machine is counted in. A machine can have several; each is read on its own."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.frozen import is_uninstalling

HOURS = "aftersales_contracts.meter_hours"


class Meter(models.Model):
    _name = "aftersales.meter"
    _description = "Meter"
    _order = "sequence, code"

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Short name in terms and files, such as hours.")
    name = fields.Char(required=True, translate=True)
    unit = fields.Char(required=True, translate=True, help="Of its values, such as h.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "There is a meter with this code already.")

    @api.model
    def _hours(self):
        """The meter that counts where nobody says which."""
        return self.browse(self.env["ir.model.data"]._xmlid_to_res_id(HOURS) or ())  # cached, asked for each machine

    def unlink(self):
        """Readings keep their meter; one without readings may go."""
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        used = self.env["aftersales.meter.reading"].sudo().search(  # of all companies, which share the meters
            [("meter_id", "in", self.ids)], limit=1).meter_id
        if used:
            raise ValidationError(self.env._("Meter %s has readings. Archive it instead.", used.name))


class Asset(models.Model):
    _inherit = "aftersales.asset"

    meter_id = fields.Many2one(
        "aftersales.meter", string="Main Meter", ondelete="restrict", default=lambda self: self.env[
            "aftersales.meter"]._hours(), help="Readings are of this meter unless they say otherwise, and maintenance "
        "by use counts it.")
    reading_ids = fields.One2many("aftersales.meter.reading", "asset_id", string="Meter Readings")


class MeterReading(models.Model):
    """``restart``: the meter was replaced (or began again) on that day, and the new one began there; ``value`` is then
    what the old one showed last. A lower value than before without it is kept: the meter was turned back."""

    _inherit = "aftersales.meter.reading"

    meter_id = fields.Many2one(
        "aftersales.meter", compute="_compute_meter_id", store=True, readonly=False, precompute=True, required=True,
        ondelete="restrict")
    unit = fields.Char(related="meter_id.unit")
    replaced = fields.Boolean(string="Meter Replaced", help="On that day another meter began at the value beside.")
    restart = fields.Float(string="New Meter Began at", digits=(16, 2))
    warning = fields.Char(compute="_compute_warning", help="What is odd about the reading. It counts all the same.")

    _one_a_day = models.UniqueIndex(
        "(asset_id, meter_id, read_on)", "This meter of the asset was read on that day already.")
    _restart_positive = models.Constraint("CHECK(restart >= 0)", "A meter does not begin at less than nothing.")

    @api.depends("asset_id")
    def _compute_meter_id(self):
        hours = self.env["aftersales.meter"]._hours()
        for reading in self:
            reading.meter_id = reading.meter_id or reading.asset_id.meter_id or hours

    @api.depends("asset_id", "meter_id", "read_on", "value")
    def _compute_warning(self):
        before = self._values_before()
        for reading in self:
            shown = before.get(reading._origin.id)
            reading.warning = shown is not None and reading.value < shown and self.env._(
                "Rolled back: the meter showed %(before)s before and shows %(now)s. Use that was seen is not given "
                "back.", before=shown, now=reading.value)

    def _values_before(self):
        """{reading id: what the meter showed before it}. One query."""
        last, found = {}, {}
        for row in self.search([("asset_id", "in", self.asset_id.ids)], order="read_on, id"):
            key = row.asset_id.id, row.meter_id.id
            found[row.id] = last.get(key)
            last[key] = row.restart if row.replaced else row.value
        return found

    @api.constrains("read_on", "asset_id")
    def _check_day(self):
        for reading in self:
            if reading.read_on > reading.asset_id._asset_today():
                raise ValidationError(self.env._(
                    "Asset %(asset)s: a reading of %(day)s lies in the future.", asset=reading.asset_id.display_name,
                    day=reading.read_on))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{**vals, "replaced": True} if vals.get("restart") else vals for vals in vals_list]
        readings = super().create(vals_list)
        readings.asset_id._facts_changed()
        return readings

    def _counts_for_maintenance(self):
        """Whether visits by use count it: of the asset's main meter."""
        return not self.asset_id.meter_id or self.meter_id == self.asset_id.meter_id
