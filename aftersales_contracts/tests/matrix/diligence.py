"""Who may do what in the room diligence, and one record of each of its models."""

CONFIGURATION = {}
RECORDS = {}
WIZARDS = {}
BUTTONS = {}


def one_of_each(case, New, company, contract):
    """{model: a record of ``company``}; ``New(model, **values)`` creates one; ``contract`` is a draft of it."""
    return {}
