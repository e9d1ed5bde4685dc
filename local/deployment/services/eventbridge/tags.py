"""What EventBridge asks for beside a call that tags."""

from __future__ import annotations

TAG_ACTIONS = ("events:ListTagsForResource", "events:TagResource", "events:UntagResource")
"""The IAM actions on the tags of anything in EventBridge."""
