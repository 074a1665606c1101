"""Bounds for what comes in from Stripe, apart from its client so that looking at them costs nothing."""

TOLERANCE = 300  # seconds, to both sides; the library alone takes events from the future
LARGEST_EVENT = 1_000_000  # bytes
# the least that one card payment can be, in smallest units (docs.stripe.com/currencies, minimum charge amounts);
# of rupiah, renminbi and others without a figure of their own, safely more than half a dollar
SMALLEST_CHARGE = {
    "USD": 50, "EUR": 50, "GBP": 30, "AUD": 50, "SGD": 50, "HKD": 400, "JPY": 50, "MYR": 200,
    "CNY": 500, "IDR": 1_000_000,
}  # fmt: skip
