"""Amazon EventBridge: event buses, their policies, rules and targets."""
