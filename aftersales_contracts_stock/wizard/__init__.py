from . import take_over_deliveries
