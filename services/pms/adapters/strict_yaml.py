"""YAML without its trap: a key written twice is a fault, where YAML would silently keep the last."""

from __future__ import annotations

from typing import Any

import yaml


class OneValueLoader(yaml.SafeLoader):
    """Refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"written twice: {', '.join(twice)}", node.start_mark)
        return super().construct_mapping(node, deep)
