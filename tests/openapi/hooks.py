"""What schemathesis is told besides the document."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Answers may have nothing that the document doesn't mention.

    The document itself leaves them open, so that clients outlive the next release; here that would hide what was
    forgotten in it.
    """
    for name, schema in raw_schema["components"]["schemas"].items():
        if not name.endswith("Request"):
            close(schema)


@schemathesis.hook
def filter_query(context, query):
    """A number or a boolean in the place of a list of names is a name, once it is part of a URL."""
    names = ("attributes", "excludedAttributes")
    return not query or all(isinstance(query.get(name, []), (list, type(None))) for name in names)


def close(schema):
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)
