"""What the page of an indicator shows of its value, month by month."""

from pipelines.indicateurs import definition
from pipelines.pas.indicateurs import valeurs_par_arrete
from tests.entrepots import en_memoire


def test_maturity_and_change_beside_the_value() -> None:
    """Points for a rate; to date while the year is under way: 42.5 % after 40 %, 8 after 5."""
    indicateurs = definition.lire()
    with en_memoire(indicateurs=indicateurs) as con:
        con.execute(
            """
            insert into indicateurs.valeurs by name
            select 'R32' as territoire, 'annee' as type_periode, 'total' as ventilation,
                'total' as modalite, *
            from (values
                ('cir_taux_a1', '2021-06', '2020', 40, 'recente', 100 * (40 - 50) / 50, 40 - 50,
                    null, null),
                ('cir_taux_a1', '2021-06', '2021', 42.5, 'provisoire', null, null,
                    100 * (42.5 - 40) / 40, 42.5 - 40),
                ('projets_fle', '2020-12', '2020', 8, 'recente', 100.0 * (8 - 5) / 5, 8 - 5,
                    null, null)
            ) as v(indicateur, arrete, periode, valeur, maturite, evolution, ecart,
                evolution_a_date, ecart_a_date)
            """
        )
        lus = valeurs_par_arrete(con)
    assert lus == {
        "cir_taux_a1": [
            {
                "arrete": "2021-06", "periode": "2021", "valeur": 42.5, "maturité": "provisoire",
                "évolution": "+ 2,5 points, à date",
            }
        ],
        "projets_fle": [
            {
                "arrete": "2020-12", "periode": "2020", "valeur": 8, "maturité": "récente",
                "évolution": "+ 60 %",
            }
        ],
    }  # fmt: skip
