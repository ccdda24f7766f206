"""Tests that run one after another when several processes share them out."""

import pytest

# They keep a core busy or measure times: two at once would measure each other.
BUSY = pytest.mark.xdist_group("busy")
