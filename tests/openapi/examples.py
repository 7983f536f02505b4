"""Whether the examples of an OpenAPI document are what its schemas say: `examples.py FILE`.

A checker of documents looks at their structure only.
"""

import json
import pathlib
import sys

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = json.loads(pathlib.Path(sys.argv[1]).read_text())
URI = "urn:openapi"
REGISTRY = Registry().with_resource(URI, Resource(DOCUMENT, DRAFT202012))


def main():
    wrong, right = [], 0
    for pointer, schema, example in found(DOCUMENT, ""):
        validator = jsonschema.Draft202012Validator(
            absolute(schema), registry=REGISTRY, format_checker=jsonschema.FormatChecker()
        )
        errors = [error.message for error in validator.iter_errors(example)]
        wrong += [f"{pointer}: {error}" for error in errors]
        right += not errors
    print(f"{right} examples are what their schemas say")
    for line in wrong:
        print(line)
    return 1 if wrong or not right else 0


def found(value, pointer):
    """Each example with the schema beside it."""
    if isinstance(value, dict):
        if "example" in value and "schema" in value:
            yield pointer, value["schema"], value["example"]
        for name, inner in value.items():
            yield from found(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from found(inner, f"{pointer}/{at}")


def absolute(schema):
    """The same schema, whose references are to the document wherever it stands."""
    if isinstance(schema, dict):
        return {
            name: URI + inner if name == "$ref" and isinstance(inner, str) else absolute(inner)
            for name, inner in schema.items()
        }
    if isinstance(schema, list):
        return [absolute(inner) for inner in schema]
    return schema


if __name__ == "__main__":
    sys.exit(main())
