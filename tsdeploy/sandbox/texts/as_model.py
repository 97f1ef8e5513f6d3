"""A legacy worksheet shown as the Model that it would be: ``export_schema_version: V2``.

What moves where is ThoughtSpot's documented correspondence of the two; details of the text are guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox.texts.json_text import to_json
from tsdeploy.sandbox.texts.yaml_text import to_yaml
from tsdeploy.tml.syntax import Mapping as Tree
from tsdeploy.tml.syntax import parse

_TOKEN = re.compile(r"\[([^\[\]]+)\]")
_QUALIFIER = "::"
_FORMULA = "formula_"


def as_model(edoc: str) -> str:
    """The text of a Model for that of a worksheet."""
    document: dict[str, Any] = json.loads(to_json(parse(edoc, "worksheet")))
    worksheet = document.pop("worksheet")
    document["model"] = _Worksheet(worksheet, _aliases(worksheet)).model()
    text = json.dumps(document)
    root = parse(text, "model")
    assert isinstance(root, Tree), "an object was just written"
    return to_yaml(root, text)


def _aliases(worksheet: Mapping[str, Any]) -> dict[str, str]:
    """Path id → what the table is called in the Model: by its name, or by the path where it has several."""
    paths = worksheet.get("table_paths") or []
    tables = [path.get("table") for path in paths]
    return {path["id"]: path["table"] if tables.count(path["table"]) == 1 else path["id"] for path in paths}


@dataclass(frozen=True, slots=True)
class _Worksheet:
    body: Mapping[str, Any]
    aliases: Mapping[str, str]

    def model(self) -> dict[str, Any]:
        kept = {key: self.body[key] for key in ("name", "description") if self.body.get(key)}
        made = {
            "model_tables": [self._table(*path) for path in self.aliases.items()],
            "formulas": [self._formula(formula) for formula in self._listed("formulas")],
            "filters": self._listed("filters"),
            "columns": [self._column(column) for column in self._listed("worksheet_columns")],
            "properties": self.body.get("properties"),
            "parameters": self._listed("parameters"),
        }
        return {**kept, **{key: value for key, value in made.items() if value}}

    def _listed(self, key: str) -> list[dict[str, Any]]:
        return list(self.body.get(key) or [])

    def _table(self, path: str, alias: str) -> dict[str, Any]:
        name = next((one["table"] for one in self._listed("table_paths") if one["id"] == path), alias)
        block = next((one for one in self._listed("tables") if name in (one.get("id"), one.get("name"))), {})
        joins = [
            {"with": self._called(join["destination"]), "referencing_join": join["name"]}
            for join in self._listed("joins")
            if join.get("source") == name and join.get("destination")
        ]
        shown = {
            "name": block.get("name") or name,
            "alias": alias if alias != (block.get("name") or name) else None,
            "fqn": block.get("fqn"),
            "obj_id": block.get("obj_id"),
            "joins": joins,
        }
        return {key: value for key, value in shown.items() if value}

    def _called(self, table: str) -> str:
        return next((self.aliases[one["id"]] for one in self._listed("table_paths") if one["table"] == table), table)

    def _formula(self, formula: Mapping[str, Any]) -> dict[str, Any]:
        name = str(formula["name"])
        expression = _TOKEN.sub(lambda token: f"[{self._token(token[1])}]", str(formula.get("expr", "")))
        return {"id": _FORMULA + name, **formula, "expr": expression}

    def _token(self, token: str) -> str:
        path, qualifier, column = token.partition(_QUALIFIER)
        if qualifier:
            return self.aliases.get(path, path) + _QUALIFIER + column
        return _FORMULA + token if any(one["name"] == token for one in self._listed("formulas")) else token

    def _column(self, column: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(column)
        if "column_id" in shown:
            shown["column_id"] = self._token(str(shown["column_id"]))
        if "formula_id" in shown:
            shown["formula_id"] = _FORMULA + str(shown["formula_id"]).removeprefix(_FORMULA)
        return shown
