"""The assets of a contract: those that its covers name, for as long as they name them."""

from odoo import api, fields, models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    cover_ids = fields.One2many("aftersales.cover", "contract_id", string="Covers", copy=False)
    asset_ids = fields.Many2many(
        "aftersales.asset", string="Covered Assets", compute="_compute_asset_ids", search="_search_asset_ids",
        inverse="_inverse_asset_ids", help="Those whose cover has not ended.")

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "cover": "cover_ids"}

    @api.depends("cover_ids.asset_id", "cover_ids.date_end", "date_end")
    def _compute_asset_ids(self):
        for contract in self:
            day = contract._cover_day()
            contract.asset_ids = contract.cover_ids.filtered(
                lambda c, day=day: not c.date_end or c.date_end >= day).asset_id.filtered("active")

    def _cover_day(self):
        """The day that decides whether a cover has ended: today, or the last day of a contract that is over."""
        today = fields.Date.today()
        return min(today, self.date_end or today)

    def _search_asset_ids(self, operator, value):
        return [("cover_ids.asset_id", operator, value)]

    def _inverse_asset_ids(self):
        for contract in self:
            wanted, day = contract.asset_ids, contract._cover_day()
            running = contract.cover_ids.filtered(lambda c, day=day: not c.date_end or c.date_end >= day)
            missing = wanted - running.asset_id
            running.filtered(lambda c, w=wanted: c.asset_id.active and c.asset_id not in w)._end_before(day)
            self.env["aftersales.cover"].create([
                {"contract_id": contract.id, "asset_id": asset.id} for asset in missing])

    def _compute_asset_count(self):
        for contract in self:
            contract.asset_count = len(contract.asset_ids)

    def action_view_assets(self):
        return {**super().action_view_assets(), "domain": [("id", "in", self.asset_ids.ids)]}

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:  # rows go along with the contract; what they name must do so too
            for name in self._paper_rows().values():
                self[name]._check_company()
        return result

    def unlink(self):
        assets = self.cover_ids.asset_id
        result = super().unlink()
        assets._refresh_cover()
        return result

    def _covers_on(self, day):
        """The covers of the contract that include ``day``; the contract's own dates are not asked."""
        return self.cover_ids.filtered(lambda cover: cover._includes(day))

    def _moved(self, action):
        """The contract's state decides which cover counts; a renewal is caught up with by the nightly work."""
        result = super()._moved(action)
        if action in ("activate", "expire", "terminate"):
            self.env["aftersales.asset"].browse(self.sudo().cover_ids.asset_id.ids)._refresh_cover()
        return result

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if self.contract_type_id.needs_assets and not (self.amends_id or self).cover_ids:
            gaps.append(self.env._("covered assets"))
        return gaps

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        twice = self.cover_ids.filtered("rival_text")
        warnings += [
            self.env._("Asset %(asset)s is also covered by %(rivals)s", asset=cover.asset_id.display_name,
                       rivals=cover.rival_text) for cover in twice[:5]]
        if len(twice) > 5:
            warnings.append(self.env._("And %s more assets that another contract covers as well.", len(twice) - 5))
        return warnings
