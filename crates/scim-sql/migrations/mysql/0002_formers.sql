-- Versions that have been replaced, where somebody wants them kept. `nth` counts those of a record,
-- `turn` those of a scope: what has the lowest was replaced first. `IF NOT EXISTS` as before.
CREATE TABLE IF NOT EXISTS scim_formers (
    scope VARBINARY(255) NOT NULL,
    resource_type VARBINARY(255) NOT NULL,
    id VARBINARY(255) NOT NULL,
    nth BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    version VARBINARY(255) NOT NULL,
    next_version VARBINARY(255) NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    replaced BIGINT NOT NULL,
    octets BIGINT NOT NULL,
    -- None if it is that of the next version; what became of the links on the way to that.
    document LONGBLOB,
    links LONGBLOB,
    PRIMARY KEY (scope, resource_type, id, nth),
    KEY scim_formers_turn (scope, turn)
) ENGINE = InnoDB;

-- How much the former versions of a scope take, and how many there have been.
CREATE TABLE IF NOT EXISTS scim_former_totals (
    scope VARBINARY(255) NOT NULL,
    octets BIGINT NOT NULL,
    turns BIGINT NOT NULL,
    PRIMARY KEY (scope)
) ENGINE = InnoDB;
