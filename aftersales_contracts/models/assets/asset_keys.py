"""Keys by which the engine names machines, owners, products and categories: of models that all rooms share."""


def asset_key(asset):
    """"17": the key of an asset in the engine, also as a component."""
    return str(asset.id)


def owner_key(partner):
    """"partner:17" of the company behind a contact: who works there does not change who owns a machine."""
    return f"partner:{partner.commercial_partner_id.id}"


def product_key(product):
    """"product:17", or "" without a product."""
    return f"product:{product.id}" if product else ""


def category_keys(product):
    """("categ:9", "categ:5", "categ:1"): the product's category and those above it, from the nearest to the root."""
    category = product.categ_id if product else product
    path = category.parent_path if category else ""
    return tuple(f"categ:{part}" for part in reversed((path or "").split("/")) if part)


def category_key(category):
    """"categ:9" of a product category."""
    return f"categ:{category.id}"
