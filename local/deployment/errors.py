"""What can go wrong in a local deployment, each as a sentence for the person who runs it."""

from __future__ import annotations


class DeploymentError(Exception):
    """The program asks for something that cannot be created locally, or AWS refused it."""
