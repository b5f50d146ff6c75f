from . import test_sale_offer, test_sale_renewal, test_sale_start
