"""Letters that a pattern takes for others in either case, though small letters tell them apart."""

# One letter for one letter: places in the text stay where they are.
_PLAIN = str.maketrans({"İ": "I", "ı": "i", "ſ": "s", "\u212a": "K", "\u212b": "Å", "\u1e9e": "ß"})


def plain(text: str) -> str:
    """A text of the same length in which "APRİL" and "tonneſ" are the words that patterns read in them."""
    return text if text.isascii() else text.translate(_PLAIN)
