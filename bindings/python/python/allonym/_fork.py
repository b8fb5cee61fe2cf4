"""A fork waits until no model is being loaded: the child would find it half loaded, by a thread that is not there."""

from __future__ import annotations

import os
from _thread import RLock

LOADING = RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOADING.acquire, after_in_parent=LOADING.release, after_in_child=LOADING.release)
