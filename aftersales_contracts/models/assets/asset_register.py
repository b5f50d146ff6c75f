"""Registration of machines in sets: typed, read from a file, confirmed from the portal, or told by a delivery."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .asset_days import SOURCES
from .asset_row import RowReader

BATCH = 1000
SHOWN = 20  # problems named in one message
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True}  # a registration is one message, not one a field


class Asset(models.Model):
    _inherit = "aftersales.asset"

    _serial_idx = models.Index("(company_id, name)")

    @api.model
    def register(self, rows, source="registration", partial=False):
        """Register machines and begin their covers. Callable by RPC.

        :param rows: [{serial, partner, product, delivered_on, installed_on, activated_on, invoiced_on, first_used_on,
            received_on, place, batch, supplier, dealer, parent, note, company}]; ``serial`` and ``partner`` are needed.
            Products, partners and companies by id or name (a product by its reference or barcode too), the kit
            (``parent``) by id or serial number, days as "YYYY-MM-DD".
        :param source: a word of `SOURCES`, such as "portal"
        :param partial: whether good rows are registered although others are wrong; else nothing is
        :return: {"ids": [asset id, or False for a wrong row, in the order of the rows],
                  "errors": [{"row", "field", "value", "message"}]}, rows count from 1
        Raises UserError with all errors unless ``partial``, AccessError without the right to create assets.
        """
        self.check_access("create")
        if source not in dict(SOURCES):
            raise UserError(self.env._("“%s” is no source of assets.", source))
        read, errors = RowReader(self.env).understand(rows)
        if errors and not partial:
            raise UserError(self._problems_told(errors))
        ids = [False] * len(read)
        good = [(place, values) for place, values in enumerate(read) if values]
        for start in range(0, len(good), BATCH):
            some = good[start:start + BATCH]
            made, refused = self._register_some([values for _place, values in some], source, partial)
            for (place, _values), asset_id, message in zip(some, made, refused, strict=True):
                ids[place] = asset_id
                if message:
                    errors.append({"row": place + 1, "field": "", "value": "", "message": message})
        self.browse(filter(None, ids))._registered(source)
        return {"ids": ids, "errors": sorted(errors, key=lambda error: error["row"])}

    def _register_some(self, vals_list, source, partial):
        """([asset id or False], [why not, or ""]): together, and one by one where one of them is refused."""
        vals_list = [{**values, "source": source} for values in vals_list]
        quiet = self.with_context(**QUIET)
        try:
            with self.env.cr.savepoint():
                made = quiet.create(vals_list)
                self.env.flush_all()
            return made.ids, [""] * len(made)
        except (UserError, ValidationError):
            if not partial:
                raise
        ids, told = [], []
        for values in vals_list:
            try:
                with self.env.cr.savepoint():
                    ids.append(quiet.create([values]).id)
                    self.env.flush_all()
                told.append("")
            except (UserError, ValidationError) as error:
                self.env.invalidate_all()
                ids.append(False)
                told.append(str(error))
        return ids, told

    @api.model
    def check_registration(self, rows):
        """The errors that `register` would tell of these rows; nothing is written. Callable by RPC."""
        if not self.has_access("create"):
            raise AccessError(self.env._("Only who may register machines checks a registration."))
        return RowReader(self.env).understand(rows)[1]

    @api.model
    def _problems_told(self, errors):
        lines = [self.env._("Nothing was registered. Correct these rows:")]
        lines += [self._problem_told(error) for error in errors[:SHOWN]]
        if len(errors) > SHOWN:
            lines.append(self.env._("… and %s more.", len(errors) - SHOWN))
        return "\n".join(lines)

    @api.model
    def _problem_told(self, error):
        """"Row 3, Owner “Nobody Ltd”: …"."""
        if not error["field"]:
            return self.env._("Row %(row)s: %(message)s", row=error["row"], message=error["message"])
        return self.env._(
            "Row %(row)s, %(field)s “%(value)s”: %(message)s", row=error["row"], field=self._row_label(error["field"]),
            value=error["value"], message=error["message"])

    @api.model
    def _row_label(self, name):
        """What people call a key of a row: the label of its field."""
        known = {"serial": "name", "partner": "partner_id", "product": "product_id", "dealer": "dealer_id",
                 "supplier": "supplier_id", "parent": "parent_id", "company": "company_id"}
        field = self._fields.get(known.get(name, name))
        return field._description_string(self.env) if isinstance(field, fields.Field) else name
