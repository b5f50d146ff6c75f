from . import agreements, credits, documents, feedback, portal, settlements, signing
