"""How long one try of a page's search may take: by the time that the page has left, and by what is usual."""

from collections import deque
from statistics import median

_REMEMBERED = 15
# Where answers usually come sooner, one that takes long is not coming: another node is asked in the time that is kept.
_SLOW = 0.2
_KEPT = 0.4
_FAIR = 0.3  # who gave a server less time than this cannot say that it was too slow


class Pace:
    """The times of the last tries that pages waited for."""

    def __init__(self, hosts: int) -> None:
        self._hosts = hosts
        self._took: deque[float] = deque(maxlen=_REMEMBERED)

    def took(self, seconds: float) -> None:
        """Remember a try, whether it was answered or given up."""
        self._took.append(seconds)

    @property
    def usual(self) -> float:
        """Seconds that half of the last tries took; one node that hangs does not change it."""
        known = tuple(self._took)
        return median(known) if known else 0.0

    def allowed(self, left: float) -> float:
        """Seconds for the next try of who has ``left``: all, or so many that another node can be asked after it.

        Where answers are slow altogether another node would be no quicker: then the first has all the time there is.
        """
        is_kept = self._hosts > 1 and left >= 2 * _KEPT and self.usual < _SLOW
        return left - _KEPT if is_kept else left

    @staticmethod
    def is_fair(allowed: float) -> bool:
        """Whether a server that did not answer in so many seconds was slow, and not the page that asked too late."""
        return allowed >= _FAIR
