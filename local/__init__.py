"""The local run: an embedded AWS, a deployment to it, and the pipelines at work on one machine."""
