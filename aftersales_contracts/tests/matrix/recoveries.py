"""Who may do what with recoveries, and one record of each of their models."""

RECORDS = {}
WIZARDS = {}
BUTTONS = {}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {}
