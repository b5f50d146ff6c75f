from . import dry_run, event_import, record_event
