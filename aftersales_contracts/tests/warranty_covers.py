"""Covers for tests: a released policy with its benefits for one serial number, and the cover of that machine."""

from odoo.fields import Command


def a_cover(asset, kind, percents, months, supplier=None):
    """A cover of ``asset`` from its delivery on. ``percents``: {kind of item: percent}; ``supplier``: it refunds us."""
    env = asset.env
    policy = env["aftersales.warranty.policy"].create({
        "name": f"{kind} {supplier.name if supplier else ''}".strip(), "cover_kind": kind, "additional": True,
        "serial_first": asset.name, "product_ids": [Command.set(asset.product_id.ids)],
        "benefit_ids": [Command.create({
            "kind": item, "term_count": months, "term_unit": "month", "percent": percent})
            for item, percent in percents.items()],
        "supplier_id": supplier.id if supplier else False, "recovers": bool(supplier)})
    policy._write_guarded({"state": "released"})
    return env["aftersales.warranty.cover"].create({"asset_id": asset.id, "policy_id": policy.id})
