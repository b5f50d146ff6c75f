"""Cover: the days on which a contract covers an asset. They come and go with their dates while it is in force."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.cover_priority import Cover as EngineCover
from ...engine.cover_priority import choose
from ..common.frozen import is_uninstalling

PRIORITY = 10


class AssetCover(models.Model):
    """Its dates are its own, the last one included; an empty one follows the contract, also when that is renewed.

    In force assets come and go without an amendment: what is covered when is the record of these dates.
    """

    _name = "aftersales.cover"
    _inherit = "aftersales.paper.row"
    _description = "Cover of an Asset"
    _order = "contract_id, asset_id, date_start, id"
    _check_company_auto = True
    _paper_group = "assets"
    _paper_fields = ("asset_id", "date_start", "date_end", "priority")

    contract_id = fields.Many2one(check_company=True)
    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", required=True, index=True, check_company=True, ondelete="restrict")
    product_id = fields.Many2one(related="asset_id.product_id")
    partner_id = fields.Many2one(related="asset_id.partner_id", string="Owner")
    place = fields.Char(related="asset_id.place")
    date_start = fields.Date(string="Covered from", help="The first covered day; empty: the contract's first day.")
    date_end = fields.Date(string="Covered until", help="The last covered day; empty: the contract's last day.")
    priority = fields.Integer(
        default=PRIORITY, aggregator=None,
        help="Where two contracts cover the asset on one day: the lower number comes first.")
    rival_text = fields.Char(
        string="Also Covered by", compute="_compute_rival_text",
        help="Other contracts that cover the asset on days of this cover, and which of them comes first.")
    state = fields.Selection(related="contract_id.state", string="Contract State")

    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A cover cannot end before it starts.")

    @api.depends("asset_id.display_name", "contract_id.name", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cover in self:
            cover.display_name = self.env._(
                "%(asset)s under %(contract)s (%(days)s)", asset=cover.asset_id.display_name,
                contract=cover.contract_id.name, days=cover._days_text())

    def _days_text(self):
        """"from 01/03/2026 to 31/03/2026", in the reader's language."""
        start, end = (day and format_date(self.env, day) for day in (self.date_start, self.date_end))
        if start and end:
            return self.env._("from %(start)s to %(end)s", start=start, end=end)
        if start:
            return self.env._("from %s on", start)
        return self.env._("until %s", end) if end else self.env._("as long as the contract")

    # --- days ------------------------------------------------------------------------------------------------------

    def _includes(self, day):
        """Whether the cover's own dates include ``day``; the contract's dates are the contract's matter."""
        return (not self.date_start or self.date_start <= day) and (not self.date_end or day <= self.date_end)

    def _first_day(self):
        """The first day on which the asset is covered: of the cover or of the contract, whichever is later."""
        return max(filter(None, (self.date_start, self.contract_id.date_start)), default=None)

    def _last_day(self):
        """The last one, or None: open-ended."""
        return min(filter(None, (self.date_end, self.contract_id.date_end)), default=None)

    def _meets(self, other):
        """Whether both covers include a day."""
        starts = list(filter(None, (self._first_day(), other._first_day())))
        ends = list(filter(None, (self._last_day(), other._last_day())))
        return not starts or not ends or max(starts) <= min(ends)

    def _engine_cover(self):
        """The cover as ``engine.cover_priority`` reads it, by its contract's number; its quota is not known here."""
        last = self._last_day()
        return EngineCover(
            key=self.contract_id.name or str(self.contract_id.id), kind="contract", start=self._first_day(),
            end=last and last + timedelta(days=1), priority=self.priority, applies_to="asset")

    def _choice(self, day):
        """(cover, reason): which of these covers of one asset comes first on ``day``, and why, in words."""
        found = {}
        for cover in self:
            if cover._includes(day):  # an asset has one cover of a contract on a day, so the keys are unique
                found[cover.contract_id.name or str(cover.contract_id.id)] = cover
        choice = choose([cover._engine_cover() for cover in found.values()], day)
        reason = self.env["aftersales.contract"]._reason_in_words(choice)
        return (found[choice.cover.key] if choice.cover else self.browse()), reason

    @api.depends("asset_id", "contract_id", "date_start", "date_end", "priority")
    def _compute_rival_text(self):
        rivals = self._rivals()
        for cover in self:
            met = self.browse(rival.id for rival in rivals[cover.asset_id._origin.id] if cover._is_rival(rival))
            cover.rival_text = cover._rival_words(met) if met else False

    def _rivals(self):
        """{asset id: its covers under contracts that are not over}. One query."""
        found = defaultdict(list)
        for cover in self.search(
                Domain("asset_id", "in", self.asset_id._origin.ids) & Domain("state", "not in", ENDED)
                & self._of_real_contracts()):
            found[cover.asset_id.id].append(cover)
        return found

    def _is_rival(self, other):
        return other.contract_id != self.contract_id._origin and self.state not in ENDED and self._meets(other)

    def _rival_words(self, rivals):
        """"SC/2 (from 1 May on). SC/1 before SC/2: ..." for the first day from today on that is covered twice."""
        names = ", ".join(f"{rival.contract_id.name} ({rival._days_text()})" for rival in rivals)
        day = max(filter(None, (fields.Date.today(), self._first_day(), *(r._first_day() for r in rivals[:1]))))
        first, reason = (self._origin | rivals)._choice(day)
        return self.env._("%(names)s. %(reason)s", names=names, reason=reason) if first else names

    @api.model
    def _of_real_contracts(self):
        return Domain("contract_id", "any", self.env["aftersales.contract"]._real())

    @api.model
    def _of_assets(self, assets):
        """{asset id: its covers under contracts that have taken effect}, read as superuser. One query, and one more
        for the states of the contracts behind them."""
        found = defaultdict(self.browse)
        for cover in self.sudo().search(
                Domain("asset_id", "in", assets._origin.ids)
                & Domain("contract_id", "any", self.env["aftersales.contract"]._real()
                         & Domain("state", "in", (*LIVE, *ENDED)))) if assets else ():
            found[cover.asset_id.id] |= cover
        return found

    # --- what a cover cannot say -----------------------------------------------------------------------------------

    @api.constrains("asset_id", "contract_id", "date_start", "date_end")
    def _check_once_a_day(self):
        pairs = self.search([("asset_id", "in", self.asset_id.ids), ("contract_id", "in", self.contract_id.ids)])
        for (asset, contract), covers in pairs.grouped(lambda cover: (cover.asset_id, cover.contract_id)).items():
            covers = covers.sorted(lambda cover: (cover.date_start or fields.Date.to_date("0001-01-01"), cover.id))
            for first, second in pairwise(covers):
                if not first.date_end or not second.date_start or second.date_start <= first.date_end:
                    raise ValidationError(self.env._(
                        "Contract %(contract)s covers asset %(asset)s twice on one day: %(first)s, and %(second)s. End "
                        "the one before the other begins.", contract=contract.display_name, asset=asset.display_name,
                        first=first._days_text(), second=second._days_text()))

    def write(self, vals):
        for cover in self:
            for name in {"asset_id", "contract_id"} & set(vals):
                if vals[name] != cover[name].id and cover._has_begun():
                    raise UserError(self.env._(
                        "%s has begun: it keeps its asset and its contract. End it and add another cover.",
                        cover.display_name))
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.filtered(lambda cover: cover._has_begun())._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._(
                "%s has begun and is part of what was covered. Write its last covered day instead of deleting it.",
                self[0].display_name))

    def _has_begun(self):
        return self.state in LIVE and self._first_day() <= self.contract_id._local_today()

    def _end_before(self, day):
        """End covers so that ``day`` is the first one not covered; those that have not begun by then go."""
        for cover in self:
            if cover.state in ENDED or (cover._last_day() and cover._last_day() < day):
                continue
            if cover.state not in LIVE or cover._first_day() >= day:
                cover.unlink()
            else:
                cover.date_end = day - timedelta(days=1)
