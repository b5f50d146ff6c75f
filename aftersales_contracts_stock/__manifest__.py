{
    "name": "After-sales Contracts: Deliveries",
    "summary": "A delivered serial number becomes an asset and starts its warranty",
    "version": "19.0.1.0.0",
    "category": "Services/After-sales",
    "author": "aftersales_contracts contributors",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["aftersales_contracts", "stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/stock_views.xml",
    ],
}
