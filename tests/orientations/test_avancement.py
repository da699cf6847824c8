"""Each clause of «Orientations» in the interface, on tables worked by hand."""

import duckdb

from tests.orientations.conftest import Mesurer, Suivre, indicateur


def test_mesure_has_both_rates_and_a_status(mesurer: Mesurer) -> None:
    mesurer(
        """
        cible | initiale | actuelle | taux_atteinte | taux_avancement            | statut
        10    | 2        | 6        | 100 * 6 / 10  | 100 * (6 - 2) / (10 - 2)   | EN_COURS
        10    | 2        | 10       | 100           | 100                        | REALISE
        10    | 2        | 14       | 100 * 14 / 10 | 100 * (14 - 2) / (10 - 2)  | REALISE
        10    | 2        | 1        | 100 * 1 / 10  | 100 * (1 - 2) / (10 - 2)   | EN_COURS
        10    | 2        | 2        | 100 * 2 / 10  | 0                          | EN_COURS
        10    | 0        | 0        | 0             | 0                          | A_VENIR
        """
    )


def test_a_target_met_at_the_start_is_all_or_nothing(mesurer: Mesurer) -> None:
    mesurer(
        """
        cible | initiale | actuelle | taux_atteinte | taux_avancement | statut
        10    | 10       | 10       | 100           | 100             | REALISE
        10    | 12       | 11       | 100 * 11 / 10 | 100             | REALISE
        10    | 12       | 9        | 100 * 9 / 10  | 0               | EN_COURS
        10    | 10       | -        | -             | -               | NON_RENSEIGNE
        """
    )


def test_a_rate_that_lacks_a_term_is_empty(mesurer: Mesurer) -> None:
    mesurer(
        """
        cible | initiale | actuelle | taux_atteinte | taux_avancement | statut
        10    | -        | 6        | 100 * 6 / 10  | -               | EN_COURS
        10    | -        | 0        | 0             | -               | A_VENIR
        10    | -        | 10       | 100           | -               | REALISE
        10    | 2        | -        | -             | -               | NON_RENSEIGNE
        10    | -        | -        | -             | -               | NON_RENSEIGNE
        0     | 2        | 6        | -             | 100             | REALISE
        """
    )


def test_with_sens_baisse_going_down_is_progress(mesurer: Mesurer) -> None:
    mesurer(
        """
        sens   | cible | initiale | actuelle | taux_atteinte | taux_avancement         | statut
        baisse | 4     | 9        | 7        | 100 * 7 / 4   | 100 * (7 - 9) / (4 - 9) | EN_COURS
        baisse | 4     | 9        | 4        | 100           | 100                     | REALISE
        baisse | 4     | 9        | 2        | 100 * 2 / 4   | 100 * (2 - 9) / (4 - 9) | REALISE
        baisse | 4     | 8        | 9        | 100 * 9 / 4   | 100 * (9 - 8) / (4 - 8) | EN_COURS
        baisse | 4     | 2        | 3        | 100 * 3 / 4   | 100                     | REALISE
        baisse | 4     | 2        | 5        | 100 * 5 / 4   | 0                       | EN_COURS
        baisse | 0     | 4        | 1        | -             | 100 * (1 - 4) / (0 - 4) | EN_COURS
        baisse | 0     | 4        | 0        | -             | 100                     | REALISE
        baisse | 4     | -        | 7        | 100 * 7 / 4   | -                       | EN_COURS
        """
    )


def test_suivi_has_no_rate_and_is_never_realise_by_itself(mesurer: Mesurer) -> None:
    mesurer(
        """
        mode  | cible | initiale | actuelle | taux_atteinte | taux_avancement | statut
        suivi | -     | 2        | 6        | -             | -               | EN_COURS
        suivi | 5     | 2        | 6        | -             | -               | EN_COURS
        suivi | -     | 6        | 6        | -             | -               | EN_COURS
        suivi | -     | 6        | 2        | -             | -               | EN_COURS
        suivi | -     | -        | 6        | -             | -               | EN_COURS
        suivi | -     | -        | 0        | -             | -               | A_VENIR
        suivi | -     | 6        | -        | -             | -               | NON_RENSEIGNE
        """
    )


def test_suivi_has_values_but_no_target(suivre: Suivre) -> None:
    suivre(
        orientations="mode | valeur_cible\nsuivi | 5",
        valeurs="""
        periode | arrete  | valeur
        2020    | 2020-12 | 2
        2021    | 2021-03 | 6
        """,
        attendu="""
        mode  | indicateur | valeur_initiale | valeur_actuelle | valeur_cible
        suivi | x          | 2               | 6               | -
        """,
    )


def test_the_start_is_the_value_at_the_arrete_of_the_bilan(suivre: Suivre) -> None:
    """Deliveries that came later do not change the start; before the bilan there is none."""
    suivre(
        orientations="mode\nmesure",
        valeurs="""
        periode | arrete  | valeur
        2020    | 2020-11 | 3
        2020    | 2020-12 | 4
        2020    | 2021-03 | 99
        2021    | 2021-03 | 7
        """,
        attendu="""
        arrete  | valeur_initiale | valeur_actuelle | taux_avancement          | statut
        2020-11 | -               | 3               | -                        | EN_COURS
        2020-12 | 4               | 4               | 100 * (4 - 4) / (10 - 4) | EN_COURS
        2021-01 | 4               | -               | -                        | NON_RENSEIGNE
        2021-03 | 4               | 7               | 100 * (7 - 4) / (10 - 4) | EN_COURS
        """,
        arretes=("2020-11", "2020-12", "2021-01", "2021-03"),
    )


def test_a_bilan_drawn_up_after_its_year_still_starts_from_it(
    con: duckdb.DuckDBPyConnection, suivre: Suivre
) -> None:
    """Another region's bilan of 2020, drawn up as of March 2021, still starts from 2020."""
    con.execute("update referentiel.bilans set arrete = '2021-03'")
    suivre(
        orientations="mode\nmesure",
        valeurs="""
        periode | arrete  | valeur
        2020    | 2020-12 | 3
        2020    | 2021-03 | 4
        2021    | 2021-03 | 7
        """,
        attendu="""
        arrete  | valeur_initiale | valeur_actuelle
        2020-12 | -               | 3
        2021-03 | 4               | 7
        """,
        arretes=("2020-12", "2021-03"),
    )


def test_a_school_year_is_that_of_the_arrete(suivre: Suivre) -> None:
    """The school year of the arrêté, and that of December 2020 at the start."""
    suivre(
        orientations="mode\nmesure",
        valeurs="""
        periode   | arrete  | valeur
        2019-2020 | 2020-12 | 1
        2020-2021 | 2020-12 | 2
        2020-2021 | 2021-08 | 5
        2020-2021 | 2021-09 | 6
        2021-2022 | 2021-09 | 8
        """,
        attendu="""
        arrete  | valeur_initiale | valeur_actuelle | taux_avancement
        2021-08 | 2               | 5               | 100 * (5 - 2) / (10 - 2)
        2021-09 | 2               | 8               | 100 * (8 - 2) / (10 - 2)
        """,
        arretes=("2021-08", "2021-09"),
        indicateurs=[indicateur("x", periodes=("annee_scolaire",), territoires="academies")],
    )


def test_a_year_wins_over_other_periods(suivre: Suivre) -> None:
    suivre(
        orientations="orientation | indicateur\no | x\np | y",
        valeurs="""
        indicateur | periode | arrete  | valeur
        x          | cumul   | 2021-03 | 50
        x          | 2021-03 | 2021-03 | 40
        x          | 2021    | 2021-03 | 5
        y          | 2021-03 | 2021-03 | 3
        y          | 2020-12 | 2020-12 | 2
        """,
        attendu="""
        orientation | valeur_initiale | valeur_actuelle
        o           | -               | 5
        p           | 2               | 3
        """,
        indicateurs=[
            indicateur("x", periodes=("cumul", "mois", "annee")),
            indicateur("y", periodes=("mois", "cumul")),
        ],
    )


def test_one_modalite_can_be_followed_alone(suivre: Suivre) -> None:
    suivre(
        orientations="ventilation | modalite | valeur_cible\ntype_outil | REPERTOIRE | 1",
        valeurs="""
        periode | arrete  | ventilation | modalite   | valeur
        2020    | 2020-12 | total       | total      | 7
        2020    | 2020-12 | type_outil  | REPERTOIRE | 0
        2021    | 2021-03 | total       | total      | 9
        2021    | 2021-03 | type_outil  | GUIDE      | 8
        2021    | 2021-03 | type_outil  | REPERTOIRE | 1
        """,
        attendu="""
        valeur_initiale | valeur_actuelle | taux_avancement | statut
        0               | 1               | 100             | REALISE
        """,
    )


def test_targets_of_a_count_add_up_over_departments(suivre: Suivre) -> None:
    """The region's target is that of its two departments together."""
    suivre(
        orientations="niveau       | valeur_cible\ndepartements | 6",
        valeurs="""
        territoire | periode | arrete  | valeur
        D02        | 2020    | 2020-12 | 2
        D59        | 2020    | 2020-12 | 3
        R32        | 2020    | 2020-12 | 5
        D02        | 2021    | 2021-03 | 6
        D59        | 2021    | 2021-03 | 4
        R32        | 2021    | 2021-03 | 10
        """,
        attendu="""
        territoire | valeur_cible | taux_atteinte      | taux_avancement              | statut
        D02        | 6            | 100                | 100                          | REALISE
        D59        | 6            | 100 * 4 / 6        | 100 * (4 - 3) / (6 - 3)      | EN_COURS
        R32        | 6 * 2        | 100 * 10 / (6 * 2) | 100 * (10 - 5) / (6 * 2 - 5) | EN_COURS
        """,
    )


def test_the_target_of_a_rate_is_the_same_for_all(suivre: Suivre) -> None:
    """The target of a rate is everyone's: parts, means, and what is counted in %.

    2021 has not ended in March: a rate that meets its target may still leave it.
    """
    suivre(
        orientations="""
        orientation | indicateur | niveau       | valeur_cible
        part        | part       | departements | 100
        moyenne     | moyenne    | departements | 20
        propre      | propre     | departements | 100
        """,
        valeurs="""
        indicateur | territoire | periode | arrete  | valeur
        part       | D02        | 2021    | 2021-03 | 100
        part       | D59        | 2021    | 2021-03 | 50
        part       | R32        | 2021    | 2021-03 | 60
        propre     | R32        | 2021    | 2021-03 | 100
        moyenne    | R32        | 2021    | 2021-03 | 15
        """,
        attendu="""
        orientation | territoire | valeur_cible | taux_atteinte | statut
        part        | D02        | 100          | 100           | EN_COURS
        part        | D59        | 100          | 50            | EN_COURS
        part        | R32        | 100          | 60            | EN_COURS
        moyenne     | D02        | 20           | -             | NON_RENSEIGNE
        moyenne     | D59        | 20           | -             | NON_RENSEIGNE
        moyenne     | R32        | 20           | 100 * 15 / 20 | EN_COURS
        propre      | D02        | 100          | -             | NON_RENSEIGNE
        propre      | D59        | 100          | -             | NON_RENSEIGNE
        propre      | R32        | 100          | 100           | EN_COURS
        """,
        indicateurs=[
            indicateur("part", nature="part", unite="%"),
            indicateur("moyenne", nature="moyenne", unite="heures"),
            indicateur("propre", nature="propre", unite="%"),
        ],
    )


def test_a_region_keeps_its_target(suivre: Suivre) -> None:
    """`niveau = region`: one row, and the target as it is written."""
    suivre(
        orientations="niveau | valeur_cible\nregion | 5",
        valeurs="territoire | periode | arrete | valeur\nD02 | 2021 | 2021-03 | 9",
        attendu="territoire | valeur_cible | valeur_actuelle\nR32 | 5 | -",
    )


def test_declare_takes_what_each_territory_declared(suivre: Suivre) -> None:
    """The declared progress; nothing inherited from one territory by another."""
    suivre(
        orientations="""
        mode    | indicateur | niveau       | valeur_cible
        declare | -          | departements | -
        """,
        valeurs="",
        constats="""
        territoire | date_constat | statut   | avancement | responsable | commentaire
        R32        | 2021-01-15   | EN_COURS | 40         | SGAR        | lancé
        D59        | 2021-02-01   | BLOQUE   | -          | -           | -
        """,
        attendu="""
        territoire | taux_avancement | statut        | date_constat | responsable | commentaire
        R32        | 40              | EN_COURS      | 2021-01-15   | SGAR        | lancé
        D59        | -               | BLOQUE        | 2021-02-01   | -           | -
        D02        | -               | NON_RENSEIGNE | -            | -           | -
        """,
    )


def test_declare_never_has_values(suivre: Suivre) -> None:
    suivre(
        orientations="mode    | valeur_cible\ndeclare | 5",
        valeurs="periode | arrete | valeur\n2020 | 2020-12 | 1\n2021 | 2021-03 | 7",
        attendu="""
        mode    | indicateur | valeur_initiale | valeur_actuelle | valeur_cible | statut
        declare | x          | -               | -               | -            | NON_RENSEIGNE
        """,
    )


def test_a_declared_status_wins_on_its_own_territory(suivre: Suivre) -> None:
    """A declared status wins over a met target, and the measured rates stay."""
    suivre(
        orientations="niveau       | valeur_cible\ndepartements | 6",
        valeurs="""
        territoire | periode | arrete  | valeur
        D02        | 2020    | 2020-12 | 2
        D02        | 2021    | 2021-03 | 6
        D59        | 2021    | 2021-03 | 6
        R32        | 2021    | 2021-03 | 3
        """,
        constats="""
        territoire | date_constat | statut   | avancement
        D02        | 2021-02-01   | EN_PAUSE | 10
        R32        | 2021-02-01   | REALISE  | 100
        """,
        attendu="""
        territoire | statut   | taux_atteinte     | taux_avancement | date_constat
        D02        | EN_PAUSE | 100               | 100             | 2021-02-01
        D59        | REALISE  | 100               | -               | -
        R32        | REALISE  | 100 * 3 / (6 * 2) | -               | 2021-02-01
        """,
    )


def test_suivi_can_be_declared_realise(suivre: Suivre) -> None:
    suivre(
        orientations="mode\nsuivi",
        valeurs="periode | arrete | valeur\n2021 | 2021-03 | 0",
        constats="""
        date_constat | statut  | avancement
        2021-02-01   | REALISE | 100
        """,
        attendu="statut | taux_avancement\nREALISE | -",
    )


def test_the_latest_constat_in_force_counts(suivre: Suivre) -> None:
    """By its own date, not by its delivery; as delivered, corrected and withdrawn up to M."""
    suivre(
        orientations="mode    | indicateur | valeur_cible\ndeclare | -          | -",
        valeurs="",
        constats="""
        date_constat | statut   | avancement | mois_livraison | retrait
        2021-01-20   | EN_COURS | 20         | 2021-01        | false
        2021-01-05   | A_VENIR  | 0          | 2021-02        | false
        2021-01-20   | EN_COURS | 30         | 2021-03        | false
        2021-01-20   | -        | -          | 2021-04        | true
        2021-05-31   | REALISE  | 100        | 2021-05        | false
        2021-06-01   | BLOQUE   | 90         | 2021-05        | false
        """,
        attendu="""
        arrete  | statut        | taux_avancement | date_constat
        2020-12 | NON_RENSEIGNE | -               | -
        2021-01 | EN_COURS      | 20              | 2021-01-20
        2021-02 | EN_COURS      | 20              | 2021-01-20
        2021-03 | EN_COURS      | 30              | 2021-01-20
        2021-04 | A_VENIR       | 0               | 2021-01-05
        2021-05 | REALISE       | 100             | 2021-05-31
        2021-06 | BLOQUE        | 90              | 2021-06-01
        """,
        arretes=("2020-12", "2021-01", "2021-02", "2021-03", "2021-04", "2021-05", "2021-06"),
    )


def test_what_is_past_its_date_and_not_ended_is_late(suivre: Suivre) -> None:
    """From the arrêté whose last day is after the date; REALISE and ABANDONNE are not late.

    What is measured was delivered since the date.
    """
    suivre(
        orientations="""
        orientation | mode    | indicateur | valeur_cible | echeance
        passee      | mesure  | x          | 10           | 2021-03-30
        du_jour     | mesure  | x          | 10           | 2021-03-31
        sans        | mesure  | x          | 10           | -
        atteinte    | mesure  | x          | 4            | 2021-03-30
        abandonnee  | declare | -          | -            | 2020-12-31
        en_pause    | declare | -          | -            | 2020-12-31
        inconnue    | declare | -          | -            | 2020-12-31
        """,
        valeurs="periode | arrete | valeur\n2021 | 2021-03 | 4",
        constats="""
        orientation | date_constat | statut
        abandonnee  | 2021-01-15   | ABANDONNE
        en_pause    | 2021-01-15   | EN_PAUSE
        """,
        attendu="""
        orientation | statut        | echeance   | en_retard
        passee      | EN_COURS      | 2021-03-30 | oui
        du_jour     | EN_COURS      | 2021-03-31 | non
        sans        | EN_COURS      | -          | non
        atteinte    | REALISE       | 2021-03-30 | non
        abandonnee  | ABANDONNE     | 2020-12-31 | non
        en_pause    | EN_PAUSE      | 2020-12-31 | oui
        inconnue    | NON_RENSEIGNE | 2020-12-31 | oui
        """,
        livre=["2021-03"],
    )


def test_what_is_measured_is_late_once_the_state_at_its_date_was_delivered(suivre: Suivre) -> None:
    """A delivery of the date's month, accepted by the arrêté; declared, it is late at once."""
    suivre(
        orientations="""
        orientation | valeur_cible | echeance
        mesuree     | 10           | 2021-02-28
        declaree    | 10           | 2021-02-28
        """,
        valeurs="""
        periode | arrete  | valeur
        2021    | 2021-03 | 4
        2021    | 2021-04 | 4
        """,
        constats="orientation | date_constat | statut\ndeclaree | 2021-01-15 | EN_COURS",
        attendu="""
        orientation | arrete  | statut   | en_retard
        mesuree     | 2021-03 | EN_COURS | non
        declaree    | 2021-03 | EN_COURS | oui
        mesuree     | 2021-04 | EN_COURS | oui
        declaree    | 2021-04 | EN_COURS | oui
        """,
        arretes=("2021-03", "2021-04"),
        livre=["2021-01", "2021-04"],
    )


def test_what_is_only_followed_is_late_only_where_it_is_declared(suivre: Suivre) -> None:
    suivre(
        orientations="""
        orientation | mode  | valeur_cible | echeance
        suivie      | suivi | -            | 2020-12-31
        declaree    | suivi | -            | 2020-12-31
        """,
        valeurs="periode | arrete | valeur\n2020 | 2021-03 | 4",
        constats="orientation | date_constat | statut\ndeclaree | 2021-01-15 | EN_COURS",
        attendu="""
        orientation | statut   | en_retard
        suivie      | EN_COURS | non
        declaree    | EN_COURS | oui
        """,
        livre=["2021-03"],
    )


def test_what_was_reached_at_its_term_stays_reached(suivre: Suivre) -> None:
    """Twelve months after the term change nothing by themselves; a late delivery of 2021 would."""
    mois = [f"2022-{m:02}" for m in range(1, 13)]
    suivre(
        orientations="valeur_cible | echeance\n5 | 2021-12-31",
        valeurs="\n".join(
            ["periode | arrete | valeur", "2020 | 2020-12 | 3", "2021 | 2021-12 | 5"]
            + [f"2021 | {m} | 5" for m in mois]
            + [f"2022 | {m} | 1" for m in mois]
        ),
        attendu="\n".join(
            ["arrete | periode | valeur_actuelle | taux_avancement | statut | en_retard"]
            + [f"{m} | an 2021 | 5 | 100 | REALISE | non" for m in ["2021-12", *mois]]
        ),
        arretes=("2021-12", *mois),
        livre=["2021-12", *mois],
    )


def test_january_does_not_empty_the_table(suivre: Suivre) -> None:
    """Nothing is known of 2021 yet: 2020 is still followed; without any, the year itself."""
    suivre(
        orientations="orientation | indicateur\no | x\np | y",
        valeurs="""
        indicateur | periode | arrete  | valeur
        x          | 2020    | 2021-01 | 6
        x          | 2021    | 2021-01 | -
        """,
        attendu="""
        orientation | periode | valeur_actuelle
        o           | an 2020 | 6
        p           | an 2021 | -
        """,
        arretes=("2021-01",),
        indicateurs=[indicateur("x"), indicateur("y")],
    )


def test_the_period_is_the_same_for_all_territories(suivre: Suivre) -> None:
    """2021 has a value in the region: the department that has none is not shown 2020 instead."""
    suivre(
        orientations="niveau\ndepartements",
        valeurs="""
        territoire | periode | arrete  | valeur
        R32        | 2020    | 2021-03 | 6
        D02        | 2020    | 2021-03 | 6
        R32        | 2021    | 2021-03 | 1
        D02        | 2021    | 2021-03 | -
        D59        | 2021    | 2021-03 | 1
        """,
        attendu="""
        territoire | periode | valeur_actuelle | statut
        R32        | an 2021 | 1               | EN_COURS
        D02        | an 2021 | -               | NON_RENSEIGNE
        D59        | an 2021 | 1               | EN_COURS
        """,
    )


def test_one_territory_may_be_the_only_one_followed(suivre: Suivre) -> None:
    suivre(
        orientations="niveau       | territoire | valeur_cible\ndepartements | D59 | 3",
        valeurs="""
        territoire | periode | arrete  | valeur
        R32        | 2021    | 2021-03 | 9
        D59        | 2021    | 2021-03 | 2
        """,
        attendu="territoire | valeur_cible | valeur_actuelle\nD59 | 3 | 2",
    )


def test_a_multiple_starts_from_each_territory_s_own_value(suivre: Suivre) -> None:
    """Doubling since 2018, as known at the arrêté of the bilan; not from 0, nor from nothing."""
    suivre(
        orientations="niveau       | valeur_cible | multiple | depart\ndepartements | - | 2 | 2018",
        valeurs="""
        territoire | periode | arrete  | valeur
        D02        | 2018    | 2020-12 | 100
        D02        | 2018    | 2021-03 | 999
        D59        | 2018    | 2020-12 | 0
        D02        | 2020    | 2020-12 | 500
        D02        | 2021    | 2021-03 | 150
        D59        | 2021    | 2021-03 | 7
        R32        | 2021    | 2021-03 | 80
        """,
        attendu="""
        territoire | valeur_initiale | valeur_cible | taux_atteinte | taux_avancement
        D02        | 100             | 2 * 100      | 150 / 2 | 100 * (150 - 100) / (200 - 100)
        D59        | 0               | -            | -             | -
        R32        | -               | -            | -             | -
        """,
        indicateurs=[indicateur("x", nature="moyenne", unite="heures")],
    )


def test_what_is_counted_is_0_before_it_begins(suivre: Suivre) -> None:
    """With a delivery of the extract; rates and durations are not counted, and stay unknown."""
    noms = ["effectif", "propre", "jours", "part", "connu"]
    suivre(
        orientations="\n".join(["orientation | indicateur", *(f"{n} | {n}" for n in noms)]),
        valeurs="indicateur | periode | arrete | valeur\nconnu | 2021 | 2021-03 | 4",
        attendu="""
        orientation | valeur_initiale | valeur_actuelle | statut
        effectif    | 0               | 0               | A_VENIR
        propre      | 0               | 0               | A_VENIR
        jours       | -               | -               | NON_RENSEIGNE
        part        | -               | -               | NON_RENSEIGNE
        connu       | 0               | 4               | EN_COURS
        """,
        indicateurs=[
            indicateur("effectif"),
            indicateur("propre", nature="propre", unite="outils"),
            indicateur("jours", nature="propre", unite="jours"),
            indicateur("part", nature="part", unite="%"),
            indicateur("connu"),
        ],
        livre=["2020-12"],
        sans_mesure=[
            (n, m) for n in noms for m in ("2020-12", "2021-03") if (n, m) != ("connu", "2021-03")
        ],
    )


def test_without_a_delivery_what_is_counted_is_unknown(suivre: Suivre) -> None:
    """Delivered after the bilan: unknown then, 0 now."""
    suivre(
        orientations="mode\nmesure",
        valeurs="",
        attendu="valeur_initiale | valeur_actuelle\n- | 0",
        livre=["2021-01"],
        sans_mesure=[("x", "2020-12"), ("x", "2021-03")],
    )


def test_a_cohort_is_not_measured_before_its_time(suivre: Suivre) -> None:
    """A cohort of 2021 that needs twelve months: neither progress nor lateness before 2022."""
    mois = ("2021-11", "2021-12", "2022-11", "2022-12")
    suivre(
        orientations="valeur_cible | echeance\n60 | 2021-11-29",
        valeurs="\n".join(
            ["periode | arrete | valeur", "2020 | 2020-12 | 20"]
            + [f"2021 | {m} | {v}" for m, v in zip(mois, (50, 50, 50, 50), strict=True)]
        ),
        attendu="""
        arrete  | valeur_actuelle | taux_atteinte | taux_avancement | statut   | en_retard
        2021-11 | 50              | 100 * 50 / 60 | -                          | EN_COURS | non
        2021-12 | 50              | 100 * 50 / 60 | -                          | EN_COURS | non
        2022-11 | 50              | 100 * 50 / 60 | -                          | EN_COURS | non
        2022-12 | 50              | 100 * 50 / 60 | 100 * (50 - 20) / (60 - 20) | EN_COURS | oui
        """,
        arretes=mois,
        indicateurs=[indicateur("x", nature="part", unite="%", consolidation=12)],
        livre=["2021-11"],
    )


def test_a_rate_is_realise_only_once_its_year_has_ended(suivre: Suivre) -> None:
    suivre(
        orientations="mode\nmesure",
        valeurs="""
        periode | arrete  | valeur
        2021    | 2021-11 | 12
        2021    | 2021-12 | 12
        """,
        attendu="""
        arrete  | statut
        2021-11 | EN_COURS
        2021-12 | REALISE
        """,
        arretes=("2021-11", "2021-12"),
        indicateurs=[indicateur("x", nature="part", unite="%")],
    )


def test_each_orientation_starts_from_its_own_bilan(
    con: duckdb.DuckDBPyConnection, suivre: Suivre
) -> None:
    """Those of 2021 start from 2021, those of 2020 stay at their end."""
    con.execute("insert into referentiel.bilans values ('2021', 'Essai', 2021, '2021-12')")
    suivre(
        orientations="""
        orientation | bilan | echeance
        ancienne    | 2020  | 2021-12-31
        nouvelle    | 2021  | 2022-12-31
        """,
        valeurs="""
        periode | arrete  | valeur
        2020    | 2020-12 | 2
        2021    | 2021-12 | 4
        2021    | 2022-03 | 5
        2022    | 2022-03 | 7
        """,
        attendu="""
        orientation | arrete  | bilan   | periode | valeur_initiale | valeur_actuelle
        ancienne    | 2021-12 | an 2020 | an 2021 | 2               | 4
        nouvelle    | 2021-12 | an 2021 | an 2021 | 4               | 4
        ancienne    | 2022-03 | an 2020 | an 2021 | 2               | 5
        nouvelle    | 2022-03 | an 2021 | an 2022 | 4               | 7
        """,
        arretes=("2021-12", "2022-03"),
    )
