"""Whether the tests can fail: small changes to the code, and the tests that must notice each."""
