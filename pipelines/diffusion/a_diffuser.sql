-- The counts of persons at the newest arrêté, each made fit to leave by itself: masked or rounded.
--
-- Reads: indicateurs.valeurs, indicateurs.a_date, referentiel.indicateurs, referentiel.territoires, chantier.indicateurs
-- Gives: chantier.a_diffuser, in the form that the macro `comparees` expects, and `masque`

select
    v.indicateur,
    v.territoire,
    t.maille,
    v.periode,
    v.type_periode,
    debut_de_periode(v.periode) as debut,
    v.fin,
    v.provisoire,
    v.maturite,
    v.ventilation,
    v.modalite,
    v.arrete,
    c.nature,
    c.unite,
    c.sens,
    c.rapport,
    v.ecart is not null as comparable,
    v.numerateur as numerateur_vrai,
    v.denominateur as denominateur_vrai,
    d.numerateur as numerateur_a_date_vrai,
    diffusable(v.numerateur) as numerateur,
    diffusable(v.denominateur) as denominateur,
    diffusable(d.numerateur) as numerateur_a_date,
    diffusable(d.denominateur) as denominateur_a_date,
    (v.numerateur is not null and diffusable(v.numerateur) is null)
    or (v.denominateur is not null and diffusable(v.denominateur) is null) as masque
from indicateurs.valeurs as v
join referentiel.indicateurs as i using (indicateur)
join chantier.indicateurs as c using (indicateur)
join referentiel.territoires as t using (territoire)
left join indicateurs.a_date as d
    using (indicateur, territoire, periode, ventilation, modalite, arrete)
where
    i.personnes = 'oui'
    and t.maille <> 'national'
    and v.arrete = (select max(u.arrete) from indicateurs.valeurs as u)
