from . import event_import
from . import record_event
from . import dry_run
