"""kill -9 at random moments of a refresh, and of the one that goes on from there."""

import pytest

from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, intact, se_remet, tuer_au_hasard

MOMENTS = 20


@pytest.mark.parametrize("tranche", range(MOMENTS // 2))
def test_kill_9(lieu: Lieu, attendus: Attendus, tranche: int) -> None:
    """Twice: what the first one kept makes the second shorter, which is killed just as far."""
    for moment in (tranche, tranche + MOMENTS // 2):
        tuer_au_hasard(lieu, attendus.rythme, moment, MOMENTS)
        intact(lieu, attendus.ancien, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)
