"""Signatures and proofs, pure: keys, digests, signing and verifying.

Requests by draft-cavage-12 and RFC 9421, documents by FEP-8b32. Clock values and key material are
handed in; nothing here fetches or stores.
"""
