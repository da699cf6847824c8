"""kill -9 at random moments of a refresh, and of those that go on from there.

Slow: 20 deaths take the time of 10 refreshes, and 5 more show that nothing is left of them.
"""

import pytest

from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, intact, se_remet, tuer_au_hasard

MOMENTS = 20
SUITES = 5


@pytest.mark.parametrize("tranche", range(SUITES))
def test_kill_9(lieu: Lieu, attendus: Attendus, tranche: int) -> None:
    """Later and later: what each one kept makes the next shorter, which is killed just as far."""
    for moment in range(tranche, MOMENTS, SUITES):
        tuer_au_hasard(lieu, attendus.rythme, moment, MOMENTS)
        intact(lieu, attendus.ancien, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)
