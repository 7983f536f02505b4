-- Versions that have been replaced, where somebody wants them kept. `nth` counts those of a record,
-- `turn` those of a scope: what has the lowest was replaced first.
CREATE TABLE scim_formers (
    scope BLOB NOT NULL,
    resource_type BLOB NOT NULL,
    id BLOB NOT NULL,
    nth INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    version BLOB NOT NULL,
    next_version BLOB NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    -- None if it is that of the next version; what became of the links on the way to that.
    document BLOB,
    links BLOB,
    PRIMARY KEY (scope, resource_type, id, nth)
);

CREATE INDEX scim_formers_turn ON scim_formers (scope, turn);

-- How much the former versions of a scope take, and how many there have been.
CREATE TABLE scim_former_totals (
    scope BLOB NOT NULL,
    octets INTEGER NOT NULL,
    turns INTEGER NOT NULL,
    PRIMARY KEY (scope)
) WITHOUT ROWID;
