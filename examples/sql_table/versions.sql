-- What SCIM needs beside it: `version` counts the changes of a row, and is what statements compare;
-- `etag` is what clients see, and does not come back when a backup is restored, as a count would.
ALTER TABLE employees ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE employees ADD COLUMN etag TEXT NOT NULL DEFAULT '';
ALTER TABLE employees ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
UPDATE employees SET etag = lower(hex(randomblob(16))), changed = hired;

-- The application's own statements know nothing of these columns, and still give a row a new version.
CREATE TRIGGER employees_hired AFTER INSERT ON employees WHEN NEW.etag = '' BEGIN
    UPDATE employees SET etag = lower(hex(randomblob(16))), changed = hired
    WHERE number = NEW.number;
END;
CREATE TRIGGER employees_changed AFTER UPDATE ON employees
WHEN NEW.version = OLD.version AND NEW.etag = OLD.etag BEGIN
    UPDATE employees SET version = OLD.version + 1, etag = lower(hex(randomblob(16))),
        changed = max(OLD.changed + 1, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    WHERE number = NEW.number;
END;
