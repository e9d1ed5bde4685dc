"""The Resource Groups Tagging API: which resources carry a tag."""
