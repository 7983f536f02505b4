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


def close(schema):
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)
