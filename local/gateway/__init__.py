"""The embedded AWS: MiniStack with IAM enforced, behind a front that adds what it lacks.

Whatever AWS does and MiniStack doesn't is added here, one concern per module, by replacing or
wrapping MiniStack's own functions. The version of MiniStack is pinned, so its internals are known.
What still differs from AWS is listed in docs/local.md.
"""
