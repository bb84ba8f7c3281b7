"""HTTP signatures, pure: keys, digests, signing and verifying (draft-cavage-12).

Clock values and key material are handed in; nothing here fetches or stores.
"""
