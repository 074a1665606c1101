"""Names of what can be found, and how much is done at once."""

from __future__ import annotations

PRODUCT = "product"
SELLER = "seller"
KINDS = (PRODUCT, SELLER)

# Documents that are written in the transaction of their change, where index and rows share a database; analysing one
# takes milliseconds, so a change that touches more leaves marks and a job.
AT_ONCE = 8
BATCH = 100
