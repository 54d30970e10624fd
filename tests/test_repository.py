"""What holds for the repository as a whole."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
)

from schema.build import SDL_FILE
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OURS = ["web", "schema", "resolvers", "subscriptions", "db", "tests"]
LINES_MAX = 600
VERSIONS = ROOT / "db" / "migrations" / "versions"


def tracked(pattern: str) -> list[Path]:
    """Give the files that git knows, or would take; without git, all that look alike."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        skipped = {"node_modules", ".venv", ".data", "dist"}
        found = (path.relative_to(ROOT) for path in ROOT.rglob(pattern))
        return [ROOT / path for path in found if not skipped & set(path.parts)]
    listed = subprocess.run(  # noqa: S603 - only lists
        [
            git,
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            f":(glob)**/{pattern}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Locks


@pytest.mark.parametrize("lock", tracked("requirements*.txt"), ids=name_of)
def test_python_packages_are_locked_by_hash_and_name_no_registry(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.MULTILINE)
    requirements = re.findall(r"^[a-z0-9].*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(requirements) > 20
    for requirement in requirements:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement


@pytest.mark.parametrize("lock", tracked("package-lock.json"), ids=name_of)
def test_node_packages_are_locked_by_hash_and_name_no_registry(lock: Path) -> None:
    content = json.loads(lock.read_text(encoding="utf-8"))
    assert list(addresses(content)) == []
    for name, package in content["packages"].items():
        if name and not package.get("link"):
            assert re.match(r"sha512-", package["integrity"]), name


def addresses(value: object) -> Iterator[str]:
    """Give the texts with an address in them, sponsor pages aside."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "funding":
                yield from addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from addresses(inner)
    elif isinstance(value, str) and "://" in value:
        yield value


def test_there_are_locks() -> None:
    names = {name_of(path) for path in tracked("requirements*.txt") + tracked("package-lock.json")}
    assert names >= {
        "requirements.txt",
        "requirements-dev.txt",
        "web/client/package-lock.json",
        "tests/web/audits/package-lock.json",
        "tests/web/clients/package-lock.json",
    }


# Code


def test_no_installed_package_has_a_name_of_ours() -> None:
    installed = importlib.metadata.packages_distributions()
    assert {name: installed[name] for name in OURS if name in installed} == {}


@pytest.mark.parametrize("folder", OURS)
def test_modules_are_short_and_packages_hold_no_code(folder: str) -> None:
    modules = [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] == folder]
    assert modules
    long = {}
    for module in modules:
        lines = len(module.read_text(encoding="utf-8").splitlines())
        # A migration is history: it is not taken apart afterwards.
        if lines > LINES_MAX and module.parent != VERSIONS:
            long[name_of(module)] = lines
    assert long == {}
    full = [name_of(path) for path in modules if path.name == "__init__.py" and path.stat().st_size]
    assert full == []


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in tracked("*.py")} - {ROOT}
    lacking = [
        name_of(folder)
        for folder in folders
        if not (folder / "__init__.py").exists() and folder not in {VERSIONS, VERSIONS.parent}
    ]
    assert sorted(lacking) == []


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").iterdir()), ids=name_of)
def test_script_can_be_run_and_says_what_it_is_for(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#!/")
    assert lines[1].startswith(("# ", "// "))


# Contract


def test_everything_in_the_contract_is_described() -> None:
    schema = build_schema(SDL_FILE.read_text(encoding="utf-8"))
    undescribed = []
    for type_name, type_ in schema.type_map.items():
        if type_name.startswith("__") or type_name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        described = {type_name: type_.description}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                described[f"{type_name}.{name}"] = field.description
                for argument, definition in field.args.items():
                    described[f"{type_name}.{name}({argument})"] = definition.description
        elif isinstance(type_, GraphQLInputObjectType):
            described |= {f"{type_name}.{n}": f.description for n, f in type_.fields.items()}
        elif isinstance(type_, GraphQLEnumType):
            described |= {f"{type_name}.{n}": v.description for n, v in type_.values.items()}
        undescribed += [name for name, text in described.items() if not (text or "").strip()]
    assert undescribed == []


# Settings


def test_every_setting_is_described_and_in_the_manual() -> None:
    readme = ROOT / "README.md"
    for name, setting in Settings.model_fields.items():
        variable = setting.validation_alias or f"COMMONS_{name.upper()}"
        assert isinstance(variable, str)
        assert setting.description is not None
        assert setting.description.startswith(f"{variable}: ")
        if readme.exists():
            assert f"`{variable}`" in readme.read_text(encoding="utf-8"), variable
