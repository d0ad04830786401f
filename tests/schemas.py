"""Holds answers against the JSON Schemas of the Reconciliation API, which are in the shared folder."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

SWAGGER = "http://swagger.io/v2/schema.json"


class Schemas:
    """The schemas of one version."""

    def __init__(self, folder: Path):
        self.folder = folder / "schemas"
        registry: Registry[Any] = Registry()
        for path in sorted(self.folder.glob("*.json")):
            content = self._read(path.stem)
            resource = Resource.from_contents(content, default_specification=DRAFT7)
            uris = [content.get("$id", path.name), path.name]
            uris += [content.get("$id", "").rpartition("/")[0] + "/" + path.name]
            uris += [SWAGGER, f"{SWAGGER}#"] if path.stem == "openapi" else []
            registry = registry.with_resources([(uri, resource) for uri in uris])
        self.registry = registry

    def _read(self, name: str) -> Any:
        content = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return content | {"$schema": "http://json-schema.org/draft-07/schema#"}

    def errors(self, name: str, instance: Any) -> list[str]:
        """What is wrong with an instance of a schema."""
        validator = Draft7Validator(self._read(name), registry=self.registry)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]
