-- The counts of persons at the newest arrêté, each made fit to leave by itself: masked or rounded.
--
-- Reads: indicateurs.valeurs, referentiel.indicateurs, referentiel.territoires, chantier.indicateurs
-- Gives: chantier.a_diffuser, in the form that the macro `comparees` expects, and `masque`

select
    v.indicateur,
    v.territoire,
    t.maille,
    v.periode,
    v.type_periode,
    debut_de_periode(v.periode) as debut,
    v.provisoire,
    v.ventilation,
    v.modalite,
    v.arrete,
    c.nature,
    c.unite,
    c.sens,
    c.rapport,
    diffusable(v.numerateur) as numerateur,
    diffusable(v.denominateur) as denominateur,
    (v.numerateur is not null and diffusable(v.numerateur) is null)
    or (v.denominateur is not null and diffusable(v.denominateur) is null) as masque
from indicateurs.valeurs as v
join referentiel.indicateurs as i using (indicateur)
join chantier.indicateurs as c using (indicateur)
join referentiel.territoires as t using (territoire)
where
    i.personnes = 'oui'
    and t.maille <> 'national'
    and v.arrete = (select max(d.arrete) from indicateurs.valeurs as d)
