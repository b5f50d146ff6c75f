from . import (
    test_clock_actions,
    test_clocks,
    test_contract,
    test_request_events,
    test_security,
    test_import,
    test_import_rows,
    test_import_servicenow,
)
