"""What is due by time: the ways out."""

import datetime as dt

from . import sending


def sweep(now: dt.datetime) -> int:
    return sending.send_due(now)
