"""Who may do what with billing, usage and forecasts, and one record of each of their models."""

ALL = ("agent", "anna", "felix", "lena", "boss")

RECORDS = {}
WIZARDS = {}
BUTTONS = {}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {}
