"""Papers come to be: numbered and frozen when asked for, made by a job."""

from marketplace.documents.services.making import ask_paper, bytes_of, make_file

__all__ = ["ask_paper", "bytes_of", "make_file"]
