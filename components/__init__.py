"""The components that make up the unified pipelines, one per file."""
