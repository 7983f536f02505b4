-- Keys are octets, so that no collation folds or trims them. `IF NOT EXISTS`: each statement is a
-- transaction of its own here, and a run that was cut off begins again.
CREATE TABLE IF NOT EXISTS scim_records (
    scope VARBINARY(255) NOT NULL,
    resource_type VARBINARY(255) NOT NULL,
    id VARBINARY(255) NOT NULL,
    version VARBINARY(255) NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    keys_digest VARBINARY(64) NOT NULL,
    document LONGBLOB NOT NULL,
    hidden LONGBLOB,
    -- Counted up by who requires the record to exist, so that on a cluster too this and its
    -- deletion are two writes of one row.
    required BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, resource_type, id),
    KEY scim_records_modified (scope, resource_type, modified, id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS scim_unique_keys (
    scope VARBINARY(255) NOT NULL,
    name VARBINARY(255) NOT NULL,
    value VARBINARY(255) NOT NULL,
    resource_type VARBINARY(255) NOT NULL,
    id VARBINARY(255) NOT NULL,
    PRIMARY KEY (scope, name, value),
    KEY scim_unique_keys_record (scope, resource_type, id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS scim_index_entries (
    scope VARBINARY(255) NOT NULL,
    resource_type VARBINARY(255) NOT NULL,
    attribute VARBINARY(255) NOT NULL,
    value VARBINARY(255) NOT NULL,
    id VARBINARY(255) NOT NULL,
    PRIMARY KEY (scope, resource_type, attribute, value, id),
    KEY scim_index_entries_record (scope, resource_type, id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS scim_links (
    scope VARBINARY(255) NOT NULL,
    resource_type VARBINARY(255) NOT NULL,
    id VARBINARY(255) NOT NULL,
    attribute VARBINARY(255) NOT NULL,
    target VARBINARY(1024) NOT NULL,
    reference BLOB,
    detail LONGBLOB NOT NULL,
    PRIMARY KEY (scope, resource_type, id, attribute, target),
    KEY scim_links_target (scope, target, attribute, resource_type, id)
) ENGINE = InnoDB;
