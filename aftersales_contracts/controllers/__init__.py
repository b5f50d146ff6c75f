from . import (
    agreements,
    claim_statements,
    claims,
    credits,
    documents,
    feedback,
    portal,
    recalls,
    settlements,
    signing,
    warranty,
)
