"""Who may call what: MiniStack's policy evaluator, given all that AWS gives its own."""
