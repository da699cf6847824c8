-- Each printed figure against the value computed at its arrêté.
-- Reads: referentiel.chiffres_publies, referentiel.cibles, referentiel.territoires,
--        indicateurs.valeurs, chantier.hypotheses (chiffre, valeur)
-- Gives: rapprochement.chiffres

with departements as (
    select indicateur, periode, ventilation, modalite, arrete, min(valeur) as minimum,
        max(valeur) as maximum
    from indicateurs.valeurs
    semi join (from referentiel.territoires where maille = 'departement') using (territoire)
    group by all
),

calcules as (
    select
        p.*,
        case p.mesure
            when 'cible' then c.valeur_cible
            when 'minimum_departemental' then d.minimum
            when 'maximum_departemental' then d.maximum
            else mesuree(p.mesure, v)
        end as valeur_calculee,
        h.valeur as valeur_hypothese
    from referentiel.chiffres_publies as p
    left join referentiel.cibles as c using (indicateur, territoire, periode, ventilation, modalite)
    left join departements as d using (indicateur, periode, ventilation, modalite, arrete)
    left join indicateurs.valeurs as v
        using (indicateur, territoire, periode, ventilation, modalite, arrete)
    left join chantier.hypotheses as h using (chiffre)
)

select
    * exclude (valeur_hypothese),
    valeur_calculee - valeur as ecart,
    case
        when valeur_calculee is null then 'non_calculable'
        when case operateur
                when '=' then
                    arrondi_imprime(valeur_calculee, decimales) = arrondi_imprime(valeur, decimales)
                when '>' then valeur_calculee > valeur
                when '>=' then valeur_calculee >= valeur
                when '<' then valeur_calculee < valeur
                when '<=' then valeur_calculee <= valeur
            end
            then 'conforme'
        when arrondi_imprime(valeur_hypothese, decimales) = arrondi_imprime(valeur, decimales)
            then 'explique'
        -- The last term absorbs the binary noise of 12.1 - 12.
        when operateur = '=' and abs(valeur_calculee - valeur) * pow(10, decimales) < 1 - 1e-9
            then 'proche'
        else 'inexplique'
    end as verdict
from calcules
order by chiffre
