{
    "name": "After-sales Contracts: Repairs",
    "summary": "Repair orders under service levels and warranty, part by part",
    "version": "19.0.1.0.0",
    "category": "Services/After-sales",
    "author": "aftersales_contracts contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["aftersales_contracts", "repair"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/repair_views.xml",
    ],
}
