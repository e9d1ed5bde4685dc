"""The embedded AWS: MiniStack with IAM enforced, and with what AWS does and MiniStack doesn't.

`middleware.py` sees a request first. `patches.py` is the table of everything that is replaced of
MiniStack's, and shows the way of a request. The folders hold the replacements, by AWS service;
`authorization/` holds who may call what. MiniStack's version is pinned, so its internals are known.
What still differs from AWS is listed in docs/local.md.
"""
