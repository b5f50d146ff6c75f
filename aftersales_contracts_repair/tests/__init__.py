from . import test_repair_claim, test_repair_cover, test_repair_request, test_story
