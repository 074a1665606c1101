"""Bounds for what comes in from Stripe, apart from its client so that looking at them costs nothing."""

TOLERANCE = 300  # seconds, to both sides; the library alone takes events from the future
LARGEST_EVENT = 1_000_000  # bytes
