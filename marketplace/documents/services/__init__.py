"""Papers come to be: numbered and frozen when asked for, made by a job; addresses leave them when they have to."""

from marketplace.documents.services.forgetting import forget_addresses, forget_old
from marketplace.documents.services.making import ask_paper, bytes_of, holds, make_file, try_again

__all__ = ["ask_paper", "bytes_of", "forget_addresses", "forget_old", "holds", "make_file", "try_again"]
