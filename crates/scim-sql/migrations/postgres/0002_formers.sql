-- Versions that have been replaced, where somebody wants them kept. `nth` counts those of a record,
-- `turn` those of a scope: what has the lowest was replaced first.
CREATE TABLE scim_formers (
    scope BYTEA NOT NULL,
    resource_type BYTEA NOT NULL,
    id BYTEA NOT NULL,
    nth BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    version BYTEA NOT NULL,
    next_version BYTEA NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    replaced BIGINT NOT NULL,
    octets BIGINT NOT NULL,
    -- None if it is that of the next version; what became of the links on the way to that.
    document BYTEA,
    links BYTEA,
    PRIMARY KEY (scope, resource_type, id, nth)
);

CREATE INDEX scim_formers_turn ON scim_formers (scope, turn);

-- How much the former versions of a scope take, and how many there have been.
CREATE TABLE scim_former_totals (
    scope BYTEA NOT NULL,
    octets BIGINT NOT NULL,
    turns BIGINT NOT NULL,
    PRIMARY KEY (scope)
);
