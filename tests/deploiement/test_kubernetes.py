"""The files for Kubernetes, read by what reads them: Dagster's loaders and launcher, the client.

There is no cluster here: what is looked at is the pod that the launcher would ask for.
"""

import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import dagster as dg
import kubernetes  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]
from dagster._core.code_pointer import CodePointer
from dagster._core.launcher import LaunchRunContext
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin
from dagster._core.test_utils import create_run_for_test
from dagster._core.workspace.load import location_origins_from_yaml_paths
from dagster_k8s import K8sRunLauncher
from dagster_k8s.models import k8s_model_from_dict, k8s_snake_case_dict
from kubernetes.client import V1Deployment, V1PodSpec  # type: ignore[import-untyped]

from tests.deploiement.machine import SOURCES, lire_unite

DOSSIER = SOURCES / "kubernetes"
MANIFESTES = ("socle.yaml", "region.yaml")


def _objets(nom: str) -> list[Any]:
    """The objects of a manifest, as the client's models: a key that none knows is an error."""
    objets = []
    for brut in yaml.safe_load_all((DOSSIER / nom).read_text(encoding="utf-8")):
        modele = getattr(kubernetes.client, f"V1{brut['kind']}")
        objets.append(k8s_model_from_dict(modele, k8s_snake_case_dict(modele, brut)))
    return objets


def _deploiements() -> dict[str, V1Deployment]:
    objets = [objet for nom in MANIFESTES for objet in _objets(nom)]
    return {o.metadata.name: o for o in objets if o.kind == "Deployment"}


def test_manifests_hold_together() -> None:
    """Each name that an object asks for is that of another, or of a Secret made by hand."""
    objets = [objet for nom in MANIFESTES for objet in _objets(nom)]
    noms = {(o.kind, o.metadata.name) for o in objets}
    assert len(noms) == len(objets)
    noms |= {
        ("Secret", "bilan"),
        ("Secret", "bilan-cle-normandie"),
        ("ConfigMap", "bilan-instance"),
    }
    etiquettes = []
    for deploiement in _deploiements().values():
        modele = deploiement.spec.template
        assert deploiement.spec.selector.match_labels.items() <= modele.metadata.labels.items()
        etiquettes.append(modele.metadata.labels)
        assert _demandes(modele.spec) <= noms
    for objet in objets:
        if objet.kind == "Service":
            assert [e for e in etiquettes if objet.spec.selector.items() <= e.items()]
        if objet.kind == "Ingress":
            for chemin in objet.spec.rules[0].http.paths:
                assert ("Service", chemin.backend.service.name) in noms
        if objet.kind == "RoleBinding":
            assert ("Role", objet.role_ref.name) in noms
            assert ("ServiceAccount", objet.subjects[0].name) in noms


def _demandes(pod: V1PodSpec) -> set[tuple[str, str]]:
    """Kind and name of what a pod asks for."""
    demandes = {("ServiceAccount", pod.service_account_name)}
    for volume in pod.volumes:
        if volume.config_map:
            demandes.add(("ConfigMap", volume.config_map.name))
        if volume.secret:
            demandes.add(("Secret", volume.secret.secret_name))
        if volume.persistent_volume_claim:
            nom = volume.persistent_volume_claim.claim_name
            demandes.add(("PersistentVolumeClaim", nom))
    for source in pod.containers[0].env_from:
        if source.secret_ref:
            demandes.add(("Secret", source.secret_ref.name))
        if source.config_map_ref:
            demandes.add(("ConfigMap", source.config_map_ref.name))
    return demandes


def test_kustomization_takes_files_that_exist() -> None:
    kustomization = yaml.safe_load((DOSSIER / "kustomization.yaml").read_text(encoding="utf-8"))
    [instance] = kustomization["configMapGenerator"]
    assert instance["name"] == "bilan-instance"
    for nom in (*kustomization["resources"], *instance["files"]):
        assert (DOSSIER / nom).is_file()


def test_workspace_reaches_the_services_of_code_servers() -> None:
    origines = location_origins_from_yaml_paths([str(DOSSIER / "workspace.yaml")])
    services = [o for o in _objets("region.yaml") if o.kind == "Service"]
    trouves = []
    for origine in origines:
        assert isinstance(origine, GrpcServerCodeLocationOrigin)
        trouves.append((origine.location_name, origine.host, origine.port))
    [service] = services
    assert trouves == [
        (region, service.metadata.name.replace("normandie", region), service.spec.ports[0].port)
        for region in ("normandie", "bretagne")
    ]


@pytest.mark.parametrize("service", ["webserver", "lecture", "daemon"])
def test_pods_run_what_units_run(service: str) -> None:
    """But for the address: in a cluster, services are on others' machines."""
    [commande] = [v for nom, v in lire_unite(f"bilan-{service}.service") if nom == "ExecStart"]
    dans_le_pod = " ".join(
        _deploiements()[f"bilan-{service}"].spec.template.spec.containers[0].args
    )
    attendue = commande.removeprefix("/opt/bilan/.venv/bin/").replace("127.0.0.1", "0.0.0.0")  # noqa: S104
    assert dans_le_pod.replace("=", " ") == attendue


def test_the_instance_is_the_servers_but_for_the_launcher() -> None:
    ici, serveur = (
        yaml.safe_load((dossier / "dagster.yaml").read_text(encoding="utf-8"))
        for dossier in (DOSSIER, SOURCES)
    )
    propres = {"run_launcher", "local_artifact_storage", "run_monitoring"}
    assert {c: v for c, v in ici.items() if c not in propres} == {
        c: v for c, v in serveur.items() if c not in propres
    }


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    """The cluster's instance, loaded by Dagster; with its own storage, PostgreSQL being away."""
    reglages = yaml.safe_load((DOSSIER / "dagster.yaml").read_text(encoding="utf-8"))
    del reglages["storage"]
    reglages["local_artifact_storage"]["config"]["base_dir"] = str(tmp_path)
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(reglages), encoding="utf-8")
    monkeypatch.setattr(kubernetes.config, "load_incluster_config", lambda: None)
    return dg.DagsterInstance.from_config(str(tmp_path))


def test_dagster_loads_the_instance(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_launcher, K8sRunLauncher)
    file = instance.get_concurrency_config().run_queue_config
    assert file is not None
    assert {
        limite["key"]: (limite["limit"], limite["value"]) for limite in file.tag_concurrency_limits
    } == dict.fromkeys(
        ("bilan/region", "dagster/code_location"), (1, {"applyLimitPerUniqueValue": True})
    )
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_max_resume_run_attempts == 0


def test_a_run_has_the_volumes_of_its_region(instance: dg.DagsterInstance) -> None:
    """The pod asked for is its code server's: settings, key, volumes, user, and the same node."""
    deploiement = _deploiements()["bilan-code-normandie"]
    serveur = deploiement.spec.template.spec
    [contexte] = [
        json.loads(variable.value)
        for variable in serveur.containers[0].env
        if variable.name == "DAGSTER_CONTAINER_CONTEXT"
    ]
    origine = JobPythonOrigin(
        "rafraichir",
        RepositoryPythonOrigin(
            executable_path="python",
            code_pointer=CodePointer.from_module("pipelines.definitions", "defs", None),
            container_context=contexte,
            entry_point=["dagster"],
        ),
    )
    run = create_run_for_test(instance, "rafraichir", job_code_origin=origine)
    lanceur = instance.run_launcher
    lanceur._api_client = Mock()  # type: ignore[attr-defined]
    lanceur.launch_run(LaunchRunContext(run, workspace=None))
    demande = lanceur._api_client.create_namespaced_job_with_retries.call_args.kwargs  # type: ignore[attr-defined]
    assert demande["namespace"] == deploiement.metadata.namespace

    pod = demande["body"].spec.template.spec
    lance = pod.containers[0]
    assert lance.image == serveur.containers[0].image
    assert _demandes(pod) == _demandes(serveur)
    assert _montages(lance) == _montages(serveur.containers[0])
    assert pod.security_context == serveur.security_context
    assert lance.security_context == serveur.containers[0].security_context
    assert pod.init_containers == serveur.init_containers
    [terme] = pod.affinity.pod_affinity.required_during_scheduling_ignored_during_execution
    assert terme.label_selector.match_labels == deploiement.spec.selector.match_labels
    assert lance.resources.limits == {"memory": "4Gi"}
    assert terme.topology_key == "kubernetes.io/hostname"
    assert [v.value for v in lance.env if v.name == "DAGSTER_HOME"] == ["/etc/bilan"]


@pytest.mark.parametrize(
    "voulu",
    [
        {"container_config": {"env": [{"name": "BILAN_RAW", "value": "/ailleurs"}]}},
        {"container_config": {"command": ["sh"]}},
        {"container_config": {"image": "autre"}},
        {"container_config": {"resources": {"limits": {"memory": "64Gi"}}}},
        {"pod_spec_config": {"host_network": True}},
    ],
)
def test_the_tags_of_a_run_do_not_choose_its_pod(
    instance: dg.DagsterInstance, voulu: dict[str, Any]
) -> None:
    origine = JobPythonOrigin(
        "rafraichir",
        RepositoryPythonOrigin(
            "python", CodePointer.from_module("pipelines.definitions", "defs", None)
        ),
    )
    run = create_run_for_test(
        instance,
        "rafraichir",
        job_code_origin=origine,
        tags={"dagster-k8s/config": json.dumps(voulu)},
    )
    lanceur = instance.run_launcher
    lanceur._api_client = Mock()  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="violated the allowed list"):
        lanceur.launch_run(LaunchRunContext(run, workspace=None))
    lanceur._api_client.create_namespaced_job_with_retries.assert_not_called()  # type: ignore[attr-defined]


def _montages(conteneur: Any) -> set[tuple[str, bool]]:
    """Where volumes are mounted, and whether they are only read."""
    return {(m.mount_path, bool(m.read_only)) for m in conteneur.volume_mounts}


def test_only_the_warehouse_the_pages_and_the_key_are_written() -> None:
    serveur = _deploiements()["bilan-code-normandie"].spec.template.spec.containers[0]
    assert {chemin for chemin, lu in _montages(serveur) if not lu} == {
        "/srv/bilan/warehouse",
        "/srv/bilan-pages/normandie",
        "/run/bilan",
    }
    # A volume for all: a region has its own folder of it.
    [siennes] = [m for m in serveur.volume_mounts if m.name == "pages"]
    assert siennes.sub_path == "normandie"
    lecture = _deploiements()["bilan-lecture"].spec.template.spec.containers[0]
    assert ("/srv/bilan-pages", True) in _montages(lecture)


def test_settings_of_a_region_are_the_servers() -> None:
    [reglages] = [o.data for o in _objets("region.yaml") if o.kind == "ConfigMap"]
    lignes = (SOURCES / "regions" / "normandie.env").read_text(encoding="utf-8").splitlines()
    assert set(reglages) == {ligne.partition("=")[0] for ligne in lignes if ligne[0] != "#"}
    montages = {
        m
        for m, _ in _montages(
            _deploiements()["bilan-code-normandie"].spec.template.spec.containers[0]
        )
    }
    for nom in ("BILAN_ROADMAP", "BILAN_RAW", "BILAN_WAREHOUSE"):
        assert reglages[nom] in montages


def test_pods_have_the_memory_of_units() -> None:
    for nom, deploiement in _deploiements().items():
        [conteneur] = deploiement.spec.template.spec.containers
        unite = "bilan-code@" if nom == "bilan-code-normandie" else nom
        assert f"{conteneur.resources.limits['memory']}" == (
            f"{dict(lire_unite(f'{unite}.service'))['MemoryMax']}i"
        )


RUN = {"app.kubernetes.io/component": "run_worker"}  # the label of a pod of Dagster's launcher
DNS, POSTGRES, CODE, COURRIEL, API = 53, 5432, 4000, 25, 6443


def _vise(selecteur: Any, etiquettes: dict[str, str]) -> bool:
    """Whether a pod is one that a selector says."""
    return all(
        etiquettes.get(cle) == v for cle, v in (selecteur.match_labels or {}).items()
    ) and all(
        etiquettes.get(terme.key) in terme.values for terme in selecteur.match_expressions or ()
    )


def _joint(de: dict[str, str], vers: dict[str, str] | None, port: int) -> bool:
    """Whether a pod reaches another one, or what is elsewhere; both ends must allow it."""
    politiques = [o for o in _objets("socle.yaml") if o.kind == "NetworkPolicy"]
    sorties = [
        regle
        for p in politiques
        if "Egress" in p.spec.policy_types and _vise(p.spec.pod_selector, de)
        for regle in p.spec.egress or ()
    ]
    entrees = [
        regle
        for p in politiques
        if vers and "Ingress" in p.spec.policy_types and _vise(p.spec.pod_selector, vers)
        for regle in p.spec.ingress or ()
    ]
    sort = any(_passe(regle.ports, regle.to, vers, port) for regle in sorties)
    return sort and (vers is None or any(_passe(r.ports, r._from, de, port) for r in entrees))


def _passe(ports: Any, pairs: Any, etiquettes: dict[str, str] | None, port: int) -> bool:
    return (not ports or port in {p.port for p in ports}) and (
        not pairs
        or any(etiquettes and p.pod_selector and _vise(p.pod_selector, etiquettes) for p in pairs)
    )


def test_a_pod_reaches_only_what_it_needs() -> None:
    pods = {nom: d.spec.template.metadata.labels for nom, d in _deploiements().items()}
    code, autre = "bilan-code-normandie", {"app": "bilan-code-bretagne", "bilan": "region"}
    services = {"bilan-webserver", "bilan-lecture", "bilan-daemon"}
    assert {nom for nom in pods if _joint(pods[nom], autre, CODE)} == services
    assert {nom for nom in pods if _joint(pods[nom], pods["bilan-webserver"], 3000)} == set()
    assert {nom for nom in pods if _joint(pods[nom], None, COURRIEL)} == {code}
    assert {nom for nom in pods if _joint(pods[nom], None, API)} == services - {"bilan-lecture"}
    for ouvert in (DNS, POSTGRES):
        assert all(_joint(etiquettes, None, ouvert) for etiquettes in [*pods.values(), RUN])
    for ferme in (COURRIEL, API, 80):
        assert not _joint(RUN, None, ferme)
    assert not _joint(RUN, autre, CODE)


def test_only_the_ingress_controller_reaches_the_pages() -> None:
    [pages] = [o for o in _objets("socle.yaml") if o.metadata.name == "bilan-pages"]
    [regle] = pages.spec.ingress
    [pair] = regle._from
    assert pair.pod_selector is None
    assert pair.namespace_selector.match_labels == {"kubernetes.io/metadata.name": "ingress-nginx"}
