from . import agreements, credits, documents, portal, signing
