"""What customers and dealers see of a claim in the portal, as plain values for its page, and what they may do there.

The portal reads claims by its rules, but neither their lines nor their shares: what those say is chosen here. A
customer sees each decision, its reason and its own part; what a dealer claims and gets for it is between the dealer
and us.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from .claim_step import COURSE, ENDED

MOST_PHOTOS = 24  # of one claim
SHARED = {  # fields of a claim that the portal may read
    "id", "name", "display_name", "state", "active", "company_id", "currency_id", "asset_id", "serial", "product_id",
    "partner_id", "dealer_id", "claimant_id", "channel", "request_id", "failure_on", "reported_on", "cause_id",
    "symptom", "place", "entered_at", "ended_reason", "owner_id", "photo_ids", "letter_ids", "line_ids", "move_ids",
    "create_date", "write_date", "has_message", "website_message_ids"}
SHARED_MIXINS = ("access_", "message_")
CUSTOMER, DEALER = "customer", "dealer"


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    photo_ids = fields.Many2many(
        "ir.attachment", "aftersales_claim_photo_rel", string="Photos", copy=False,
        help="Seen by the customer and the dealer, too.")
    @api.model
    def _has_field_access(self, field, operation):
        """The portal's right to read a claim reaches what a customer and a dealer may know alike: neither amounts, nor
        what the office thinks of it; a field that is added later is the office's until it is named here."""
        if self.env.user.share and not self.env.su and not _is_shared(field.name):
            return False
        return super()._has_field_access(field, operation)

    # --- who looks at it -----------------------------------------------------------------------------------------

    def _portal_role(self, user):
        """"dealer" or "customer" of the claim, "" for neither: by the company of the user."""
        self.ensure_one()
        company = user.partner_id.commercial_partner_id
        if self.dealer_id and self.dealer_id.commercial_partner_id == company:
            return DEALER
        return CUSTOMER if self.partner_id.commercial_partner_id == company else ""

    def _check_portal_role(self):
        """The role of who is logged in; raises AccessError for who is neither the customer nor the dealer."""
        self.ensure_one()
        role = self._portal_role(self.env.user)
        if not role:
            raise AccessError(self.env._("This claim is not yours."))
        return role

    # --- the page ------------------------------------------------------------------------------------------------

    def _portal_steps(self):
        """[(name, "done"|"current"|"coming")]: the steps of the course, for the bar; a claim that ended has no current
        one."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        passed = {move.to_state for move in self.move_ids}
        now = COURSE.index(self.state) if self.state in COURSE else len(COURSE)
        steps = []
        for index, code in enumerate(COURSE[:-1]):  # knowledge is our own business
            past = index < now and (self.state != "cancelled" or code in passed)
            standing = "current" if index == now else "done" if past else "coming"
            steps.append((labels[code], standing))
        return steps

    def _portal_lines(self, role):
        """One dict for each line: name, about, decision, tone, reason, payers, and of the ``role`` its amounts."""
        self.ensure_one()
        return [line._portal_row(role) for line in self.line_ids]

    def _portal_totals(self, role):
        """Captions and sums of the amounts of ``role``: [(caption, text)]."""
        decided = self.line_ids.filtered(lambda line: line.decision != "open")
        if not decided:
            return []
        _ = self.env._
        if role == DEALER:
            return [(_("Claimed"), self._money_text(sum(self.line_ids.mapped("amount")))),
                    (_("Approved"), self._money_text(sum(decided.mapped("approved_amount"))))]
        return [(_("Your part"), self._money_text(sum(line._customer_part() for line in decided)))]

    def _money_text(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _portal_timeline(self):
        """[(instant UTC, step, reason)], newest first: the reasons of moves are told only where the claim ended."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [(move.at, labels[move.to_state], move.reason or "" if move.to_state in ENDED else "")
                for move in self.sudo().move_ids.sorted(lambda move: (move.at, move.id), reverse=True)]

    def _portal_photos(self):
        """The photos with a token each, so that the page can show them."""
        photos = self.sudo().photo_ids.sorted("id")  # who may see the claim may see its photos
        photos.generate_access_token()
        return photos

    # --- what they do --------------------------------------------------------------------------------------------

    @api.model
    def _file_from_portal(self, user, asset, values, photos, lines=()):
        """A claim that ``user`` files for ``asset``, which the caller found by the user's own rights.

        ``values``: failure_on, symptom, place and duplicate_reason; ``photos``: [{name, raw, mimetype}]; ``lines``:
        those of a dealer. Raises UserError.
        """
        company = user.partner_id.commercial_partner_id
        owned = asset.partner_id.commercial_partner_id == company
        if lines and owned:
            raise UserError(self.env._("Lines are filed by the dealer who did the work."))
        names = ("failure_on", "symptom", "place", "duplicate_reason")
        told = {name: values[name] for name in names if values.get(name)}
        told["asset_id"] = asset.id
        told["partner_id"] = user.partner_id.id if owned else asset.partner_id.id
        if not owned:
            told["dealer_id"] = company.id
        elif asset.contract_id.dealer_id:
            told["dealer_id"] = asset.contract_id.dealer_id.id
        self._refuse_repeated(asset, told)
        # The portal has no right to create claims: what it may set is chosen here.
        claim = self.sudo()._intake({**told, "lines": list(lines)}, "portal" if owned else "dealer")
        claim._add_photos(photos)
        return claim

    def _refuse_repeated(self, asset, told):
        """Raise UserError where a failure of the machine on that day is reported already and nothing says why again."""
        if told.get("duplicate_reason"):
            return
        known = self.sudo().search([  # also one that somebody else of the company, or the dealer, filed
            ("asset_id", "=", asset.id), ("failure_on", "=", told["failure_on"]),
            ("state", "!=", "cancelled")], limit=1)
        if known:
            raise UserError(self.env._(
                "A failure of %(machine)s on %(day)s is reported already. Add to that claim, or say why this is "
                "another failure.", machine=asset.display_name, day=told["failure_on"]))

    def _add_photos(self, photos):
        """Keep ``photos`` ([{name, raw, mimetype}]) for everybody who may see the claim."""
        self.ensure_one()
        if not photos:
            return
        if len(self.photo_ids) + len(photos) > MOST_PHOTOS:
            raise UserError(self.env._("Claim %(claim)s: %(most)s photos at most.", claim=self.name, most=MOST_PHOTOS))
        files = self.env["ir.attachment"].create([
            {**photo, "res_model": self._name, "res_id": self.id} for photo in photos])
        self.photo_ids = [fields.Command.link(file.id) for file in files]

    def _photos_from_portal(self, photos):
        """Photos that the customer or the dealer adds to a claim that goes on."""
        self._check_portal_role()
        if self.state in ENDED:
            raise UserError(self.env._("Claim %s has ended: it takes no more photos.", self.name))
        if not photos:
            raise UserError(self.env._("Choose the photos first."))
        self.sudo()._add_photos(photos)
        self.sudo()._message_log(body=self.env._("%s photos added in the portal.", len(photos)),
                                 author_id=self.env.user.partner_id.id)

    def _part_sent_from_portal(self, line_id, note=""):
        """The customer or the dealer says that a part is on its way. ``note``: carrier and number of the parcel."""
        self._check_portal_role()
        line = self.sudo().line_ids.filtered(lambda line: line.id == line_id)  # lines have no right of the portal
        if not line:
            raise UserError(self.env._("Claim %s has no such part.", self.name))
        line._part_sent()
        text = self.env._("%s is on its way.", line.name)
        self.sudo().message_post(
            body=" ".join(filter(None, (text, note.strip()))), author_id=self.env.user.partner_id.id,
            message_type="comment", subtype_xmlid="mail.mt_comment")


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _customer_part(self):
        """What the customer pays of the line, by its shares."""
        self.ensure_one()
        return sum(self.share_ids.filtered(lambda share: share.payer_kind == "customer").mapped("amount"))

    def _payers_text(self, you=True):
        """"Manufacturer's Warranty 80%, you 20%": who pays which part. ``you``: the reader is the customer."""
        self.ensure_one()
        _ = self.env._
        kinds = dict(self.share_ids._fields["payer_kind"]._description_selection(self.env))
        kinds["customer"] = _("you") if you else _("customer")
        return ", ".join(
            _("%(payer)s %(percent)s%%", payer=kinds[share.payer_kind], percent=_number(self.env, share.percent))
            for share in self.share_ids if share.percent)

    def _portal_row(self, role):
        labels = {name: dict(self._fields[name]._description_selection(self.env))
                  for name in ("kind", "decision", "return_state")}
        decided = self.decision != "open"
        row = {
            "id": self.id, "name": self.name, "decided": decided, "decision": labels["decision"][self.decision],
            "kind": labels["kind"][self.kind], "quantity": _number(self.env, self.quantity),
            "tone": {"approved": "success", "partly": "warning", "refused": "danger"}.get(self.decision, "secondary"),
            "reason": self._reason_in_words() if decided else "",
            "payers": self._payers_text(role == CUSTOMER) if decided else "",
            "back": labels["return_state"][self.return_state] if self.return_state != "none" else "",
            "may_send": self.return_state == "required", "until": self.return_until,
            "serial": self.faulty_serial or ""}
        if role == DEALER:
            row.update(claimed=self.claim_id._money_text(self.amount),
                       approved=self.claim_id._money_text(self.approved_amount) if decided else "")
        else:
            row.update(own=self.claim_id._money_text(self._customer_part()) if decided else "")
        return row


def _is_shared(name):
    return name in SHARED or name.startswith(SHARED_MIXINS)


def _number(env, number):
    """A number with the decimals that it has: 2.5 -> "2.5", 80.0 -> "80"."""
    text = formatLang(env, number, digits=4)
    point = env["res.lang"]._get_data(code=env.lang or "en_US").decimal_point
    return text.rstrip("0").rstrip(point) if point in text else text
