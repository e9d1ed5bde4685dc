"""The tag that tells the bootstrap's resources from the stack's, beside those that both have."""

MADE_BY = "made-by"
BOOTSTRAP = "bootstrap"
