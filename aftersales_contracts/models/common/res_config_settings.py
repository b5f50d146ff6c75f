from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_company import statement_fonts

SAMPLE = "Ærøskøbing Łódź 服務水準合約"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    statement_close_days = fields.Integer(related="company_id.statement_close_days", readonly=False)
    statement_mail = fields.Boolean(related="company_id.statement_mail", readonly=False)
    statement_mail_empty = fields.Boolean(related="company_id.statement_mail_empty", readonly=False)
    statement_latin_font = fields.Char(related="company_id.statement_latin_font", readonly=False)
    statement_cjk_font = fields.Char(related="company_id.statement_cjk_font", readonly=False)
    statement_paperformat_id = fields.Many2one(related="company_id.paperformat_id", readonly=False)
    statement_fonts = fields.Char(compute="_compute_statement_fonts", string="Fonts in Use")

    @api.depends("statement_latin_font", "statement_cjk_font")
    def _compute_statement_fonts(self):
        for settings in self:
            fonts = statement_fonts(settings.statement_latin_font, settings.statement_cjk_font)
            missing = fonts.missing(SAMPLE)
            lack = self.env._("No font for: %s", missing) if missing else ""
            settings.statement_fonts = " · ".join(filter(None, (fonts.description, *fonts.problems, lack)))

    @api.constrains("statement_latin_font", "statement_cjk_font")
    def _check_statement_fonts(self):
        for settings in self:
            fonts = statement_fonts(settings.statement_latin_font, settings.statement_cjk_font)
            if fonts.problems:
                raise ValidationError(fonts.problems[0])
