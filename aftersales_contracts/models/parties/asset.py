"""Covered asset: a machine at the customer's place. Which contract covers it when is said by its covers."""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...engine.contract_lifecycle import ENDED, LIVE
from ..common.nightly import NightlyStep

COVER = ("contract_id", "date_start", "date_end")  # written on the asset, they are written on its cover


class Asset(models.Model):
    """``contract_id`` and its dates repeat the cover that counts today, for lists, rules and searches.

    None today: the next one to begin; else the last one that ended. Which of several counts today is the rule of
    ``engine.cover_priority``.
    """

    _name = "aftersales.asset"
    _description = "Covered Asset"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Serial Number", required=True, tracking=True)
    product_id = fields.Many2one("product.product", tracking=True)
    partner_id = fields.Many2one("res.partner", string="Owner", required=True, index=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    place = fields.Char(help="Where the asset stands: site, building, line.")
    cover_ids = fields.One2many("aftersales.cover", "asset_id", string="Covers")
    contract_id = fields.Many2one(
        "aftersales.contract", compute="_compute_cover", store=True, readonly=False, index=True, tracking=True,
        check_company=True, ondelete="set null",
        help="The contract whose cover counts today, else the next or the last.")
    date_start = fields.Date(
        string="Covered from", compute="_compute_cover", store=True, readonly=False, tracking=True,
        help="Empty: as the contract.")
    date_end = fields.Date(
        string="Covered until", compute="_compute_cover", store=True, readonly=False, tracking=True,
        help="The last covered day; empty: as the contract.")
    cover_changes_on = fields.Date(
        compute="_compute_cover_changes_on", store=True, index="btree_not_null",
        help="The day on which another cover may count.")
    cover_note = fields.Char(
        string="Covered Twice", compute="_compute_cover_note", help="Several contracts cover the asset today.")
    active = fields.Boolean(default=True)
    note = fields.Text()

    _serial_uniq = models.UniqueIndex(
        "(company_id, product_id, name) WHERE active IS TRUE", "This serial number of the product is already recorded.")

    @api.depends("name", "product_id")
    def _compute_display_name(self):
        for asset in self:
            asset.display_name = f"{asset.product_id.name} · {asset.name}" if asset.product_id else asset.name

    # --- the cover that counts ---------------------------------------------------------------------------------------

    @api.depends("cover_ids.contract_id", "cover_ids.date_start", "cover_ids.date_end", "cover_ids.priority")
    def _compute_cover(self):
        today = fields.Date.today()
        for asset in self:
            asset.update(asset._cover_values(today))

    @api.depends("cover_ids.contract_id", "cover_ids.date_start", "cover_ids.date_end")
    def _compute_cover_changes_on(self):
        today = fields.Date.today()
        for asset in self:
            asset.cover_changes_on = asset._next_change(today)

    def _cover_values(self, today):
        """{field: value} of what repeats the cover that counts on ``today``."""
        main = self._main_cover(today)
        return {"contract_id": main.contract_id.id, "date_start": main.date_start, "date_end": main.date_end}

    def _real_covers(self):
        return self.cover_ids.filtered(lambda c: not c.contract_id.is_template and not c.contract_id.amends_id)

    def _main_cover(self, today):
        """The cover that counts on ``today``; none then: the next, else the last."""
        covers = self._real_covers()
        now = covers.filtered(lambda c: c.state in LIVE and c._includes(today))._choice(today)[0]
        coming = covers.filtered(lambda c: c.state not in ENDED and (c._last_day() or date.max) >= today)
        past = covers - coming
        return now or coming.sorted(lambda c: (c._first_day() or date.min, c._origin.id or 0))[:1] or past.sorted(
            lambda c: (c._last_day() or date.max, c._origin.id or 0))[-1:]

    def _next_change(self, today):
        """The first day after ``today`` on which a cover begins or has ended, or None."""
        days = {c._first_day() for c in self._real_covers()}
        days |= {c._last_day() + timedelta(days=1) for c in self._real_covers() if c._last_day()}
        return min((day for day in days if day and day > today), default=None)

    @api.depends("cover_ids.contract_id", "cover_ids.date_start", "cover_ids.date_end", "cover_ids.priority")
    def _compute_cover_note(self):
        today = fields.Date.today()
        for asset in self:
            covers = asset._real_covers().filtered(
                lambda c: c.state in LIVE and c._includes(today) and (c._last_day() or today) >= today)
            first, reason = covers._choice(today) if len(covers) > 1 else (covers, "")
            asset.cover_note = bool(first and reason) and asset.env._(
                "%(contracts)s cover it today. %(reason)s", reason=reason,
                contracts=", ".join(covers.contract_id.mapped("name")))

    @api.model
    def _nightly_cover_domain(self, today):
        return Domain("cover_changes_on", "<=", today or fields.Date.today()) & Domain("active", "in", (True, False))

    def _nightly_cover(self, today):
        """Take note of covers that began or ended. Returns [(asset, sentence)]."""
        before = {asset: asset.contract_id for asset in self}
        self._refresh_cover(today)
        return [(asset, self.env._("Covered by %s", asset.contract_id.display_name or self.env._("no contract")))
                for asset in self if asset.contract_id != before[asset]]

    def _refresh_cover(self, today=None):
        """Choose anew which cover counts, after a contract moved or a day passed."""
        today = today or fields.Date.today()
        for asset in self:
            values = {**asset._cover_values(today), "cover_changes_on": asset._next_change(today)}
            super(Asset, asset).write(values)  # pylint: disable=super-method-mismatch

    # --- written on the asset, kept on its covers --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {name: value for name, value in self.default_get(list(COVER)).items() if name in COVER}
        written = [{**defaults, **{name: vals[name] for name in COVER if name in vals}} for vals in vals_list]
        plain = self.with_context({  # pylint: disable=context-overridden  # to take keys out
            key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in COVER})
        assets = super(Asset, plain).create(
            [{name: value for name, value in vals.items() if name not in COVER} for vals in vals_list])
        for asset, values in zip(assets, written, strict=True):
            asset._refuse_loose_dates(values)
        self.env["aftersales.cover"].create([
            {"asset_id": asset.id, **values} for asset, values in zip(assets, written, strict=True)
            if values.get("contract_id")])
        return assets.with_env(self.env)

    def write(self, vals):
        values = {name: vals[name] for name in COVER if name in vals}
        vals = {name: value for name, value in vals.items() if name not in COVER}
        if "partner_id" in vals:
            self._refuse_new_owner(vals["partner_id"])
        result = super().write(vals)
        for asset in self if values else ():
            asset._write_cover(values)
        return result

    def _write_cover(self, values):
        """Carry out contract and dates on the cover that counts: other dates change it, another contract ends it."""
        main = self._main_cover(fields.Date.today())
        contract = values.get("contract_id", main.contract_id.id)
        if contract and contract == main.contract_id.id:
            main.write({name: value for name, value in values.items() if name != "contract_id"})
            return
        self._refuse_loose_dates({**values, "contract_id": contract})
        day = fields.Date.to_date(values.get("date_start")) or fields.Date.today()
        main._end_before(day)
        if contract:
            dates = {name: values.get(name) for name in COVER[1:]}
            if main.exists() and main.contract_id.state in LIVE and not dates["date_start"]:
                dates["date_start"] = day  # the day after the cover before it
            self.env["aftersales.cover"].create({"asset_id": self.id, "contract_id": contract, **dates})

    def _refuse_loose_dates(self, values):
        for name in COVER[1:]:
            if values.get(name) and not values.get("contract_id"):
                raise ValidationError(self.env._(
                    "Asset %(asset)s: %(field)s %(value)s needs a contract that covers it.", asset=self.display_name,
                    field=self._fields[name]._description_string(self.env), value=values[name]))

    def _refuse_new_owner(self, partner_id):
        """A covered asset goes to another company by the transfer, which says from which day on and ends its covers."""
        partner = self.env["res.partner"].browse(partner_id)
        for asset in self:
            running = asset.sudo().cover_ids.filtered(lambda c: c._has_begun() and (
                c._last_day() or date.max) >= c.contract_id._local_today())
            if running and partner.commercial_partner_id != asset.partner_id.commercial_partner_id:
                raise UserError(self.env._(
                    "Asset %(asset)s is covered by contract %(contract)s of %(owner)s. Transfer it to its new owner "
                    "with the day of the transfer, so that the cover ends.", asset=asset.display_name,
                    contract=running[0].contract_id.display_name, owner=asset.partner_id.display_name))

    def _ending_covers(self, day):
        """The covers that end when these assets go to another owner on ``day``: under contracts of the owner before."""
        return self.cover_ids.filtered(
            lambda c: c.contract_id.partner_id.commercial_partner_id == c.asset_id.partner_id.commercial_partner_id
            and c.state not in ENDED and (c._last_day() or date.max) >= day)

    def _transfer(self, partner, day):
        """Hand assets over to ``partner``, the owner from ``day`` on; covers of the owner before end the day before."""
        self._ending_covers(day)._end_before(day)
        super().write({"partner_id": partner.id})  # pylint: disable=super-method-mismatch
        self._refresh_cover()

    def unlink(self):
        self.cover_ids.unlink()
        return super().unlink()


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            65, "cover", self.env._("Covers of assets begin and end"), "aftersales.asset", "_nightly_cover_domain",
            "_nightly_cover")]
