-- Keys are octets, so that no collation folds or trims them.
CREATE TABLE scim_records (
    scope BYTEA NOT NULL,
    resource_type BYTEA NOT NULL,
    id BYTEA NOT NULL,
    version BYTEA NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    keys_digest BYTEA NOT NULL,
    document BYTEA NOT NULL,
    hidden BYTEA,
    PRIMARY KEY (scope, resource_type, id)
);

CREATE INDEX scim_records_modified ON scim_records (scope, resource_type, modified, id);

CREATE TABLE scim_unique_keys (
    scope BYTEA NOT NULL,
    name BYTEA NOT NULL,
    value BYTEA NOT NULL,
    resource_type BYTEA NOT NULL,
    id BYTEA NOT NULL,
    PRIMARY KEY (scope, name, value)
);

CREATE INDEX scim_unique_keys_record ON scim_unique_keys (scope, resource_type, id);

CREATE TABLE scim_index_entries (
    scope BYTEA NOT NULL,
    resource_type BYTEA NOT NULL,
    attribute BYTEA NOT NULL,
    value BYTEA NOT NULL,
    id BYTEA NOT NULL,
    PRIMARY KEY (scope, resource_type, attribute, value, id)
);

CREATE INDEX scim_index_entries_record ON scim_index_entries (scope, resource_type, id);

CREATE TABLE scim_links (
    scope BYTEA NOT NULL,
    resource_type BYTEA NOT NULL,
    id BYTEA NOT NULL,
    attribute BYTEA NOT NULL,
    target BYTEA NOT NULL,
    reference BYTEA,
    detail BYTEA NOT NULL,
    PRIMARY KEY (scope, resource_type, id, attribute, target)
);

CREATE INDEX scim_links_target ON scim_links (scope, target, attribute, resource_type, id);
