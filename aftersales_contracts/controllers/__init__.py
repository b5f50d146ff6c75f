from . import agreements, documents, portal, signing
