"""Machines under warranty, of carla's company and of somebody else; pages as portal users read them."""

import base64
import html
import re

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase

from .common import AftersalesCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
DELIVERED = "2026-02-01"


class WarrantyPortalCase(AftersalesCase):
    """``pump`` is carla's, ``crane`` somebody else's whom diego's company sold it to; both under ``warranty``: parts
    24 months, labour 12 months at 80 %, travel not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Pump P-40", "type": "consu"})
        cls.coil = cls.env["product.product"].create(
            {"name": "Brake coil", "default_code": "BC-2", "type": "consu", "list_price": 640})
        cls.lining = cls.env["product.product"].create({"name": "Brake lining", "type": "consu"})
        cls.warranty = cls.a_policy()
        cls.pump, cls.crane = cls.env["aftersales.asset"].create([
            {"name": "PX-1", "product_id": cls.product.id, "partner_id": cls.customer.id, "place": "Quay 7",
             "delivered_on": DELIVERED},
            {"name": "CX-9", "product_id": cls.product.id, "partner_id": cls.stranger.id, "dealer_id": cls.dealer.id,
             "delivered_on": DELIVERED}])
        (cls.pump | cls.crane)._start_covers("registration")

    @classmethod
    def a_policy(cls, **values):
        policy = cls.env["aftersales.warranty.policy"].with_user(cls.anna).create({
            "name": "Maker's Warranty", "cover_kind": "warranty", "product_ids": [Command.set(cls.product.ids)],
            "benefit_ids": [
                Command.create({"kind": "parts", "term_count": 24, "term_unit": "month", "percent": 100}),
                Command.create({"kind": "labour", "term_count": 12, "term_unit": "month", "percent": 80})],
            "exclusion_ids": [Command.create({
                "reason": "Wear parts are not covered.", "product_ids": [Command.set(cls.lining.ids)]})], **values})
        policy.with_user(cls.lena).action_release()
        return policy.with_env(cls.env)

    @classmethod
    def a_claim(cls, asset=None, user=None, **values):
        asset = asset or cls.pump
        claims = cls.env["aftersales.warranty.claim"].with_user(user or cls.agent)
        claim = claims._intake({
            "asset_id": asset.id, "failure_on": "2026-03-02", "reported_on": "2026-03-03", "symptom": "It stands still",
            **values}, "agent")
        return claim.with_env(cls.env)


class WarrantyPages(HttpCase):
    def page(self, path, user=None):
        """(final path, text of the page without markup) as the user sees it; ``None``: nobody logged in."""
        self.authenticate(user and user.login, user and user.login)
        return self.shown(self.url_open(path))

    def shown(self, answer):
        self.assertEqual(answer.status_code, 200, answer.url)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)))
        return answer.url.removeprefix(self.base_url()), html.unescape(text.replace("\ufeff", ""))

    def send(self, user, path, files=None, **form):
        """What a form of a page sends: the page that comes back."""
        self.authenticate(user.login, user.login)
        form.setdefault("csrf_token", http.Request.csrf_token(self))
        answer = self.url_open(path, data=form, files=files)
        self.env.invalidate_all()
        return self.shown(answer)
