"""A transfer that is done tells the assets: a serial number went to a customer, or came back."""

from markupsafe import Markup
from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self._tell_assets()
        return result

    def _tell_assets(self):
        """Make or find the assets of what was moved. What cannot be kept never holds back a delivery: the transfer says
        what is to be settled by hand."""
        # whoever delivers need not have any right on assets
        done = self.filtered(lambda picking: picking.state == "done").sudo()
        movements = done.move_line_ids._serial_movements()
        if not movements:
            return
        problems = self.env["aftersales.asset"].sudo()._take_movements(movements)
        for picking in done:
            told = [sentence for movement, sentence in problems if movement.line.picking_id == picking]
            if told:
                picking.message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (
                    self.env._("Not kept as assets:"),
                    Markup().join(Markup("<li>%s</li>") % sentence for sentence in told)))
