"""Which tests one process runs, when several run the suite."""

from __future__ import annotations

from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

# Modules that share more than the sessions of all: the answers of the oracle, which the tests of its
# coverage look through, and the browser, which the first of them may have to install.
TOGETHER = {
    "tests/schema/test_oracle.py": "oracle",
    "tests/schema/test_oracle_coverage.py": "oracle",
    "tests/web/test_explorer_browser.py": "browser",
    "tests/web/test_passkeys_browser.py": "browser",
}


class ByModule(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps each module in one process: its tests share servers and databases, and an order.

    Marks of xdist would say the same (`--dist loadgroup`), but with pytest 9.2 and xdist 3.8 they
    go unnoticed: each test went its own way.
    """

    @override
    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return TOGETHER.get(module, module)
