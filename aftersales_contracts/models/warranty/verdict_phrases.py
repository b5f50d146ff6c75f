"""The engine's sentences on covers in the reader's language: reasons, obstacles and steps.

The engine tells them in plain English (``engine.warranty_reasons``, ``engine.warranty_case``). Here stands, for each
form of its sentences, how to take it apart and the sentence that is translated; what matches no form is told as it is.
"""

import re

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.translate import code_translations

from ...engine import warranty_verdict as engine

# pylint: disable=prefer-env-translation


def _(source):
    """Mark a string as translatable and return it unchanged."""
    return source


LABELS = {
    engine.FAILURE: _("Failure"), engine.COVER: _("Cover"), engine.METER: _("Meter"),
    engine.OBSTACLE: _("Does not pay"), engine.ORDER: _("Order"), engine.PAYS: _("Pays"), engine.CUT: _("Held back"),
    engine.CUSTOMER_PAYS: _("Customer"), engine.RECOVERS: _("Refunded"), engine.LEFT: _("Left"),
}
WORDS = {  # words of the engine that stand in its sentences
    "parts": _("parts"), "labour": _("labour"), "travel": _("travel"), "warranty": _("warranty"),
    "extended": _("extended warranty"), "supplier": _("supplier's warranty"), "goodwill": _("goodwill"),
    "recall": _("recall"), "contract": _("contract"), "as agreed": _("as agreed"), "agreed": _("as agreed"),
    "delivery": _("delivery"), "installation": _("installation"), "activation": _("activation"),
    "invoice": _("invoice"), "first use": _("first use"), "receipt": _("receipt"),
    "from delivery": _("from delivery"), "from installation": _("from installation"),
    "from activation": _("from activation"), "from invoice": _("from invoice"), "from first use": _("from first use"),
    "from receipt": _("from receipt"), "the customer": _("the customer"),
}
D, N = r"\d{4}-\d\d-\d\d", r"-?\d+(?:\.\d+)?"
FORMS = (  # (form of the engine's sentence, the sentence to translate): named groups are its placeholders
    ("no cover is for this machine", _("No cover is for this machine.")),
    (r"(?P<payers>.+? pays .+? %): (?P<why>.+)", _("%(payers)s: %(why)s")),
    (rf"(?P<who>[^,:]+) pays (?P<percent>{N}) %, (?P<rest>.+)", _("%(who)s pays %(percent)s %%, %(rest)s")),
    (rf"(?P<who>[^,:]+) pays (?P<percent>{N}) %", _("%(who)s pays %(percent)s %%")),
    ("as the only cover", _("as the only cover")),
    (r"(?P<first>.+) before (?P<second>[^:]+): (?P<why>.+)", _("%(first)s before %(second)s: %(why)s")),
    (rf"priority (?P<one>{N}) comes before priority (?P<other>{N})",
     _("priority %(one)s comes before priority %(other)s")),
    (r"(?P<one>\w+) comes before (?P<other>\w+)", _("%(one)s comes before %(other)s")),
    ("it fits the machine closer", _("it fits the machine closer")),
    (rf"it ends first, on (?P<day>{D})", _("it ends first, on %(day)s")),
    ("all else is equal, by key", _("all else is equal, so the number decides")),
    ("is not for this machine", _("is not for this machine")),
    (r"is for the cause (?P<causes>.+) only", _("is for the cause %(causes)s only")),
    (r"does not cover (?P<kind>\w+)", _("does not pay %(kind)s")),
    (rf"went over to (?P<machine>\S+), which replaced it on (?P<day>{D})",
     _("went over to machine %(machine)s, which replaced it on %(day)s")),
    (r"no day of (?P<days>.+) is known", _("no day of %(days)s is known")),
    (rf"(?P<kind>\w+) begins on (?P<day>{D}), (?P<why>.+)", _("%(kind)s begins on %(day)s, %(why)s")),
    (rf"(?P<kind>\w+) ended on (?P<day>{D})", _("%(kind)s ended on %(day)s")),
    ("has no days", _("has no days")),
    (rf"(?P<use>{N}) (?P<meter>\S+) on (?P<day>{D}) are above (?P<limit>{N})",
     _("%(use)s %(meter)s on %(day)s are above %(limit)s")),
    (rf"is void since (?P<day>{D}): (?P<reason>.+)", _("is void since %(day)s: %(reason)s")),
    (rf"was given to (?P<first>.+); since (?P<day>{D}) the owner is (?P<now>.+), without recorded consent",
     _("was given to %(first)s; since %(day)s the owner is %(now)s, without recorded consent")),
    (rf"was given to (?P<first>.+); since (?P<day>{D}) the owner is (?P<now>.+?), (?P<why>.+)",
     _("was given to %(first)s; since %(day)s the owner is %(now)s, to whom it does not go over")),
    (r"excludes it: (?P<reason>.+)", _("excludes it: %(reason)s")),
    (r"has used up (?P<what>.+)", _("has used up %(what)s")),
    (rf"the cap of (?P<cap>{N}) for (?P<kind>\w+) in one claim", _("its limit of %(cap)s for %(kind)s in one claim")),
    (rf"the cap of (?P<cap>{N}) for (?P<kind>\w+)", _("its limit of %(cap)s for %(kind)s")),
    (rf"the cap of (?P<cap>{N}) in one claim", _("its limit of %(cap)s in one claim")),
    (rf"the cap of (?P<cap>{N})", _("its limit of %(cap)s")),
    (rf"the quota of (?P<quota>{N})", _("its quota of %(quota)s")),
    (rf"(?P<machine>\S+) on (?P<day>{D}), cause (?P<cause>.+)", _("%(machine)s on %(day)s, cause %(cause)s")),
    (rf"(?P<machine>\S+) on (?P<day>{D})", _("%(machine)s on %(day)s")),
    (rf"(?P<first>{D}) to (?P<last>{D}), (?P<why>.+)", _("%(first)s to %(last)s, %(why)s")),
    (rf"from (?P<first>{D}) on, (?P<why>.+)", _("from %(first)s on, %(why)s")),
    (rf"from (?P<count>{N}) (?P<unit>\w+) after (?P<trigger>[a-z ]+) on (?P<day>{D})",
     _("from %(count)s %(unit)s after %(trigger)s on %(day)s")),
    (r"from the day after (?P<trigger>.+)", _("from the day after %(trigger)s")),
    (r"from the end of (?P<cover>.+)", _("from the end of %(cover)s")),
    (r"(?P<cover>[^,:]+), (?P<kind>\w+) by (?P<policy>[^:]+): (?P<days>.+)",
     _("%(cover)s, %(kind)s by %(policy)s: %(days)s")),
    (rf"(?P<kind>parts|labour|travel) (?P<days>(?:{D} to|from) .+)", _("%(kind)s %(days)s")),
    (rf"(?P<cover>.+): (?P<used>{N}) used of a quota of (?P<quota>{N})",
     _("%(cover)s: %(used)s used of a quota of %(quota)s")),
    (r"(?P<cover>.+): of its cap", _("%(cover)s: of its limit")),
    (rf"(?P<item>[^:]+): (?P<payer>.+) refunds us (?P<percent>{N}) % by (?P<cover>.+)",
     _("%(item)s: %(payer)s refunds us %(percent)s %% by %(cover)s")),
    (r"(?P<item>[^:]+): (?P<cover>\S+) is held back by (?P<what>.+)",
     _("%(item)s: %(cover)s is held back by %(what)s")),
    (r"(?P<item>[^:]+): (?P<rest>.+)", _("%(item)s: %(rest)s")),
)
FORMS = tuple((re.compile(form), source) for form, source in FORMS)
DAY = re.compile(D)
KEPT = ("reason", "item", "cover", "policy", "first_name")  # groups that are names, not sentences
OWNER = re.compile(r"partner:(\d+)")


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    waits_text = fields.Char(string="Waits Because", compute="_compute_waits_text")

    @api.depends("waits_for")
    @api.depends_context("lang")
    def _compute_waits_text(self):
        Asset = self.env["aftersales.asset"]
        for cover in self:
            cover.waits_text = cover.waits_for and Asset._phrase(cover.waits_for)


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _phrase(self, text):
        """A sentence of the engine in the reader's language."""
        text = self._with_names(text or "")
        return self._phrased(text)

    @api.model
    def _phrased(self, text):
        if text in WORDS:
            return self._translated(WORDS[text])
        if DAY.fullmatch(text):
            return format_date(self.env, text)
        for form, source in FORMS:
            match = form.fullmatch(text)
            if match:
                values = {name: value if name in KEPT else self._phrased(value)
                          for name, value in match.groupdict().items()}
                told = self._translated(source) % (values or ())
                return told
        return text

    @api.model
    def _translated(self, source):
        return code_translations.get_python_translations("aftersales_contracts", self.env.lang or "en_US").get(
            source, source)

    @api.model
    def _with_names(self, text):
        """Owners by their names; the engine knows keys."""
        ids = {int(found) for found in OWNER.findall(text)}
        names = {partner.id: partner.name for partner in self.env["res.partner"].sudo().browse(ids).exists()}  # as told
        return OWNER.sub(lambda found: names.get(int(found[1]), found[0]), text)

    @api.model
    def _machine_names(self, text):
        """Machines by their serial numbers, where a sentence begins with a key or says what a cover went over to."""
        def named(found):
            asset = self.sudo().with_context(active_test=False).browse(int(found["key"])).exists()  # as told
            return found[0].replace(found["key"], asset.name or found["key"], 1)
        return re.sub(r"(?:^|went over to )(?P<key>\d+)(?=,| on )", named, text)

    def _verdict_table(self, verdict):
        """[dict] of the items of a verdict, for forms, PDFs and the portal alike: key, kind, label, covered, percent,
        customer_percent, first (who pays first), reason, rule, payers ([{payer, cover, percent, amount}]), others
        (what stands against the covers that do not pay)."""
        kinds = dict(self.env["aftersales.warranty.benefit"]._fields["kind"]._description_selection(self.env))
        payers = self._payer_labels()
        rows = []
        for item in verdict.items:
            shares = [{
                "payer": payers.get(share.kind, share.kind), "kind": share.kind, "cover": share.cover,
                "percent": float(share.percent), "amount": None if share.amount is None else float(share.amount),
            } for share in item.shares]
            rows.append({
                "key": item.key, "kind": item.kind, "label": kinds[item.kind], "covered": item.covered,
                "percent": float(item.percent), "customer_percent": float(100 - item.percent),
                "first": shares[0]["payer"], "cover": shares[0]["cover"], "rule": item.rule,
                "reason": self._phrase(self._machine_names(item.reason)), "payers": shares,
                "others": [f"{key}: {self._phrase(self._machine_names(one.detail))}" for key, one in item.obstacles
                           if one.code != engine.OTHER_ASSET]})
        return rows

    @api.model
    def _payer_labels(self):
        """{kind of payer: what it is called}."""
        _ = self.env._
        return {"warranty": _("Warranty"), "extended": _("Extended Warranty"), "contract": _("Service Contract"),
                "recall": _("Recall"), "supplier": _("Supplier"), "goodwill": _("Goodwill"), "customer": _("Customer")}

    def _verdict_steps(self, verdict):
        """[[label, sentence, value]] of how the verdict came about."""
        return [[self._translated(LABELS[step.label]), self._phrase(self._machine_names(step.detail)), str(step.value)]
                for step in verdict.steps]
