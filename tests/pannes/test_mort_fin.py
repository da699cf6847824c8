"""kill -9 at random moments of the second half of a refresh."""

import pytest

from tests.pannes.conftest import Attendus
from tests.pannes.essais import Lieu, intact, se_remet, tuer_au_hasard

MOMENTS = 20


@pytest.mark.parametrize("tranche", range(MOMENTS // 2, MOMENTS))
def test_kill_9(lieu: Lieu, attendus: Attendus, tranche: int) -> None:
    tuer_au_hasard(lieu, attendus.rythme, tranche, MOMENTS)
    intact(lieu, attendus.ancien, attendus.nouveau)
    se_remet(lieu, attendus.nouveau)
