-- Keys are octets, so that nothing folds or trims them. Small rows lie where their key is (no
-- rowid); documents are too large for that.
CREATE TABLE scim_records (
    scope BLOB NOT NULL,
    resource_type BLOB NOT NULL,
    id BLOB NOT NULL,
    version BLOB NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    keys_digest BLOB NOT NULL,
    document BLOB NOT NULL,
    hidden BLOB,
    PRIMARY KEY (scope, resource_type, id)
);

CREATE INDEX scim_records_modified ON scim_records (scope, resource_type, modified, id);

CREATE TABLE scim_unique_keys (
    scope BLOB NOT NULL,
    name BLOB NOT NULL,
    value BLOB NOT NULL,
    resource_type BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (scope, name, value)
) WITHOUT ROWID;

CREATE INDEX scim_unique_keys_record ON scim_unique_keys (scope, resource_type, id);

CREATE TABLE scim_index_entries (
    scope BLOB NOT NULL,
    resource_type BLOB NOT NULL,
    attribute BLOB NOT NULL,
    value BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (scope, resource_type, attribute, value, id)
) WITHOUT ROWID;

CREATE INDEX scim_index_entries_record ON scim_index_entries (scope, resource_type, id);

CREATE TABLE scim_links (
    scope BLOB NOT NULL,
    resource_type BLOB NOT NULL,
    id BLOB NOT NULL,
    attribute BLOB NOT NULL,
    target BLOB NOT NULL,
    reference BLOB,
    detail BLOB NOT NULL,
    PRIMARY KEY (scope, resource_type, id, attribute, target)
) WITHOUT ROWID;

CREATE INDEX scim_links_target ON scim_links (scope, target, attribute, resource_type, id);
