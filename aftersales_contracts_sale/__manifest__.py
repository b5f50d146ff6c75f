{
    "name": "After-sales Contracts: Sales",
    "summary": "Service contracts and extended warranties sold on order lines",
    "version": "19.0.1.0.0",
    "category": "Services/After-sales",
    "author": "aftersales_contracts contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["aftersales_contracts", "sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/sale_views.xml",
    ],
}
