"""The transit gateways, their attachments and route tables, by account and Region.

As EC2 describes them, under its names; a route table has its routes besides.
"""

from __future__ import annotations

from ministack.core.responses import AccountRegionScopedDict

GATEWAYS = AccountRegionScopedDict()
ATTACHMENTS = AccountRegionScopedDict()
TABLES = AccountRegionScopedDict()
ASSOCIATIONS = AccountRegionScopedDict()
"""The route table of an attachment, by the attachment's id."""
